"""Servers that do lose what they acknowledged: the checker must see it, or it sees nothing.

`LyingDisk` is our own server on a disk that confirms a sync and does nothing: its acknowledgements
come before the commit. `Mosquitto` is a broker as it comes, which confirms with PUBACK what it
has in memory only.
"""

import asyncio
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from beneath import Beneath
from crash_run import INTENTS, CrashRun
from invariants import Evidence, Message, check
from peers import Agent, Server, new_cid
from peers.server import free_port


class LyingDisk(CrashRun):
    """Customers at work, a power cut, and the log afterwards; with `is_honest` syncs are real."""

    def __init__(self, clients, seed=None, is_honest=False):
        self.beneath = Beneath()
        self.beneath.keeps_undo = 1
        self.is_honest = is_honest
        server = Server(environment=self.beneath.environment)
        super().__init__(1, clients, seed, server=server)

    async def run(self):
        try:
            await asyncio.to_thread(self.server.set_up, INTENTS, ("Ann", "Ben"))
            await asyncio.to_thread(self.server.start)
            tasks = self._start_clients()
            await self._load(tasks)
            self.beneath.lies = not self.is_honest
            await self._load(tasks)
            await self._finish(tasks)
            await asyncio.to_thread(self.server.kill)
            self.beneath.cut_power(self.server.folder, self.random, "all")
            self.beneath.lies = 0
            await asyncio.to_thread(self.server.start)
            # The sign-ins may be among what was lost.
            self.server.signed_in.clear()
            ann = Agent(self.server)
            for row in await self._quiet(ann):
                self.evidence.team[row["c"]] = await ann.history(row["c"])
            for one in self.writers + self.helpers:
                self.evidence.messages += one.messages
            return check(self.evidence)
        finally:
            await asyncio.to_thread(self.server.close)
            self.beneath.close()


# ---- mosquitto ------------------------------------------------------------------------------

CONNECT, PUBLISH, PUBACK, SUBSCRIBE, PINGREQ, PINGRESP = 1, 3, 4, 8, 12, 13


class Mosquitto:
    """Messages confirmed for a subscriber who is away; SIGKILL; what the subscriber then gets."""

    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")

    def __init__(self, messages=20):
        self.messages = messages
        self.folder = Path(tempfile.mkdtemp(prefix="maitred-mosquitto-"))
        self.port = free_port()
        self.process = None
        self.evidence = Evidence(team={"topic": []})

    async def run(self, is_killed=True):
        try:
            await self._start()
            subscriber = await self._connect("reader")
            await subscriber.send(SUBSCRIBE, 2, struct.pack(">H", 1) + text("topic") + b"\1")
            await subscriber.packet()
            subscriber.close()
            await self._publish()
            if is_killed:
                self._stop()
                await self._start()
            await self._read(await self._connect("reader"))
            return check(self.evidence)
        finally:
            self._stop()
            shutil.rmtree(self.folder, ignore_errors=True)

    async def _publish(self):
        publisher = await self._connect("writer")
        for number in range(1, self.messages + 1):
            message = Message("writer", new_cid(), f"message {number}", "topic", times_sent=1)
            self.evidence.messages.append(message)
            payload = f"{number} {message.cid} {message.text}".encode()
            await publisher.send(PUBLISH, 2, text("topic") + struct.pack(">H", number) + payload)
            kind, body = await publisher.packet()
            if kind == PUBACK and body == struct.pack(">H", number):
                message.acks.append(("topic", message.cid, number))
        publisher.close()

    async def _read(self, subscriber):
        """Everything that is kept for the subscriber, as a log."""
        await subscriber.send(PINGREQ, 0, b"")
        frames, kind = self.evidence.team["topic"], None
        while kind != PINGRESP:
            kind, body = await subscriber.packet()
            if kind == PUBLISH:
                name = 2 + struct.unpack_from(">H", body)[0]
                number, cid, words = body[name + 2:].decode().split(" ", 2)
                frames.append({
                    "t": "msg.new", "s": int(number), "p": int(number) - 1, "d": {
                        "m": cid, "cid": cid, "text": words,
                        "from": {"kind": "customer", "id": "writer"}}})
        subscriber.close()

    async def _start(self):
        settings = self.folder / "mosquitto.conf"
        settings.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {self.folder}/\nuser root\n")
        self.process = subprocess.Popen(
            [self.program, "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                return writer.close()
            except OSError:
                await asyncio.sleep(0.05)
        raise RuntimeError("mosquitto did not come up")

    def _stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    async def _connect(self, name):
        """A session that outlives its connection."""
        session = Session(*await asyncio.open_connection("127.0.0.1", self.port))
        await session.send(CONNECT, 0, text("MQTT") + b"\4\0" + struct.pack(">H", 60) + text(name))
        await session.packet()
        return session


class Session:
    """As much of MQTT 3.1.1 as is needed; packets stay below 128 bytes."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    async def send(self, kind, flags, body):
        self.writer.write(bytes([kind << 4 | flags, len(body)]) + body)
        await self.writer.drain()

    async def packet(self):
        first, length = await asyncio.wait_for(self.reader.readexactly(2), 10)
        return first >> 4, await self.reader.readexactly(length)

    def close(self):
        self.writer.transport.abort()


def text(words):
    return struct.pack(">H", len(words)) + words.encode()
