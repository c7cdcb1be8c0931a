"""Requests whose head has been sent and whose body is held back: they are in flight."""

from house import House
from wire import Line, request


class Unfinished(Line):
    """One signed call, of which the last bytes are still to be sent."""

    def __init__(self, house: House, path: str, body: dict, held_back: int = 10):
        super().__init__(house)
        raw, headers = house.shop.signed(body)
        whole = request(headers, raw, path)
        self.rest = whole[-held_back:]
        self.send(whole[:-held_back])

    def finish(self) -> None:
        """Sends the rest."""
        self.send(self.rest)

    def is_at_end(self) -> bool:
        """Whether the server closes the connection, after what it has answered."""
        try:
            return self.file.read(1) == b""
        except ConnectionResetError:
            return True
