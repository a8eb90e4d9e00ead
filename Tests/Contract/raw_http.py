"""HTTP of which every byte is the test's own."""

import asyncio
import socket as sockets
from dataclasses import dataclass, field

SOON = 4


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes


@dataclass
class Heard:
    """What came back on a connection."""
    answers: list = field(default_factory=list)
    # How it ended: "closed", "reset", or "open" when nothing more came.
    end: str = "open"
    # Bytes that are no answer.
    rest: bytes = b""

    @property
    def statuses(self):
        return [answer.status for answer in self.answers]


class RawConnection:
    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, server, **options):
        return cls(*await asyncio.open_connection("127.0.0.1", server.port, **options))

    @property
    def port(self):
        return self.writer.get_extra_info("sockname")[1]

    async def send(self, data):
        """False when nobody takes it any more."""
        try:
            self.writer.write(data)
            await self.writer.drain()
            return True
        except ConnectionError:
            return False

    def drop(self):
        self.writer.transport.abort()

    async def answer(self, limit=10, has_body=True):
        """The next answer, in whole; `100 Continue` is one."""
        async with asyncio.timeout(limit):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *lines = head.rstrip("\r\n").split("\r\n")
            assert line.startswith("HTTP/1."), line
            pairs = [one.partition(":") for one in lines]
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            assert len(headers) == len(lines), f"a header twice: {lines}"
            length = int(headers.get("content-length", 0)) if has_body else 0
            return Answer(int(line.split(" ")[1]), headers, await self.reader.readexactly(length))

    async def hear(self, limit=SOON):
        """All that comes until the server hangs up, or nothing comes for so long."""
        heard = Heard()
        while True:
            try:
                heard.answers.append(await self.answer(limit))
            except asyncio.IncompleteReadError as error:
                heard.end, heard.rest = "closed", error.partial
                return heard
            except ConnectionError:
                heard.end = "reset"
                return heard
            except TimeoutError:
                return heard


def narrow():
    """A socket that takes little before it is read."""
    socket = sockets.socket()
    socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    return socket


def held_connections(server):
    """The connections that the server holds, as the kernel lists them: by the other ends' ports,
    how many bytes it has written that have not arrived."""
    with open(f"/proc/{server.process.pid}/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return {int(row[2].split(":")[1], 16): int(row[4].split(":")[0], 16) for row in rows
            if int(row[1].split(":")[1], 16) == server.port and row[3] in ("01", "08")}
