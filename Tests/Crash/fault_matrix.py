#!/usr/bin/env python3
"""Does every fault to a server under load, many times, and prints what came of it as a table.

    Tests/Crash/fault_matrix.py [--rounds 10] [--kills N] [--clients 20] [--lanes 1]
                                [--only NAME,…] [--json FILE]

A row is a fault of faults.py, a hostile plugin, or a control: a server that does lose messages, at
which the checker must find something. After every `--part` rounds the log is checked by
invariants.py and a new workspace is begun. Recovery is counted in seconds from the end of a fault
to the first acknowledgement, and to the time when everybody has had one.
"""

import argparse
import asyncio
import json
import random
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from controls import LyingDisk, Mosquitto  # noqa: E402
from fault_run import COUNTS, FaultRun, count  # noqa: E402
from faults import FAULTS  # noqa: E402
from hostile_plugins import PLUGINS, Workshop  # noqa: E402
from hostile_trial import Pace, Trial, Workspace  # noqa: E402

HOSTILE = {"plugin-crash": "crash", "plugin-hang": "hang", "plugin-flood": "frames"}
CONTROLS = {
    "control-lying-disk": "syncs do nothing, then a power cut: acknowledged before the commit",
    "control-mosquitto": "SIGKILL of mosquitto, which has confirmed what it has in memory"}
NAMES = [*FAULTS, *HOSTILE, *CONTROLS]


@dataclass
class Part:
    """What came of some rounds of one fault."""

    rounds: int
    acknowledged: int = 0
    repeats: int = 0
    delays: int = 0
    counts: dict = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    first: list = field(default_factory=list)
    everybody: list = field(default_factory=list)
    found: list = field(default_factory=list)
    # Why it was not run, if so.
    skipped: str | None = None

    def add(self, violations, seed):
        for name, number in count(violations).items():
            self.counts[name] += number
        self.found += [f"seed {seed}: {one}" for one in violations]


