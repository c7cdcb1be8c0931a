"""Houses under a configuration of their own, with a merchant who has a payment."""

import json
from contextlib import contextmanager
from pathlib import Path

from house import House, closing
from merchants import Signer


def configured(house: House, **sections: dict) -> list:
    """The options that have a house start with these sections of a configuration file."""
    file = house.folder / "kaunter.json"
    file.write_text(json.dumps(sections))
    return ["--config", file]


@contextmanager
def opened(binary: Path, folder: Path, **sections: dict):
    """A house on SQLite that runs, its merchant, and a payment of it."""
    with closing(House(binary, folder)) as house:
        house.options = configured(house, **sections)
        house.start(*house.options)
        house.shop = Signer(house)
        house.payment = house.shop.create()
        yield house
