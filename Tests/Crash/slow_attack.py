#!/usr/bin/env python3
"""Measures what a normal customer feels of slow clients: alone, and beside 1,000 that attack.

The attackers run on this machine, and give way to everybody else on it. What customers feel of
them all the same is seen by making the attack on another server of this machine too, which nobody
else uses. What comes on top when the attack is on the customer's own server is that server's.

    Tests/Crash/slow_attack.py [--connections 1000] [--seconds 10] [--rounds 3] [--bound 1.5]
                               [--only NAME,…] [--json FILE]

Each attack is one of Debian's slowhttptest, which begins again as soon as the server has let all of
its connections go. Before each there is a spell without: they are compared, so that what else
happens on this machine counts for all. Times are in milliseconds. "Message" is from sending to
the acknowledgement, which comes when it is on disk; "arrival" is a session, a socket and `welcome`;
"departure" is from the goodbye to the end of the connection.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))
sys.path.insert(0, str(HERE))
sys.path.append(str(HERE.parent / "Contract"))
sys.dont_write_bytecode = True

from load import LOST  # noqa: E402
from peers import Customer, Server, new_cid, request  # noqa: E402
from raw_http import held_connections  # noqa: E402

PROGRAM = shutil.which("slowhttptest")
# Attackers have machines of their own: here they run when nobody else wants a processor.
GIVING_WAY = ["chrt", "--idle", "0"]
# Customers who write, and the pause of each between an acknowledgement and the next message.
CUSTOMERS = 4
PAUSE = 0.02
# One in so many messages is the last of its connection: its customer arrives anew.
STAY = 10
KINDS = ("messages", "arrivals", "departures")
# Counting takes as long as customers wait for an answer: not in the process that measures them.
COUNTER = ProcessPoolExecutor(
    1, multiprocessing.get_context("spawn"), initializer=os.nice, initargs=(10,))
# Seconds in which the attackers must all be there, and all be gone.
PATIENCE = 60


@dataclass
class Attack:
    name: str
    deed: str
    options: list
    # Seconds after which the server has let go of whoever does this.
    ends_within: int


def attacks(server, link):
    """What is done to a server; `link` leads to a large file of it."""
    return [
        Attack("slow-header", "heads that never end, a line every 3 s",
               ["-H", "-i", "3", "-x", "24", "-u", f"{server.base}/healthz"], 15),
        Attack("slow-body", "bodies of 8 KB, 24 bytes every 3 s",
               ["-B", "-t", "POST", "-i", "3", "-s", "8192", "-x", "24",
                "-u", f"{server.base}/v1/auth/login"], 25),
        Attack("slow-read", "a file of 8 MB that is asked for and read 32 bytes at a time",
               ["-X", "-w", "1", "-y", "512", "-n", "5", "-z", "32", "-u", server.base + link],
               45)]


class Attackers:
    """One attack under way, again and again until it is stopped, or once beside other tests."""

    def __init__(self, attack, connections, *, once=False):
        gives_way = [] if once else GIVING_WAY
        self.command = [*gives_way, PROGRAM, *attack.options, "-c", str(connections), "-r", "500",
                        "-l", "3600", "-p", "20", "-v", "0"]
        self.once = once
        self._process = None
        self._task = None

    async def __aenter__(self):
        self._task = asyncio.ensure_future(self._go_on())
        return self

    async def __aexit__(self, *_):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _go_on(self):
        while True:
            self._process = await asyncio.create_subprocess_exec(
                *self.command, stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
            await self._process.wait()
            if self.once:
                return


@dataclass
class Times:
    """Seconds that were waited, and what went wrong meanwhile."""
    messages: list = field(default_factory=list)
    arrivals: list = field(default_factory=list)
    departures: list = field(default_factory=list)
    held: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    def add(self, other):
        for name, values in vars(other).items():
            getattr(self, name).extend(values)


async def stay(server, times, until):
    """A customer arrives, writes some messages and leaves."""
    began = time.monotonic()
    customer = Customer(server)
    await customer.open()
    times.arrivals.append(time.monotonic() - began)
    c = None
    for _ in range(STAY):
        if time.monotonic() > until:
            break
        began = time.monotonic()
        ack = await customer.do("msg.send", {"cid": new_cid(), "text": "Is anybody there?"}, c)
        times.messages.append(time.monotonic() - began)
        c = ack["c"]
        await asyncio.sleep(PAUSE)
    if c:
        await customer.do("end", c=c)
    began = time.monotonic()
    await customer.close()
    times.departures.append(time.monotonic() - began)


async def spell(server, seconds):
    """What normal customers feel for a while."""
    times = Times()
    until = time.monotonic() + seconds

    async def come_and_go():
        while time.monotonic() < until:
            try:
                await stay(server, times, until)
            except (*LOST, AssertionError) as error:
                times.faults.append(f"{type(error).__name__}: {error}"[:200])

    async def count():
        loop = asyncio.get_running_loop()
        while time.monotonic() < until:
            times.held.append(
                await loop.run_in_executor(COUNTER, count_held, server.port, server.process.pid))
            await asyncio.sleep(0.5)

    await asyncio.gather(count(), *[come_and_go() for _ in range(CUSTOMERS)])
    return times


def count_held(port, pid):
    return len(held_connections(SimpleNamespace(port=port, process=SimpleNamespace(pid=pid))))


async def until_held(server, accepts, what):
    """Waits for a number of connections; returns the seconds it took."""
    began = time.monotonic()
    while not accepts(len(held_connections(server))):
        if time.monotonic() - began > PATIENCE:
            raise AssertionError(f"{what}: {len(held_connections(server))} are held")
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def large_file(server):
    """A link to a file of 8 MB, good for ten minutes."""
    customer = Customer(server)
    await customer.open()
    bearer = {"authorization": f"Bearer {customer.token}"}
    reply = await request(
        "POST", f"{server.base}/v1/uploads?name=long.txt", b"plain words " * 700_000, bearer)
    assert reply.status == 201, reply.body
    said = {"cid": new_cid(), "text": "", "uploads": [reply.json["upload_id"]]}
    ack = await customer.do("msg.send", said)
    message = await customer.message_of("customer", ack["c"])
    file = message["d"]["files"][0]["id"]
    reply = await request("POST", f"{server.base}/v1/files/links", {"ids": [file]}, bearer)
    await customer.close()
    return reply.json["links"][file]


def quantile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


class Row:
    """What normal customers felt without an attack, of one on another server, and of one on theirs.
    """

    def __init__(self, attack):
        self.attack = attack
        self.idle, self.elsewhere, self.beside = Times(), Times(), Times()

    @property
    def spells(self):
        return (self.idle, self.elsewhere, self.beside)

    @property
    def faults(self):
        return [fault for times in self.spells for fault in times.faults]

    def ratio(self, kind, to):
        """By how much the p99 under attack is above another spell's."""
        return quantile(getattr(self.beside, kind), 0.99) / quantile(getattr(to, kind), 0.99)

    def is_within(self, bound):
        return not self.faults and all(self.ratio(kind, self.idle) <= bound for kind in KINDS)

    def cells(self):
        held = f"{quantile(self.beside.held, 0.1)}–{max(self.beside.held)}"
        cells = [self.attack.name, held, str(len(self.beside.messages))]
        for kind in KINDS:
            cells += [
                " / ".join(f"{quantile(getattr(times, kind), share) * 1000:.1f}"
                           for share in (0.5, 0.99)) for times in self.spells]
            cells += [f"{self.ratio(kind, to):.2f}" for to in (self.idle, self.elsewhere)]
        return [*cells, str(len(self.faults))]


