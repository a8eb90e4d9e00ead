"""Faults that are done to a server under load; each one happens, lasts a while, and is over.

A fault has a server of its own kind, so that a network or a disk can be laid under it. `happen`
does it once and returns when it is over: what is measured as recovery begins there.
"""

import asyncio
import errno
import re
import signal

from beneath import Beneath
from peers import Server, request
from peers.server import free_port
from proxy import Proxy, rough
from watching import eventually, is_ready


HOUR, DAY = 3600, 86_400


class Fault:
    # What happens, for people.
    deed = ""
    # Seconds after which clients take a silent connection for dead.
    patience = 5
    # Whether a client waits for each answer: one that is refused for now is sent again, and those
    # behind it would overtake it.
    one_at_a_time = False
    # Whether clients may be told that nothing can be taken at present.
    may_refuse = False
    # Whether to wait for what takes the better part of a minute.
    is_patient = False

    def make_server(self):
        return Server()

    async def begin(self, run):
        """Before the server starts; for what belongs to the event loop."""

    async def happen(self, run):
        raise NotImplementedError

    def proof(self):
        """What shows that it happened, or a complaint."""
        return []

    async def aftermath(self, run):
        """Complaints about what should come about by itself, once the load is over."""
        return []

    async def close(self):
        pass


class Kill(Fault):
    deed = "SIGKILL at a random moment; a third of the time again while it starts"

    async def happen(self, run):
        await run.crash()


class Pause(Fault):
    deed = "SIGSTOP for 0.5–3 s"
    patience = 1.5

    async def happen(self, run):
        run.server.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(run.random.uniform(0.5, 3))
        run.server.process.send_signal(signal.SIGCONT)
        run.over()


# ---- The network ----------------------------------------------------------------------------


class ServerBehindProxy(Server):
    """Everybody comes to it through a proxy."""

    def __init__(self):
        self.entrance = free_port()
        super().__init__(arguments=["--public-url", f"http://127.0.0.1:{self.entrance}"])

    @property
    def base(self):
        return f"http://127.0.0.1:{self.entrance}"

    @property
    def socket_url(self):
        return f"ws://127.0.0.1:{self.entrance}/v1/ws"


class NetworkFault(Fault):
    patience = 1

    def make_server(self):
        return ServerBehindProxy()

    async def begin(self, run):
        self.proxy = Proxy(run.server.entrance, run.server.port)
        await self.proxy.start()

    async def close(self):
        await self.proxy.close()


class Cut(NetworkFault):
    """What is held back arrives late, or never: then both ends learn that the connection is gone.

    Clients give up earlier and come again: an old connection's messages arrive behind the
    same messages on a later one.
    """

    way = ""

    async def happen(self, run):
        self.proxy.cut(self.way)
        await asyncio.sleep(run.random.uniform(0.3, 3))
        if run.random.random() < 0.5:
            self.proxy.reset()
        self.proxy.heal()
        run.over()


class CutIn(Cut):
    deed = "nothing reaches the server for 0.3–3 s, then late or never"
    way = "in"


class CutOut(Cut):
    deed = "nothing reaches clients for 0.3–3 s, then late or never"
    way = "out"


class HalfOpen(NetworkFault):
    deed = "clients lose their connections, the server does not hear of it"
    # One and a half heartbeats of silence, and some.
    silence = 50

    async def happen(self, run):
        self.proxy.abandon()
        run.over()

    async def aftermath(self, run):
        if not self.is_patient:
            return []
        # Whoever left properly is gone; what remains are the halves.
        end = asyncio.get_running_loop().time() + self.silence
        while (left := await connections(run.server)) > 0:
            if asyncio.get_running_loop().time() > end:
                return [f"after {self.silence} s the server still keeps {left} dead connections"]
            await asyncio.sleep(0.5)
        return []


async def connections(server):
    """How many WebSockets the server says it has."""
    metrics = (await request("GET", server.base + "/metrics")).body
    text = metrics.decode() if isinstance(metrics, bytes) else metrics
    return int(float(re.search(r"^maitred_ws_connections (\S+)", text, re.MULTILINE)[1]))


class Rough(NetworkFault):
    deed = "2–4 s of delays up to 150 ms, splits, and connections that break in mid-frame"
    patience = 5

    async def happen(self, run):
        self.proxy.manner = rough()
        await asyncio.sleep(run.random.uniform(2, 4))
        self.proxy.heal()
        run.over()

    def proof(self):
        return [] if self.proxy.broken else ["no connection was broken"]


# ---- The disk -------------------------------------------------------------------------------


class BeneathFault(Fault):
    def __init__(self):
        self.beneath = Beneath()

    def make_server(self):
        return Server(environment=self.beneath.environment)

    async def close(self):
        self.beneath.close()


