"""Somebody else who has a store's only writer."""

import sqlite3
from contextlib import closing, contextmanager

from house import House


@contextmanager
def held_writer(house: House):
    """The file's write lock, taken as a careless backup or a shell of SQLite would take it."""
    with closing(sqlite3.connect(house.data / "kaunter.sqlite", isolation_level=None,
                                 check_same_thread=False)) as file:
        file.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            file.execute("ROLLBACK")
