"""Customers on a server beside a plugin that means harm: what they noted, and what became of it."""

import asyncio
import contextlib
import ctypes
import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from crash_run import INTENTS
from hostile_judge import CRM, judge
from invariants import Evidence, Message
from load import LOST, Screen
from peers import ROOT, Agent, Customer, Server, identity, new_cid
from peers.server import binary
from watching import eventually

# What customers are told while a filter that fails closed has failed.
REFUSAL = "unprocessable: a check could not be made; try again"
# One after another; sentences that the assistant is sure of.
QUESTIONS = ["How do I reset my password?", "Where is my parcel?", "Where do I find my invoice?"]


def facts_of(number):
    """What the customers' file says of one."""
    return {"plan": ("Free", "Team", "Business")[number % 3], "seats": number + 1}


# ---- Customers ------------------------------------------------------------------------------


@dataclass
class Turn:
    """Seconds from saying something to its acknowledgement and to the answer; None: never."""

    acknowledged: float | None = None
    answered: float | None = None


class Caller(Customer):
    """Asks one question after another and notes when what came."""

    def __init__(self, server, number, patience):
        token = identity(server.site, f"caller-{number}", email=f"c{number}@example.com")
        super().__init__(server, identity=token)
        self.number = number
        self.patience = patience
        self.screen = Screen(f"caller {number}")
        self.messages = []
        self.turns = []
        self.faults = []
        self.c = None
        self._came = {}

    def received(self, frame):
        if frame["t"] in ("msg.new", "conv.upd"):
            self._came[frame["c"], frame["s"]] = time.monotonic()
            if not self.screen.show(frame):
                self.faults.append(f"caller {self.number}: a gap before {frame['s']}")
        elif frame["t"] in ("ack", "err"):
            self._came[frame.get("re")] = time.monotonic()
        elif frame["t"] in ("resync", "reconnect"):
            self.faults.append(f"caller {self.number} was sent {frame['t']}")

    async def talk(self, turns, delay, pause):
        """Begins after a delay; rests between an answer and the next question."""
        await asyncio.sleep(delay)
        for number in range(turns):
            try:
                await self._turn(QUESTIONS[(self.number + number) % len(QUESTIONS)])
            except (*LOST, AssertionError) as error:
                line = (str(error) or type(error).__name__).splitlines()[0]
                self.faults.append(f"caller {self.number}, turn {number}: {line}")
                if not self.is_open:
                    return
            if number + 1 < turns:
                await asyncio.sleep(random.uniform(*pause))

    async def _turn(self, text):
        message, turn = Message(self.contact, new_cid(), text, self.c, times_sent=1), Turn()
        self.messages.append(message)
        self.turns.append(turn)
        mark, sent = len(self.frames), time.monotonic()
        reply = await self.ask(
            "msg.send", {"cid": message.cid, "text": text}, self.c, self.patience)
        turn.acknowledged = self._came[reply["re"]] - sent
        if reply["t"] == "err":
            message.refusals.append(f"{reply['d']['code']}: {reply['d']['title']}")
            return
        self.c = message.c = reply["c"]
        message.acks.append((reply["c"], reply["d"]["m"], reply["d"]["s"]))
        answer = await self.until(
            lambda frame: frame["t"] == "msg.new" and frame["c"] == self.c
            and frame["d"]["from"]["kind"] != "customer" and frame["s"] > reply["d"]["s"],
            self.patience, mark)
        turn.answered = self._came[self.c, answer["s"]] - sent

    async def arrived(self, head, limit=5):
        """Waits for what is on its way; the checker says what has not come."""
        end = time.monotonic() + limit
        while self.screen.last(self.c) < head and time.monotonic() < end:
            await asyncio.sleep(0.05)


# ---- A trial --------------------------------------------------------------------------------