class BadDisk(BeneathFault):
    """Nobody is told that a message is stored which is not; the alarm begins and ends by itself."""

    one_at_a_time = True
    may_refuse = True

    def start(self, run):
        raise NotImplementedError

    async def happen(self, run):
        self.start(run)

        async def alarm():
            return not await is_ready(run.server)

        await eventually(alarm)
        await asyncio.sleep(run.random.uniform(0.2, 1.5))
        self.beneath.mend()
        run.over()
        await eventually(lambda: is_ready(run.server))

    def proof(self):
        return [] if self.beneath.injected else ["no call failed"]


class FullDisk(BadDisk):
    deed = "each write fails with ENOSPC, some half done, for 0.2–1.5 s after the alarm"

    def start(self, run):
        self.beneath.fill_disk()


class BrokenDisk(BadDisk):
    deed = "a part of all writes, syncs and truncations fails with EIO"

    def start(self, run):
        self.beneath.break_disk(run.random.choice([100, 300, 1000]))


class PowerCut(BeneathFault):
    deed = "SIGKILL; of what was not synced a part is lost, torn, or rubbish"

    def __init__(self):
        super().__init__()
        self.unsynced = 0
        self.beneath.keeps_undo = 1
        # In microseconds: most kills fall between a write and its sync.
        self.beneath.sync_delay = 10_000

    async def happen(self, run):
        await asyncio.to_thread(run.server.kill)
        self.unsynced += self.beneath.cut_power(run.server.folder, run.random)
        run.over()
        run.restarts.append(await asyncio.to_thread(run.server.start))

    def proof(self):
        return [] if self.unsynced else ["there was nothing that was not synced"]


class PowerCutAfterFailedSync(PowerCut):
    """A failed sync leaves pages that the kernel shows and the disk does not have."""

    deed = "syncs fail with EIO until the server has recovered; then as power-cut"
    one_at_a_time = True
    # Whether the power stays on until the server says that it can store again.
    waits = True
    may_refuse = True

    async def happen(self, run):
        self.beneath.per_mille = 500
        self.beneath.sync_error = errno.EIO
        await asyncio.sleep(run.random.uniform(0.1, 0.5))
        self.beneath.mend()
        if self.waits:
            await eventually(lambda: is_ready(run.server))
        await asyncio.sleep(run.random.uniform(0, 0.5))
        await super().happen(run)

    def proof(self):
        return super().proof() + ([] if self.beneath.injected else ["no sync failed"])


class PowerCutWhileMending(PowerCutAfterFailedSync):
    deed = "the same, and the power fails while the server recovers"
    waits = False


class PowerCutAfterRestart(PowerCutAfterFailedSync):
    """The server that comes up reads a log of which the disk has only a part, and goes on."""

    deed = "syncs fail with EIO until the server is killed and started again; then as power-cut"

    async def happen(self, run):
        before = self.beneath.injected
        self.beneath.per_mille = 1000
        self.beneath.sync_error = errno.EIO

        async def failed():
            return self.beneath.injected > before

        await eventually(failed)
        await asyncio.to_thread(run.server.kill)
        self.beneath.mend()
        await asyncio.to_thread(run.server.start)
        seen = run.acknowledged

        async def goes_on():
            return run.acknowledged >= seen + 20

        await eventually(goes_on)
        await PowerCut.happen(self, run)


# ---- The clock ------------------------------------------------------------------------------


class ClockJump(BeneathFault):
    # By one of these.
    seconds = ()
    # All together: conversations that were resolved three days ago take no more messages.
    most = 2 * DAY
    # Sessions end.
    may_refuse = True

    async def happen(self, run):
        offset = self.beneath.clock_offset
        # At the end of that the smallest one still fits.
        self.beneath.clock_offset = offset + run.random.choice(
            [jump for jump in self.seconds if abs(offset + jump) <= self.most] or self.seconds[:1])
        # A browser's session may have ended with the jump: agents sign in again.
        run.server.signed_in.clear()
        run.over()


class ClockForward(ClockJump):
    deed = "the clock jumps forward, by 10 s to a day"
    seconds = (10, 60, HOUR, 6 * HOUR, DAY)


class ClockBack(ClockJump):
    deed = "the clock jumps back, by 10 s to a day"
    seconds = (-10, -60, -HOUR, -6 * HOUR, -DAY)


FAULTS = {
    "kill": Kill,
    "pause": Pause,
    "cut-in": CutIn,
    "cut-out": CutOut,
    "half-open": HalfOpen,
    "rough": Rough,
    "full-disk": FullDisk,
    "broken-disk": BrokenDisk,
    "power-cut": PowerCut,
    "failed-sync": PowerCutAfterFailedSync,
    "failed-sync-2": PowerCutWhileMending,
    "failed-sync-3": PowerCutAfterRestart,
    "clock-forward": ClockForward,
    "clock-back": ClockBack,
}
