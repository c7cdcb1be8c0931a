"""Takes one payment from a sandbox that runs already, and prints what its merchant was told.

  python3 Tests/Operate/inside.py BINARY DATA-FOLDER PORT
"""

import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "Program"), str(TESTS / "Examples")]

from house import House  # noqa: E402
from merchant import Merchant  # noqa: E402
from shop import open_shop  # noqa: E402


def main(binary: str, data: str, port: str) -> None:
    """A merchant, a payment, its outcome, its notification."""
    with tempfile.TemporaryDirectory() as folder, open_shop() as receiver:
        house = House(Path(binary), Path(folder))
        house.store = ["--data", data]
        house.port = int(port)
        shop = Merchant(house)
        # A name, so that it has to be looked up.
        target = receiver.url.replace("127.0.0.1", "localhost") + "/told"
        payment = shop.create(notification_endpoint_url=target)
        house.simulate(payment["uuid"], outcome="paid")
        print("told:", receiver.next("/told").fields()["payment_status"])


main(*sys.argv[1:])