class Workspace:
    """A data folder made once and copied for each trial, with a file of customers for the CRM."""

    def __init__(self, customers):
        self.folder = Path(tempfile.mkdtemp(prefix="maitred-workspace-"))
        server = Server(self.folder)
        server.set_up(INTENTS)
        self.site = server.site
        lines = ["email,plan,seats"] + [
            f"c{n}@example.com,{facts_of(n)['plan']},{facts_of(n)['seats']}"
            for n in range(customers + 1)]
        (self.folder / "customers.csv").write_text("\n".join(lines) + "\n")

    def server(self, bundles, plugins):
        """A server on a copy, with plugins that are switched on: id → configuration."""
        folders = [os.environ.get("MAITRED_PLUGIN_FOLDERS") or str(ROOT / "Plugins"), *bundles]
        server = WatchedServer(environment={"MAITRED_PLUGIN_FOLDERS": ",".join(map(str, folders))})
        shutil.copytree(self.folder, server.folder, dirs_exist_ok=True)
        settings = {CRM: {"file": "customers.csv"}, **plugins}
        (server.folder / "plugins.json").write_text(
            json.dumps({id: {"config": config} for id, config in settings.items()}))
        server.site = self.site
        return server

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class WatchedServer(Server):
    """A server whose plugins and use of the machine are looked at from outside."""

    # Whether it has a session of its own, so that what its plugins compute is not taken from its
    # clients, and that session's place among all others, as `nice` has it; below 0 is for root.
    is_apart = False
    priority = 0

    def _spawn(self):
        if not self.is_apart:
            return super()._spawn()
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [binary(), "serve", "--data", str(self.folder),
                 "--listen", f"127.0.0.1:{self.port}", *self.arguments],
                stdout=subprocess.PIPE, stderr=log, text=True, env=self.environment,
                start_new_session=True, preexec_fn=_die_with_parent)
        if self.priority:
            Path(f"/proc/{self.process.pid}/autogroup").write_text(str(self.priority))

    def plugins(self):
        return {plugin["id"]: plugin
                for plugin in json.loads(self.command("plugin", "list", "--json"))}

    def journal(self, id):
        lines = json.loads(self.command("plugin", "logs", id, "--json"))
        return [line["text"].removeprefix("plugin says: : ").removesuffix(": ")[:300]
                for line in lines]

    def usage(self):
        """(seconds of the server, seconds of its plugins, resident MB, most resident MB)."""
        def stat(pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return int(fields[1]), [int(one) for one in fields[11:15]]

        _, (user, system, ended_user, ended_system) = stat(self.process.pid)
        plugins = ended_user + ended_system
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parent, ticks = stat(place.name)
                plugins += sum(ticks[:2]) if parent == self.process.pid else 0
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        resident, most = (
            int(re.search(rf"{name}:\s*(\d+)", status)[1]) / 1024 for name in ("VmRSS", "VmHWM"))
        per_second = os.sysconf("SC_CLK_TCK")
        return (user + system) / per_second, plugins / per_second, resident, most


def _die_with_parent():
    """Whoever ends this program's session does not reach a server in another one."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


@dataclass(frozen=True)
class Pace:
    customers: int = 100
    turns: int = 3
    # Seconds over which conversations begin: long enough for a plugin to be ended and come back.
    spread: float = 16
    pause: tuple = (3, 5)
    # Seconds after which a customer gives up waiting.
    patience: float = 20


class Trial:
    """Customers on one server, with one plugin beside the well-behaved one, or with none."""

    def __init__(self, workspace, workshop, plugin, pace, extra=None):
        self.workspace = workspace
        self.workshop = workshop
        self.plugin = plugin
        self.pace = pace
        self.extra = extra or {}
        self.findings = None
        self.evidence = Evidence()
        self.facts = {}
        self.faults = []
        self.state = {}
        self.crm = {}
        self.account = ""
        self.breaches = []
        self.after = []
        self.figures = {}

    async def run(self):
        bundles = [self.workshop.build(self.plugin)] if self.plugin else []
        plugins = {self.plugin.id: {}} if self.plugin else {}
        self.server = self.workspace.server(bundles, {**plugins, **self.extra})
        try:
            self.figures["start_s"] = await asyncio.to_thread(self.server.start)
            # The port is open before plugins are up.
            await eventually(self._crm_runs)
            await self._converse()
            await asyncio.to_thread(self._ask_after_plugins)
            await self._ask_for_rows()
            if self.plugin:
                await self._switch_off()
            await self._collect()
            began = time.monotonic()
            code = await asyncio.to_thread(self.server.stop)
            self.figures["stop_s"] = time.monotonic() - began
            if code != 0:
                self.after.append(f"the server ended with {code}")
            self.figures["log_kb"] = self.server.log_path.stat().st_size / 1024
        finally:
            await asyncio.to_thread(self.server.close)
        return self

    async def _crm_runs(self):
        states = await asyncio.to_thread(self.server.plugins)
        return states[CRM]["status"] == "running"

    async def _converse(self):
        pace = self.pace
        callers = [Caller(self.server, n, pace.patience) for n in range(pace.customers)]
        for caller in callers:
            await caller.open()
            self.facts[caller.contact] = facts_of(caller.number)
        lateness = []
        probe = asyncio.create_task(_probe(lateness))
        before, began, others = self.server.usage(), time.monotonic(), _busy()
        await asyncio.gather(*(
            caller.talk(pace.turns, pace.spread * n / pace.customers, pace.pause)
            for n, caller in enumerate(callers)))
        spent, after, others = time.monotonic() - began, self.server.usage(), _busy() - others
        probe.cancel()
        self.callers = callers
        turns = [turn for caller in callers for turn in caller.turns]
        first = [caller.turns[0].answered for caller in callers if caller.turns]
        later = [turn.answered for caller in callers for turn in caller.turns[1:]]
        self.figures |= {
            "seconds": spent, "messages": len(turns),
            "acknowledged": sum(len(one.acks) for caller in callers for one in caller.messages),
            "server_cpu": (after[0] - before[0]) / spent,
            "plugins_cpu": (after[1] - before[1]) / spent, "rss_mb": after[2],
            "others_cpu": max(0, others - after[0] + before[0] - after[1] + before[1]) / spent,
            "rss_most_mb": after[3], "client_late_p99_ms": percentile(lateness, 0.99),
            "ack_p50_ms": percentile([turn.acknowledged for turn in turns], 0.5),
            "ack_p99_ms": percentile([turn.acknowledged for turn in turns], 0.99),
            "first_p50_ms": percentile(first, 0.5), "first_p99_ms": percentile(first, 0.99),
            "later_p50_ms": percentile(later, 0.5), "later_p99_ms": percentile(later, 0.99)}

    def _ask_after_plugins(self):
        began = time.monotonic()
        states = self.server.plugins()
        self.figures["list_s"] = time.monotonic() - began
        self.crm = states[CRM]
        self.states = states
        if not self.plugin:
            return
        self.state = states[self.plugin.id]
        counts = " ".join(
            f"{name}={self.state[name]}"
            for name in ("status", "restarts", "calls", "failures", "misbehaviours"))
        self.account = "\n".join(
            [counts, self.state.get("error", ""), *self.server.journal(self.plugin.id)])

    async def _ask_for_rows(self):
        """How long an agent waits who signs in now."""
        began = time.monotonic()
        try:
            await Agent(self.server).conversations()
        except (*LOST, AssertionError) as error:
            self.faults.append(f"an agent could not sign in: {error or type(error).__name__}")
        self.figures["sign_in_s"] = time.monotonic() - began

    async def _collect(self):
        """What customers noted and what the log holds, and what that comes to."""
        ann, evidence = Agent(self.server), self.evidence
        for row in await ann.conversations():
            evidence.team[row["c"]] = await ann.history(row["c"])
        for caller in self.callers:
            evidence.messages += caller.messages
            for c in caller.screen.views:
                evidence.public[c] = await caller.history(c)
                await caller.arrived(evidence.public[c][-1]["s"])
            evidence.views += caller.screen.views.values()
            self.faults += caller.faults
            if not caller.is_open:
                self.faults.append(f"caller {caller.number} was cut off: {caller.close_code}")
            await caller.close()
        self.findings = judge(evidence, self.facts, self.faults)
        if self.plugin:
            self.breaches = self.workshop.breaches(self.account)

    async def _switch_off(self):
        """Switched off, a plugin is gone, and its filter with it."""
        began = time.monotonic()
        await asyncio.to_thread(self.server.command, "plugin", "disable", self.plugin.id)
        self.figures["disable_s"] = time.monotonic() - began
        late = Caller(self.server, len(self.callers), self.pace.patience)
        await late.open()
        self.facts[late.contact] = facts_of(late.number)
        await late.talk(1, 0, (0, 0))
        self.callers.append(late)
        if late.faults or late.turns[0].answered is None:
            self.after.append(f"once it is off: {late.faults or late.messages[0].refusals}")

    @property
    def did(self):
        """Whether the plugin did what it is there for."""
        return self.plugin is None or self.plugin.did(self.account)

    def verdict(self):
        """Everything that should not be; empty for a server that did not suffer."""
        wrong = str(self.findings).splitlines() + self.breaches + self.after
        if self.plugin and self.plugin.refuses:
            wrong = [line for line in wrong if not line.endswith(f"was refused: {REFUSAL}")]
        return wrong if self.did else [*wrong, f"it did nothing:\n{self.account}"]


def _busy():
    """Seconds that the machine's processors have worked, but for this program."""
    user, nice, system = (int(one) for one in Path("/proc/stat").read_text().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK") - sum(os.times()[:2])


async def _probe(lateness):
    """Notes how late this program is itself: what is measured is no better than that."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.01)
        lateness.append(time.monotonic() - began - 0.01)


def percentile(seconds, share):
    """In milliseconds; of what never came it is infinite."""
    ordered = sorted(float("inf") if one is None else one for one in seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else None
