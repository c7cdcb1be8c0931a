"""One kind of call to a gateway under load: its rate and latencies, and what it costs."""

from pathlib import Path

import load
from measured import Call
from process import cpu_seconds
from records import Records
from server import Gateway
from shell import say
from stores import PostgreSQLStore, SQLiteStore


def measured(name: str, path: str, gateway: Gateway, store: SQLiteStore | PostgreSQLStore,
             records: Records, connections: int, seconds: int, **sending: object) -> Call:
    """Sends the records to this path for some seconds."""
    head = gateway.folder / f"{name}.head"
    head.write_text(load.head(path, gateway.port, gateway.account), newline="")
    server_before = cpu_seconds(gateway.pid)
    database_before = store.server_cpu_seconds()
    loaded = load.run(records, head, gateway.port, connections, seconds, **sending)
    server = (cpu_seconds(gateway.pid) - server_before) / loaded.requests
    database = (store.server_cpu_seconds() - database_before) / loaded.requests
    say(f"   {name} at {connections}: {loaded.rate:,.0f}/s, p99 {loaded.p99:.1f} ms, "
        f"{server * 1e6:.0f} µs of the server's processor")
    return Call(name, connections, loaded, server * 1e6, database * 1e6)
