#!/usr/bin/env python3
"""Kills a server under load, again and again, and checks what is left.

    Tests/Crash/crash_run.py --rounds 20 --clients 50 [--seed N] [--json]

A round: customers write and agents answer until enough has been acknowledged, the server is ended
with SIGKILL at a random moment and started again on the same folder, and everybody comes back. At
the end the evidence of all rounds is checked by invariants.py.
"""

import argparse
import asyncio
import contextlib
import io
import json
import random
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from invariants import Evidence, check  # noqa: E402
from load import Helper, Writer  # noqa: E402
from peers import Agent, Customer, Server  # noqa: E402

INTENTS = Path(__file__).resolve().parent / "intents.csv"


class CrashRun:
    def __init__(self, rounds, clients, seed=None, per_round=200, server=None):
        self.rounds = rounds
        self.clients = clients
        # Where kills fall depends on the machine too: a seed repeats the plan, not the moment.
        self.seed = random.randrange(10**6) if seed is None else seed
        self.random = random.Random(self.seed)
        # Acknowledgements to wait for before each kill.
        self.per_round = per_round
        self.server = server or Server()
        self.writers = []
        self.helpers = []
        self.restarts = []
        self.kills_while_starting = 0
        self.databases = 0
        self.other_faults = []
        self.evidence = Evidence()

    async def run(self):
        """Returns the violations."""
        try:
            await asyncio.to_thread(
                self.server.set_up, INTENTS, ("Ann", "Ben"), max(20, self.clients))
            await asyncio.to_thread(self.server.start)
            tasks = self._start_clients()
            for _ in range(self.rounds):
                await self._round(tasks)
            await self._finish(tasks)
            await self._collect()
            if await asyncio.to_thread(self.server.stop) != 0:
                self.other_faults.append("the server did not end with 0 on SIGTERM")
            self.other_faults += self._integrity()
            return check(self.evidence) + self._faults()
        finally:
            await asyncio.to_thread(self.server.close)

    def _start_clients(self):
        seeds = [self.random.random() for _ in range(self.clients + 2)]
        self.writers = [
            Writer(self.server, f"w{n}", seeds[n]) for n in range(self.clients)]
        self.helpers = [
            Helper(self.server, name, seeds[self.clients + n])
            for n, name in enumerate(("Ann", "Ben"))]
        return [asyncio.create_task(one.run()) for one in self.writers + self.helpers]

    @property
    def acknowledged(self):
        everybody = self.writers + self.helpers
        return sum(1 for one in everybody for message in one.messages if message.acks)

    async def _round(self, tasks):
        await self._load(tasks)
        await self.crash()

    async def _load(self, tasks):
        """Waits until enough has been acknowledged, and a random moment longer."""
        wanted = self.acknowledged + self.per_round
        await self._until(lambda: self.acknowledged >= wanted, tasks, "no load arrived")
        await asyncio.sleep(self.random.uniform(0, 0.4))

    async def crash(self):
        await asyncio.to_thread(self.server.kill)
        await asyncio.sleep(self.random.uniform(0, 0.2))
        if self.random.random() < 0.3:
            # Again while it recovers, or just after.
            self.kills_while_starting += 1
            await asyncio.to_thread(self.server.start_and_kill, self.random.uniform(0, 0.4))
        self.over()
        self.restarts.append(await asyncio.to_thread(self.server.start))

    def over(self):
        """Is called when nothing more is done to the server in this round."""

    async def _until(self, holds, tasks, complaint, limit=60):
        end = time.monotonic() + limit
        while not holds():
            for task in tasks:
                if task.done() and task.exception():
                    raise task.exception()
            if time.monotonic() > end:
                raise AssertionError(f"{complaint} within {limit} s\n{self.server.log()[-3000:]}")
            await asyncio.sleep(0.02)

    async def _finish(self, tasks):
        """Everybody gets the answers that are still out; nobody begins anything."""
        for one in self.writers + self.helpers:
            one.is_finishing = True
        await asyncio.wait_for(asyncio.gather(*tasks), 60)

    async def _collect(self):
        ann = Agent(self.server, "Ann")
        rows = await self._quiet(ann)
        evidence = self.evidence
        for row in rows:
            evidence.team[row["c"]] = await ann.history(row["c"])
        for one in self.writers + self.helpers:
            evidence.messages += one.messages
        self.other_faults += [fault async for fault in self._search(ann)]
        heads = {
            c: max(frame["s"] for frame in frames if frame["t"] in ("msg.new", "conv.upd"))
            for c, frames in evidence.team.items()}
        for writer in self.writers:
            await writer.converge(heads)
            evidence.views += writer.screen.views.values()
            reader = Customer(self.server, writer.visitor)
            reader.token = (await reader.session()).json["token"]
            for c in writer.screen.views:
                evidence.public[c] = await reader.history(c)

    async def _quiet(self, agent):
        """The rows once the assistant has nothing left to say, and offers have ended."""
        def heads(rows):
            return {row["c"]: row["s"] for row in rows}

        before, since = None, time.monotonic()
        end = since + 60
        while time.monotonic() < end:
            rows = await agent.conversations()
            if heads(rows) != before:
                before, since = heads(rows), time.monotonic()
            waits = [row for row in rows if row["status"] == "queued"]
            # Offers to agents who are gone expire, or end when their grace is over.
            if time.monotonic() - since > (2.5 if not waits else 4):
                return rows
            await asyncio.sleep(0.3)
        raise AssertionError("the log did not come to rest")

    async def _search(self, agent):
        """The search index, a reader of the log, has caught up with what was acknowledged."""
        everything = [message for writer in self.writers for message in writer.messages]
        for message in self.random.sample(everything, min(30, len(everything))):
            tag = message.text[message.text.index("[") + 1:message.text.index("]")]
            # Alone it would be the beginning of more messages than are listed: "1" of "10" and "100".
            word = message.text.split()[0]
            hits = (await agent.fetch(f"/v1/search?q={tag}+{word}&limit=100")).json["hits"]
            if message.acks and message.acks[0][1] not in {hit["m"] for hit in hits}:
                yield f"search does not find {tag}"

    def _integrity(self):
        """SQLite's own opinion of the files."""
        for path in self.server.folder.glob("*"):
            with open(path, "rb") if path.is_file() else io.BytesIO() as file:
                if file.read(15) != b"SQLite format 3":
                    continue
            with contextlib.closing(sqlite3.connect(path)) as database:
                (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
                self.databases += 1
                if verdict != "ok":
                    yield f"{path.name}: {verdict}"

    def _faults(self):
        faults = list(self.other_faults)
        faults += [fault for writer in self.writers for fault in writer.screen.faults]
        for writer in self.writers:
            # Within the period of reopening nothing a customer writes is refused for good.
            faults += [
                f"{writer.name}: {message.cid} was never acknowledged: {message.refusals}"
                for message in writer.messages if not message.acks]
        return faults + list(self._refusals())

    def _refusals(self):
        """Everybody who is let in by the port is served, and nobody has to read anew."""
        for writer in self.writers:
            yield from (f"{writer.name} was told to resync {c}" for c in writer.resyncs)
        for one in self.writers + self.helpers:
            yield from (f"{one.name} was turned away: {why}" for why in one.turned_away)
            yield from (f"{message.cid} of {one.name} was put off" for message in one.messages
                        if message.delays)

    def figures(self):
        everybody = self.writers + self.helpers
        messages = [message for one in everybody for message in one.messages]
        events = sum(len(frames) for frames in self.evidence.team.values())
        return {
            "rounds": self.rounds, "kills_while_starting": self.kills_while_starting,
            "clients": self.clients, "seed": self.seed,
            "conversations": len(self.evidence.team), "events": events,
            "acknowledged": sum(1 for message in messages if message.acks),
            "sent_again_after_a_crash": sum(writer.repeats for writer in self.writers),
            "answered_twice_alike": sum(1 for message in messages if len(message.acks) > 1),
            "refused_replies": sum(
                1 for message in messages if message.refusals and not message.acks),
            "told_to_wait": sum(message.delays for message in messages),
            "connections": sum(one.connections for one in everybody),
            "gaps_closed_by_sync": sum(writer.screen.gaps for writer in self.writers),
            **self._restart_figures()}

    def _restart_figures(self):
        if not self.restarts:
            return {}
        return {"restart_s_median": round(sorted(self.restarts)[len(self.restarts) // 2], 2),
                "restart_s_worst": round(max(self.restarts), 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--per-round", type=int, default=500)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    run = CrashRun(options.rounds, options.clients, options.seed, options.per_round)
    violations = asyncio.run(run.run())
    figures = {**run.figures(), "violations": len(violations)}
    if options.json:
        print(json.dumps({**figures, "found": [str(one) for one in violations]}))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):28} {value}")
        for violation in violations[:50]:
            print(f"! {violation}")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
