"""A client's connection: every question and its answer go through the journal."""

import http.client
from dataclasses import dataclass

from house import House
from journal import ANSWERED, ASKED, BROKEN, Journal

TIMEOUT_SECONDS = 30


class NotThere(Exception):
    """Nobody listens: nothing was asked."""


class BrokenOff(Exception):
    """The answer did not come: what became of the question is unknown."""


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    body: str
    location: str


class Line:
    """One connection at a time, made anew when it broke."""

    def __init__(self, house: House, journal: Journal):
        self._house = house
        self._journal = journal
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, about: dict, method: str, path: str, body: str = "",
            headers: dict | None = None) -> Told:
        """Asks; `about` is what the journal says of it: the order and the act at least."""
        connection = self.reach()
        asked = self._journal.add(ASKED, body=body, **about)
        try:
            connection.request(method, path, body.encode() if body else None, headers or {})
            answer = connection.getresponse()
            told = Told(answer.status, answer.read().decode(), answer.getheader("Location", ""))
        except (OSError, http.client.HTTPException) as error:
            self.close()
            self._journal.add(BROKEN, asked=asked, order=about["order"], act=about["act"])
            raise BrokenOff from error
        # A page is not a promise; where a button led to is.
        kept = "" if told.body.startswith("<!doctype") else told.body
        self._journal.add(ANSWERED, asked=asked, order=about["order"], act=about["act"],
                          status=told.status, body=kept, location=told.location)
        if answer.will_close:
            self.close()
        return told

    def another(self) -> "Line":
        """A second line to the same house."""
        return Line(self._house, self._journal)

    def close(self) -> None:
        """Gives the connection up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def reach(self) -> http.client.HTTPConnection:
        """Has a connection, the old one or a new one."""
        if self._connection is None:
            connection = http.client.HTTPConnection(
                "127.0.0.1", self._house.port, timeout=TIMEOUT_SECONDS)
            try:
                connection.connect()
            except OSError as error:
                connection.close()
                raise NotThere from error
            self._connection = connection
        return self._connection