HEADS = ["attack", "connections held", "messages",
         *(head for kind in ("message", "arrival", "departure")
           for head in (f"{kind} idle, p50 / p99", "attack elsewhere", "attack here",
                        "× idle p99", "× elsewhere p99")), "faults"]


async def measure(server, other, name, options, row):
    row.idle.add(await spell(server, options.seconds))
    for target, times in ((other, row.elsewhere), (server, row.beside)):
        # The link to the file does not live for long.
        attack = next(one for one in attacks(target, await large_file(target)) if one.name == name)
        async with Attackers(attack, options.connections):
            await until_held(target, lambda held: held >= options.connections * 0.9,
                             f"{name}: they do not all come")
            times.add(await spell(server, options.seconds))
        await until_held(target, lambda held: held < options.connections * 0.1,
                         f"{name}: they do not go")


async def run(options):
    server, other = Server(), Server()
    try:
        for one in (server, other):
            one.set_up()
            one.start()
        rows = [Row(attack) for attack in attacks(server, "")]
        if options.only:
            rows = [row for row in rows if row.attack.name in options.only.split(",")]
        await spell(server, 2)
        for number in range(options.rounds):
            for row in rows:
                await measure(server, other, row.attack.name, options, row)
                print(f"round {number + 1}:", *row.cells(), sep="  ", file=sys.stderr, flush=True)
    finally:
        server.close()
        other.close()
    report(rows, options)
    return 0 if all(row.is_within(options.bound) for row in rows) else 1


def report(rows, options):
    for line in (HEADS, ["---"] * len(HEADS), *(row.cells() for row in rows)):
        print("|", " | ".join(line), "|")
    print()
    for row in rows:
        print(f"{row.attack.name}: {row.attack.deed}")
        if not row.is_within(options.bound):
            print(f"! more than {options.bound} times idle, or faults", *row.faults[:20],
                  sep="\n  ")
    if options.json:
        options.json.write_text(json.dumps(
            [{**vars(row.attack), "idle": vars(row.idle), "elsewhere": vars(row.elsewhere),
              "beside": vars(row.beside)}
             for row in rows]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10, help="of each spell")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bound", type=float, default=1.5, help="times the idle p99, at most")
    parser.add_argument("--only", help="names of attacks, with commas between them")
    parser.add_argument("--json", help="a file for every time that was measured")
    options = parser.parse_args()
    if PROGRAM is None:
        sys.exit("slow_attack: slowhttptest is not installed: scripts/install-packages --test")
    options.json = options.json and Path(options.json).resolve()
    # It writes its reports where it is started.
    os.chdir(tempfile.mkdtemp(prefix="maitred-slow-"))
    return asyncio.run(run(options))


if __name__ == "__main__":
    sys.exit(main())
