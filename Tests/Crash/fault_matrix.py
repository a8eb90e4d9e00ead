#!/usr/bin/env python3
"""Does every fault to a server under load, many times, and prints what came of it as a table.

    Tests/Crash/fault_matrix.py [--rounds 10] [--kills N] [--clients 20] [--only NAME,…]
                                [--json FILE]

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


class Row:
    """What has come of one fault so far."""

    def __init__(self, name, deed):
        self.name = name
        self.deed = deed
        self.rounds = self.acknowledged = self.repeats = self.delays = 0
        self.counts = dict.fromkeys(COUNTS, 0)
        self.first = []
        self.everybody = []
        self.found = []
        # Why it was not run, if so.
        self.skipped = None

    @property
    def is_as_it_should_be(self):
        """A control must lose something; the others must not do anything wrong."""
        if self.skipped:
            return True
        is_control = self.name in CONTROLS
        return self.counts["lost"] > 0 if is_control else not any(self.counts.values())

    def add(self, violations, seed):
        for name, number in count(violations).items():
            self.counts[name] += number
        self.found += [f"seed {seed}: {one}" for one in violations]

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


async def fault_row(row, rounds, options):
    """Runs a fault in parts, a fresh workspace each."""
    while row.rounds < rounds:
        part = min(options.part, rounds - row.rounds)
        seed = random.randrange(10**6) if options.seed is None else options.seed + row.rounds
        fault = FAULTS[row.name]()
        fault.is_patient = True
        run = FaultRun(fault, part, options.clients, seed, options.per_round)
        try:
            row.add(await run.run(), seed)
        except Exception as error:
            row.add([f"the run broke off: {''.join(traceback.format_exception(error))}"], seed)
        row.rounds += part
        figures = run.figures()
        row.acknowledged += figures["acknowledged"]
        row.repeats += figures["sent_again_after_a_crash"]
        row.delays += figures["told_to_wait"]
        row.first += run.first
        row.everybody += run.everybody
        print(f"{row.name}: {row.rounds} rounds, {row.counts}", file=sys.stderr, flush=True)


async def plugin_row(row, rounds, options):
    """Runs conversations beside a hostile plugin; hostile_run.py says more about them."""
    plugin = next(one for one in PLUGINS if one.name == HOSTILE[row.name])
    pace = Pace(customers=options.clients, turns=2, spread=3, pause=(0.5, 1))
    workspace, workshop = Workspace(options.clients), Workshop()
    try:
        for number in range(rounds):
            trial = await Trial(workspace, workshop, plugin, pace).run()
            found = trial.findings
            for name, wrong in (("lost", found.lost), ("doubled", found.doubled),
                                ("out of order", found.disordered),
                                ("unanswered", found.unanswered)):
                row.counts[name] += len(wrong)
            verdict = trial.verdict()
            row.counts["other"] += max(0, len(verdict) - sum(row.counts.values()))
            row.found += verdict
            row.rounds = number + 1
            row.acknowledged += trial.figures["acknowledged"]
    finally:
        workspace.close()
        workshop.close()


async def control_row(row, options):
    row.rounds = 1
    if row.name == "control-mosquitto":
        if not Mosquitto.program:
            row.rounds, row.skipped = 0, "Debian's package mosquitto is not installed"
            return
        run = Mosquitto()
    else:
        run = LyingDisk(options.clients, options.seed)
    row.add(await run.run(), options.seed)
    row.acknowledged = sum(1 for message in run.evidence.messages if message.acks)


async def run(options):
    names = options.only.split(",") if options.only else NAMES
    if unknown := set(names) - set(NAMES):
        sys.exit(f"there is no {', '.join(unknown)}; there are {', '.join(NAMES)}")
    rows, began = [], time.monotonic()
    for name in names:
        if name in FAULTS:
            row = Row(name, FAULTS[name].deed)
            rounds = options.kills if name == "kill" and options.kills else options.rounds
            await fault_row(row, rounds, options)
        elif name in HOSTILE:
            row = Row(name, next(one.deed for one in PLUGINS if one.name == HOSTILE[name]))
            await plugin_row(row, options.rounds, options)
        else:
            row = Row(name, CONTROLS[name])
            await control_row(row, options)
        rows.append(row)
        if options.json:
            Path(options.json).write_text(json.dumps(
                {"seconds": time.monotonic() - began, "clients": options.clients,
                 "rows": [vars(one) for one in rows]}, indent=1))
    report(rows)
    return 0 if all(row.is_as_it_should_be for row in rows) else 1


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
    parser.add_argument("--only", help="names of rows, with commas between them")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--json", help="a file for everything that was found")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
