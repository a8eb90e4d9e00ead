"""A WebSocket of which every byte is the test's own, for what libraries do not let one send."""

import asyncio
import base64
import hashlib
import json
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass

from peers import Customer
from peers.server import ORIGIN

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x37\xfa\x21\x3d"
# Added to each key before it is hashed (RFC 6455, 1.3).
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(opcode, payload=b"", *, fin=True, rsv=0, mask=MASK, form=None):
    """A client's frame; `form` says in how many bytes its length stands, instead of the fewest."""
    length = len(payload)
    form = form if form is not None else 0 if length < 126 else 2 if length < 65_536 else 8
    short = {0: length, 2: 126, 8: 127}[form]
    head = bytes([fin << 7 | rsv << 4 | opcode, (mask is not None) << 7 | short])
    head += length.to_bytes(form) if form else b""
    if mask is None:
        return head + payload
    key = int.from_bytes((mask * (length // 4 + 1))[:length]) if length else 0
    return head + mask + (int.from_bytes(payload) ^ key).to_bytes(length)


def fragments(opcode, *pieces, end=True):
    """Frames that together are one message; without `end` more is to come."""
    last = len(pieces) - 1
    return [frame(opcode if n == 0 else CONTINUATION, piece, fin=end and n == last)
            for n, piece in enumerate(pieces)]


def split(data, size):
    return [data[start:start + size] for start in range(0, len(data), size)]


def ping_request(id="1", length=None):
    """The protocol's own `ping`, which is acknowledged under its id: of a length in bytes."""
    text = json.dumps({"t": "ping", "id": id, "d": {"x": ""}}, ensure_ascii=False).encode()
    if length is not None:
        text = text[:-3] + b"x" * (length - len(text)) + text[-3:]
        assert len(text) == length
    return text


@dataclass
class Ending:
    """What came until the server closed: without a close frame there is no code."""
    code: int | None
    frames: list

    @property
    def answers(self):
        """The ids under which requests were acknowledged."""
        return acknowledged(self.frames)


def acknowledged(frames):
    read = [json.loads(payload) for opcode, payload in frames if opcode == TEXT]
    return [one["re"] for one in read if one["t"] == "ack"]


class RawWebSocket:
    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    async def send(self, *parts, apart=False):
        """Sends parts as they are; with `apart` each goes out by itself."""
        if not apart:
            parts = [b"".join(parts)]
        for part in parts:
            try:
                self.writer.write(part)
                await self.writer.drain()
            except ConnectionError:
                return
            if apart:
                # Lets what was written leave in a segment of its own.
                await asyncio.sleep(0)

    async def frame(self, timeout=10):
        """The next frame of the server: (opcode, payload)."""
        async with asyncio.timeout(timeout):
            first, size = await self.reader.readexactly(2)
            assert size < 128, "the server masks its frames"
            assert first & 0x70 == 0, "the server sets reserved bits"
            if size > 125:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8))
            return first & 15, await self.reader.readexactly(size)

    async def answer(self, id="1"):
        """Reads until a request is acknowledged; returns the frames on the way, without others'."""
        frames = []
        while id not in acknowledged(frames):
            opcode, payload = await self.frame()
            assert opcode != CLOSE, payload
            frames.append((opcode, payload))
        return frames

    async def ending(self, timeout=10, *, to_the_end=False):
        """Reads until the server closes, with a close frame or without.

        Behind a close frame, which is answered as clients do, it reads on with `to_the_end` only:
        after a fault of the client's the server keeps the connection for five seconds.
        """
        frames, code = [], None
        try:
            async with asyncio.timeout(timeout):
                while True:
                    opcode, payload = await self.frame(timeout)
                    if opcode == CLOSE:
                        assert code is None, "a second close frame"
                        code = int.from_bytes(payload[:2]) if payload else 1005
                        if not to_the_end:
                            return Ending(code, frames)
                        await self.send(frame(CLOSE, payload[:2]))
                    else:
                        assert code is None, "a frame behind the close frame"
                        frames.append((opcode, payload))
        except (asyncio.IncompleteReadError, ConnectionError):
            return Ending(code, frames)


class Place:
    """Where to connect, and as whom: one customer's session for any number of sockets."""

    def __init__(self, server):
        self.server = server
        self.token = None

    async def _token(self):
        if self.token is None:
            self.token = (await Customer(self.server).session()).json["token"]
        return self.token

    @asynccontextmanager
    async def unopened(self):
        """A socket after its handshake, before `hello`."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            key = base64.b64encode(os.urandom(16))
            writer.write(
                b"GET /v1/ws HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: maitred.v1\r\n"
                b"Sec-WebSocket-Key: " + key + b"\r\nOrigin: " + ORIGIN.encode() + b"\r\n\r\n")
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            proof = base64.b64encode(hashlib.sha1(key + GUID).digest())
            assert head.startswith(b"http/1.1 101 "), head
            assert b"sec-websocket-accept: " + proof.lower() + b"\r\n" in head, head
            assert b"sec-websocket-extensions" not in head
            yield RawWebSocket(reader, writer)
        finally:
            writer.transport.abort()

    @asynccontextmanager
    async def socket(self):
        """A socket after `welcome`."""
        token = await self._token()
        async with self.unopened() as socket:
            hello = {"t": "hello", "id": "h", "d": {"token": token}}
            await socket.send(frame(TEXT, json.dumps(hello).encode()))
            opcode, payload = await socket.frame()
            assert opcode == TEXT and json.loads(payload)["t"] == "welcome", payload
            yield socket
