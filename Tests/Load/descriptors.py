"""How many connections this machine lets a process have."""

import resource

# What a process opens beside its connections.
RESERVE = 200


def raise_limit() -> int:
    """Lets this process, and those it starts, open all the files that they may; how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def connections(wanted: int) -> int:
    """So many connections, or as many as a process may have here."""
    return min(wanted, raise_limit() - RESERVE)
