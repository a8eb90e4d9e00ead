"""A network between clients and a server that can be cut, abandoned or made rough."""

import asyncio
import contextlib
import random


class Link:
    """One client's connection and the one to the server that belongs to it."""

    def __init__(self, proxy, client, server):
        self.proxy = proxy
        # (reader, writer) of both ends.
        self.client = client
        self.server = server
        self.is_abandoned = False

    async def run(self):
        await asyncio.gather(
            self._carry(self.client[0], self.server[1], "in"),
            self._carry(self.server[0], self.client[1], "out"))

    async def _carry(self, reader, writer, way):
        """Carries bytes one way; what a cut holds back arrives when it has healed.

        An end that is gone takes nothing back of what it has sent before.
        """
        arrived = asyncio.Queue()
        reading = asyncio.create_task(_read(reader, arrived))
        try:
            while data := await arrived.get():
                await self.proxy.open_ways[way].wait()
                if self.is_abandoned:
                    return
                await self.proxy.manner(self, writer, data)
            await self.proxy.open_ways[way].wait()
            if not self.is_abandoned:
                writer.write_eof()
        except OSError:
            pass  # The other end is gone; what else comes from this one is nobody's.
        await reading

    def abort(self):
        for _, writer in (self.client, self.server):
            writer.transport.abort()

    def abandon(self):
        """The client is gone and the server does not hear of it: a half-open connection."""
        self.is_abandoned = True
        self.client[1].transport.abort()
        self.server[1].transport.pause_reading()


class Proxy:
    """A TCP proxy on a port of its own; it runs in the event loop that starts it."""

    def __init__(self, port, target):
        self.port = port
        self.target = target
        self.links = set()
        # Kept until the end, so that nobody closes them.
        self.abandoned = []
        self.manner = straight
        self.broken = 0
        self.open_ways = {}
        self._listener = None

    async def start(self):
        self.open_ways = {"in": asyncio.Event(), "out": asyncio.Event()}
        self.heal()
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def _accept(self, reader, writer):
        try:
            server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        link = Link(self, (reader, writer), server)
        self.links.add(link)
        try:
            # Cancelled when the run is over, which asyncio's server of Python 3.11 takes for a fault.
            with contextlib.suppress(asyncio.CancelledError):
                await link.run()
        finally:
            self.links.discard(link)
            if not link.is_abandoned:
                link.abort()

    async def close(self):
        self.heal()
        for link in [*self.links, *self.abandoned]:
            link.abort()
        if self._listener:
            self._listener.close()

    # Faults

    def cut(self, way):
        """Nothing arrives one way: "in" is towards the server, "out" towards clients."""
        self.open_ways[way].clear()

    def heal(self):
        self.manner = straight
        for way in self.open_ways.values():
            way.set()

    def reset(self):
        """Ends every connection; what was on its way is lost."""
        for link in list(self.links):
            link.abort()

    def abandon(self):
        """Every client loses its connection, and the server keeps its half of each."""
        for link in list(self.links):
            link.abandon()
            self.abandoned.append(link)


async def _read(reader, arrived):
    """Notes what comes; at the end of it nothing."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            arrived.put_nowait(data)
    arrived.put_nowait(b"")


async def straight(link, writer, data):
    writer.write(data)
    await writer.drain()


def rough(longest=0.15, breaks=0.01):
    """Delays, splits, and now and then breaks off in the middle of what it carries."""
    async def carry(link, writer, data):
        while data:
            size = random.choice([1, 2, 3, 7, 64, 1000, len(data)])
            await asyncio.sleep(random.uniform(0, longest) if random.random() < 0.3 else 0)
            if random.random() < breaks:
                writer.write(data[:size // 2])
                link.proxy.broken += 1
                await asyncio.sleep(0)
                link.abort()
                return
            writer.write(data[:size])
            await writer.drain()
            data = data[size:]

    return carry