class Row(Part):
    """What has come of one fault so far."""

    def __init__(self, name, deed):
        super().__init__(0)
        self.name = name
        self.deed = deed

    @property
    def is_as_it_should_be(self):
        """A control must lose something; the others must not do anything wrong."""
        if self.skipped:
            return True
        is_control = self.name in CONTROLS
        return self.counts["lost"] > 0 if is_control else not any(self.counts.values())

    def take(self, part):
        for name in ("rounds", "acknowledged", "repeats", "delays", "first", "everybody", "found"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        for name, number in part.counts.items():
            self.counts[name] += number
        self.skipped = part.skipped

    def cells(self):
        def seconds(times):
            if not times:
                return "–"
            ordered = sorted(times)
            return f"{ordered[len(ordered) // 2]:.2f} / {ordered[-1]:.2f}"

        return [self.name, str(self.rounds), str(self.acknowledged), str(self.repeats),
                *(str(number) for number in self.counts.values()),
                seconds(self.first), seconds(self.everybody)]


HEADS = ["fault", "rounds", "acknowledged", "sent again", *COUNTS,
         "first, s, median / worst", "everybody, s"]


async def fault_part(name, rounds, number, options):
    """Some rounds of a fault in a fresh workspace."""
    seed = random.randrange(10**6) if options.seed is None else options.seed + number
    fault = FAULTS[name]()
    fault.is_patient = True
    part, run = Part(rounds), FaultRun(fault, rounds, options.clients, seed, options.per_round)
    try:
        part.add(await run.run(), seed)
    except Exception as error:
        part.add([f"the run broke off: {''.join(traceback.format_exception(error))}"], seed)
    figures = run.figures()
    part.acknowledged = figures["acknowledged"]
    part.repeats = figures["sent_again_after_a_crash"]
    part.delays = figures["told_to_wait"]
    part.first, part.everybody = run.first, run.everybody
    return part


async def plugin_part(name, rounds, options):
    """Conversations beside a hostile plugin; hostile_run.py says more about them."""
    plugin = next(one for one in PLUGINS if one.name == HOSTILE[name])
    pace = Pace(customers=options.clients, turns=2, spread=3, pause=(0.5, 1))
    workspace, workshop, part = Workspace(options.clients), Workshop(), Part(rounds)
    try:
        for _ in range(rounds):
            trial = await Trial(workspace, workshop, plugin, pace).run()
            found = trial.findings
            before = sum(part.counts.values())
            for rule, wrong in (("lost", found.lost), ("doubled", found.doubled),
                                ("out of order", found.disordered),
                                ("undelivered", found.undelivered),
                                ("wrong owner", found.misowned),
                                ("unanswered", found.unanswered)):
                part.counts[rule] += len(wrong)
            verdict = trial.verdict()
            named = sum(part.counts.values()) - before
            part.counts["other"] += max(0, len(verdict) - named)
            part.found += verdict
            part.acknowledged += trial.figures["acknowledged"]
    finally:
        workspace.close()
        workshop.close()
    return part


async def control_part(name, options):
    if name == "control-mosquitto":
        if not Mosquitto.program:
            return Part(0, skipped="Debian's package mosquitto is not installed")
        run = Mosquitto()
    else:
        run = LyingDisk(options.clients, options.seed)
    part = Part(1)
    part.add(await run.run(), options.seed)
    part.acknowledged = sum(1 for message in run.evidence.messages if message.acks)
    return part


def do_part(name, rounds, number, options):
    """In a process of its own."""
    try:
        if name in FAULTS:
            return asyncio.run(fault_part(name, rounds, number, options))
        if name in HOSTILE:
            return asyncio.run(plugin_part(name, rounds, options))
        return asyncio.run(control_part(name, options))
    except Exception as error:
        return broken(error)


def broken(error):
    """A part of which nothing is known but why."""
    part = Part(0)
    part.add([f"the run broke off: {''.join(traceback.format_exception(error))}"], None)
    return part


def parts(name, options):
    """How many rounds each part of a row has."""
    if name in CONTROLS:
        return [1]
    rounds = options.kills if name == "kill" and options.kills else options.rounds
    return [min(options.part, rounds - begun) for begun in range(0, rounds, options.part)]


def deed(name):
    if name in HOSTILE:
        return next(one.deed for one in PLUGINS if one.name == HOSTILE[name])
    return CONTROLS.get(name) or FAULTS[name].deed


def run(options):
    names = options.only.split(",") if options.only else NAMES
    if unknown := set(names) - set(NAMES):
        sys.exit(f"there is no {', '.join(unknown)}; there are {', '.join(NAMES)}")
    rows, began = {name: Row(name, deed(name)) for name in names}, time.monotonic()
    with ProcessPoolExecutor(options.lanes) as pool:
        doing = {}
        for name in names:
            begun = 0
            for rounds in parts(name, options):
                doing[pool.submit(do_part, name, rounds, begun, options)] = name
                begun += rounds
        for done in as_completed(doing):
            row = rows[doing[done]]
            # A process that was killed takes what waits for others with it.
            error = done.exception()
            row.take(broken(error) if error else done.result())
            print(f"{row.name}: {row.rounds} rounds, {row.counts}", file=sys.stderr, flush=True)
            if options.json:
                Path(options.json).write_text(json.dumps(
                    {"seconds": time.monotonic() - began, "clients": options.clients,
                     "rows": [vars(one) for one in rows.values()]}, indent=1))
    report(rows.values())
    return 0 if all(row.is_as_it_should_be for row in rows.values()) else 1


def report(rows):
    for line in (HEADS, ["---"] * len(HEADS), *(row.cells() for row in rows)):
        print("|", " | ".join(line), "|")
    print()
    for row in rows:
        print(f"{row.name}: {row.deed}")
    for row in rows:
        if row.skipped:
            print(f"\nskipped: {row.name}: {row.skipped}")
    for row in rows:
        if not row.is_as_it_should_be:
            print(f"\n! {row.name}", *(f"  {one}" for one in row.found[:20]), sep="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--kills", type=int, help="rounds of kill, if not as many as the others")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--per-round", type=int, default=100, help="acknowledgements before each")
    parser.add_argument("--part", type=int, default=20, help="rounds to a workspace")
    parser.add_argument("--lanes", type=int, default=1, help="parts at a time")
    parser.add_argument("--only", help="names of rows, with commas between them")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--json", help="a file for everything that was found")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
