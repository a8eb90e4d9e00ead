"""Customers and agents at work on a server to which one fault is done again and again."""

import asyncio
import bisect
import time
from collections import Counter

from crash_run import CrashRun
from invariants import Violation

# How each rule's violations are counted in the table.
COLUMNS = {
    "acknowledged": "lost", "once": "doubled", "order": "out of order",
    "numbering": "out of order", "audience": "out of order", "convergence": "undelivered",
    "ownership": "wrong owner", "answered": "unanswered"}
COUNTS = ["lost", "doubled", "out of order", "undelivered", "wrong owner", "unanswered", "other"]
# Seconds in which everybody must have been heard again.
LIMIT = 60


class FaultRun(CrashRun):
    def __init__(self, fault, rounds, clients, seed=None, per_round=100):
        super().__init__(rounds, clients, seed, per_round, fault.make_server())
        self.fault = fault
        # Seconds from a fault's end to an acknowledgement: the first one, and everybody's first.
        self.first = []
        self.everybody = []
        self._over_at = None

    async def run(self):
        await self.fault.begin(self)
        try:
            return await super().run()
        finally:
            await self.fault.close()

    def over(self):
        """Says that the fault ends now."""
        self._over_at = time.monotonic()

    def _start_clients(self):
        tasks = super()._start_clients()
        for one in self.writers + self.helpers:
            one.patience = self.fault.patience
        for writer in self.writers if self.fault.one_at_a_time else ():
            writer.window = 1
        return tasks

    async def _round(self, tasks):
        await self._load(tasks)
        await self.fault.happen(self)
        await self._until(
            lambda: all(self._heard(writer) for writer in self.writers), tasks,
            "not everybody was heard again", LIMIT)
        times = [self._heard(writer) - self._over_at for writer in self.writers]
        self.first.append(min(times))
        self.everybody.append(max(times))

    def _heard(self, writer):
        """When a writer was first acknowledged after the fault; None: not yet."""
        place = bisect.bisect_right(writer.acknowledged_at, self._over_at)
        return writer.acknowledged_at[place] if place < len(writer.acknowledged_at) else None

    async def _collect(self):
        await super()._collect()
        self.other_faults += await self.fault.aftermath(self)

    def _faults(self):
        return super()._faults() + self.fault.proof()

    def _refusals(self):
        return [] if self.fault.may_refuse else super()._refusals()


def count(violations):
    """How many there are of each kind."""
    counted = Counter(
        COLUMNS[one.rule] if isinstance(one, Violation) else "other" for one in violations)
    return {name: counted[name] for name in COUNTS}
