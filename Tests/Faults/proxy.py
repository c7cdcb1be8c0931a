"""A way to PostgreSQL that is cut at the n-th message of its protocol, in either direction."""

import asyncio
import socket
import struct
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

CHUNK_BYTES = 65_536
CLOSE_TIMEOUT_SECONDS = 5
# What is closed with this waits for nothing, and tells the other side of a broken connection.
RESET = struct.pack("ii", 1, 0)
ASKED, ANSWERED = "asked", "answered"
BEFORE, AFTER, INSTEAD = "before", "after", "instead"
# What a lie sends instead of a COMMIT, and what it makes of the answer.
ROLLBACK = b"Q" + struct.pack("!I", 13) + b"ROLLBACK\0"
ROLLED_BACK = b"C" + struct.pack("!I", 13) + b"ROLLBACK\0"
BEGIN, COMMIT = b"BEGIN", b"COMMIT\0"
COMMITTED = b"C" + struct.pack("!I", 11) + b"COMMIT\0"


@dataclass
class Cut:
    """At which message the way is cut, whether it stays so, and what was cut."""

    side: str
    when: str
    target: int = 1
    stays: bool = False
    # Only messages that hold this count, and only in a transaction that was asked for this.
    only: bytes = b""
    within: bytes = b""
    calls: int = 0
    cut: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.cut)

    def __str__(self) -> str:
        return f"{self.when} message {' '.join(self.cut[:1]) or 'none'} was {self.side}"

    def is_here(self, side: str, message: bytes, is_first: bool, asked: bytes) -> bool:
        """Counts a message, and says whether the way is cut at it."""
        if self.stays and self.cut:
            return True
        if side != self.side or self.only not in message or self.within not in asked:
            return False
        self.calls += 1
        if self.calls != self.target:
            return False
        self.cut.append("of the start" if is_first else chr(message[0]))
        return True

    def lie(self, side: str, message: bytes) -> bytes:
        """What is passed on instead: no COMMIT, and a word that it was done."""
        if side == self.side and self.only in message:
            self.cut.append(chr(message[0]))
            return ROLLBACK
        return COMMITTED if message == ROLLED_BACK else message


class Asked:
    """What was asked on one connection since its last transaction began."""

    def __init__(self):
        self.messages = b""

    def take(self, side: str, message: bytes) -> None:
        """Notes a message."""
        if side == ASKED:
            self.messages = message if BEGIN in message else self.messages + message


class Messages:
    """Cuts a stream into messages: a type and a length, but for the first that a client sends."""

    def __init__(self, begins_bare: bool):
        self.is_first = begins_bare
        self._rest = b""

    def of(self, data: bytes) -> list[tuple[bytes, bool]]:
        """The messages that are whole by now, and whether each is the bare first one."""
        self._rest += data
        found = []
        while len(self._rest) >= (start := 0 if self.is_first else 1) + 4:
            length = start + int.from_bytes(self._rest[start:start + 4])
            if len(self._rest) < length:
                break
            found.append((self._rest[:length], self.is_first))
            self._rest, self.is_first = self._rest[length:], False
        return found


class Proxy:
    """Listens on the loopback and leads to the server of a URL, until it is told to cut."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        options = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._host = options.get("host") or parts.hostname or "127.0.0.1"
        self._port = int(options.get("port") or parts.port or 5432)
        self._plan: Cut | None = None
        self._clients: dict[asyncio.Task, asyncio.StreamWriter] = {}
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop).result()
        port = self._server.sockets[0].getsockname()[1]
        user = options.get("user") or parts.username or "postgres"
        # The messages are to be read here: nothing may hide them.
        self.url = (f"postgresql://{user}@127.0.0.1:{port}{parts.path}"
                    "?sslmode=disable&gssencmode=disable")

    def arm(self, cut: Cut) -> None:
        """Cuts the way so from now on."""
        self._plan = cut

    def disarm(self) -> Cut:
        """Leads on again, and tells what was cut."""
        plan, self._plan = self._plan, None
        return plan

    def fired(self) -> bool:
        """Whether the way was cut since it was armed."""
        return bool(self._plan)

    def close(self) -> None:
        """Cuts all connections and listens no more."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(2 * CLOSE_TIMEOUT_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _end(self) -> None:
        self._server.close()
        for writer in self._clients.values():
            writer.close()
        if self._clients:
            await asyncio.wait(self._clients, timeout=CLOSE_TIMEOUT_SECONDS)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients[asyncio.current_task()] = writer
        try:
            plan = self._plan
            if not (plan and plan.stays and plan.cut):
                await self._lead(reader, writer)
        except OSError:
            pass  # Either side may go at any time: that is what this is for.
        finally:
            writer.close()
            del self._clients[asyncio.current_task()]

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._host.startswith("/"):
            upstream = await asyncio.open_unix_connection(f"{self._host}/.s.PGSQL.{self._port}")
        else:
            upstream = await asyncio.open_connection(self._host, self._port)
        asked = Asked()
        ways = [
            asyncio.create_task(self._pump(ASKED, reader, upstream[1], writer, asked)),
            asyncio.create_task(self._pump(ANSWERED, upstream[0], writer, writer, asked)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            writer.close()
            # The server is not cut off from what it was sent: it does it, and then sees the end.
            if upstream[1].can_write_eof() and not upstream[1].is_closing():
                upstream[1].write_eof()
            ways[0].cancel()
            await asyncio.wait(ways, timeout=CLOSE_TIMEOUT_SECONDS)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            upstream[1].close()

    async def _pump(self, side: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter,
                    client: asyncio.StreamWriter, asked: Asked) -> None:
        messages = Messages(begins_bare=side == ASKED)
        while data := await source.read(CHUNK_BYTES):
            if client.is_closing():
                continue  # The server speaks to nobody: only its end is of interest.
            for message, is_first in messages.of(data):
                plan = self._plan
                if plan and plan.when == INSTEAD:
                    sink.write(plan.lie(side, message))
                    continue
                asked.take(side, message)
                is_here = plan is not None and plan.is_here(
                    side, message, is_first, asked.messages)
                if not is_here or plan.when == AFTER and plan.calls == plan.target:
                    sink.write(message)
                if is_here:
                    await sink.drain()
                    self._break(client, plan)
                    if side == ASKED:
                        return
                    break
            else:
                await sink.drain()

    def _break(self, client: asyncio.StreamWriter, plan: Cut) -> None:
        """Ends a client's connection, by turns with a farewell and without."""
        if plan.target % 2:
            client.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.transport.abort()
        else:
            client.close()
