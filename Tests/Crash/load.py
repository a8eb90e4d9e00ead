"""Customers and agents that keep going whatever happens to the server."""

import asyncio
import random
import time

import websockets
from peers import Agent, Closed, Customer, new_cid

from invariants import Message, View

QUESTIONS = [
    "How do I reset my password?", "Where is my parcel?", "I want my money back.",
    "Where do I find my invoice?", "my parcel is late", "Please send me the invoice again.",
    "Is anybody there?", "the refund is still missing"]

LOST = (Closed, OSError, EOFError, TimeoutError, websockets.WebSocketException, ValueError)

# The code for whoever must sign in again.
SESSION_OVER = "unauthenticated"


class Screen:
    """Renders conversations as protocol.md asks: never across a gap."""

    def __init__(self, name):
        self.name = name
        self.views = {}
        self.gaps = 0
        self.faults = []

    def last(self, c):
        view = self.views.get(c)
        return view.frames[-1]["s"] if view and view.frames else 0

    def points(self):
        return [{"c": c, "s": self.last(c)} for c in self.views]

    def show(self, frame):
        """Renders a frame; False when one before it is missing."""
        view = self.views.setdefault(frame["c"], View(self.name, frame["c"]))
        last = self.last(frame["c"])
        if frame["s"] <= last:
            known = next((old for old in view.frames if old["s"] == frame["s"]), None)
            if known is None or known["d"] != frame["d"]:
                self.faults.append(f"{self.name}: {frame} came after {last} was shown")
            return True
        if frame["p"] != last:
            self.gaps += 1
            return False
        view.frames.append(frame)
        return True

    def replace(self, c, frames):
        self.views[c] = View(self.name, c, list(frames))


class Connection(Customer):
    """One connection of a writer: whatever arrives is handed over at once."""

    def __init__(self, writer, visitor):
        super().__init__(writer.server, visitor)
        self.writer = writer

    async def open(self, **hello):
        try:
            async with asyncio.timeout(self.writer.patience):
                return await super().open(**hello)
        except AssertionError as refusal:
            raise turned_away(self.writer, refusal) from refusal

    def received(self, frame):
        self.writer.take(frame, self)


def turned_away(peer, refusal):
    """Notes that a peer was not let in, which is a lost connection to it."""
    peer.turned_away.append(str(refusal))
    return Closed("turned away")


class Writer:
    """A customer who writes one message after another, some ahead of the acknowledgement.

    After a lost connection it resumes and sends again, with the same client ids and in the same
    order, what was not acknowledged. What cannot be taken at present it sends again after a moment.
    """

    def __init__(self, server, name, seed):
        self.server = server
        self.name = name
        self.random = random.Random(seed)
        self.screen = Screen(name)
        self.window = self.random.choice([1, 1, 1, 4])
        self.visitor = None
        self.contact = None
        self.epoch = None
        self.messages = []
        self.unacknowledged = []
        self.current = None
        self.left = 0
        self.is_finishing = False
        # Seconds of silence after which a connection is taken for dead.
        self.patience = 20
        self.connections = 0
        self.repeats = 0
        self.resyncs = []
        self.turned_away = []
        # When acknowledgements came.
        self.acknowledged_at = []
        self._by_request = {}
        self._progress = asyncio.Event()

    # Receiving

    def take(self, frame, connection):
        kind = frame["t"]
        if kind in ("msg.new", "conv.upd"):
            if not self.screen.show(frame):
                self._later(connection.send("sync", {"after": self.screen.last(frame["c"])},
                                            frame["c"], "sync"))
        elif kind == "resync":
            self.resyncs.append(frame["c"])
            self._later(self._fetch(connection, frame["c"]))
        elif frame.get("re") in self._by_request and kind in ("ack", "err"):
            self._answered(self._by_request[frame["re"]], frame, connection)

    def _answered(self, message, frame, connection):
        if frame["t"] == "err" and frame["d"]["temporary"]:
            message.delays += 1
            self._later(self._send_later(connection, message))
        elif frame["t"] == "err" and frame["d"]["code"] == SESSION_OVER:
            message.delays += 1
            connection.drop()
        elif frame["t"] == "err":
            message.refusals.append(frame["d"]["code"])
        else:
            self.acknowledged_at.append(time.monotonic())
            ack = (frame["c"], frame["d"]["m"], frame["d"]["s"])
            message.acks.append(ack)
            message.c = frame["c"]
            if self.current is None:
                self.current = frame["c"]
        if message in self.unacknowledged and message.acks:
            self.unacknowledged.remove(message)
        self._progress.set()

    async def _fetch(self, connection, c):
        try:
            self.screen.replace(c, await connection.history(c))
        except AssertionError:
            connection.drop()  # What cannot be read at present the next connection asks for.

    @staticmethod
    def _later(work):
        async def quietly():
            try:
                await work
            except LOST:
                pass  # The next connection resumes.

        asyncio.ensure_future(quietly())

    # Sending

    async def run(self):
        while not (self.is_finishing and not self.unacknowledged):
            connection = Connection(self, self.visitor)
            try:
                await self._open(connection)
                await self._write(connection)
            except LOST:
                connection.drop()
                await asyncio.sleep(self.random.uniform(0.02, 0.3))
            else:
                await connection.close()

    async def _open(self, connection):
        connection.epoch = self.epoch
        await connection.open(
            context={"n": 1, "url_path": "/", "title": "Home"}, resume=self.screen.points())
        self.visitor, self.epoch = connection.visitor, connection.epoch
        assert self.contact in (None, connection.contact), "the visitor became somebody else"
        self.contact = connection.contact
        self.connections += 1
        # A copy: what is acknowledged meanwhile leaves the list, and the next would be passed over.
        for message in list(self.unacknowledged):
            self.repeats += 1
            await self._send(connection, message)

    async def _write(self, connection):
        while True:
            self._progress.clear()
            if not connection.is_open:
                raise Closed("lost")
            if self._may_write():
                await self._write_one(connection)
            elif self.is_finishing and not self.unacknowledged:
                return
            else:
                done, _ = await asyncio.wait(
                    [asyncio.ensure_future(self._progress.wait()), connection._reader],
                    timeout=self.patience, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    raise Closed("silent")

    def _may_write(self):
        if self.is_finishing or len(self.unacknowledged) >= self.window:
            return False
        # The next message needs to know which conversation the first one started.
        return not (self.unacknowledged and (self.current is None or self.left == 0))

    async def _write_one(self, connection):
        if self.left == 0:
            if self.current and self.random.random() < 0.5:
                await connection.send("end", {}, self.current)
            self.current = None
            self.left = self.random.randint(10, 40)
        self.left -= 1
        text = f"{self.random.choice(QUESTIONS)} [{self.name}-{len(self.messages)}]"
        if self.random.random() < 0.5:
            text += "?"
        message = Message(self.contact, new_cid(), text, self.current)
        self.messages.append(message)
        self.unacknowledged.append(message)
        await self._send(connection, message)
        if self.random.random() < 0.05:
            old = self.random.choice(self.messages)
            if old.acks:
                await self._send(connection, old)
        await asyncio.sleep(self.random.uniform(0, 0.02))

    async def _send(self, connection, message):
        message.times_sent += 1
        request = f"{self.connections}-{message.cid}-{message.times_sent}"
        self._by_request[request] = message
        # A repeat says what the first one said: without a conversation when it started one.
        first = message.times_sent == 1 or not message.acks
        await connection.send(
            "msg.send" if first else "msg.retry", {"cid": message.cid, "text": message.text},
            message.c, request)

    async def _send_later(self, connection, message):
        await asyncio.sleep(self.random.uniform(0.05, 0.2))
        if not message.acks and connection.is_open:
            await self._send(connection, message)

    async def converge(self, public_heads):
        """Comes back once more, with resume only; waits until it shows what the server has."""
        connection = Connection(self, self.visitor)
        connection.epoch = self.epoch
        await connection.open(resume=self.screen.points())
        mine = {c: head for c, head in public_heads.items() if c in self.screen.views}
        end = asyncio.get_running_loop().time() + 20
        while any(self.screen.last(c) < head for c, head in mine.items()):
            if asyncio.get_running_loop().time() > end:
                break  # The checker says what is missing.
            await asyncio.sleep(0.05)
        await connection.close()


class Desk(Agent):
    """One connection of a helper."""

    def __init__(self, helper):
        super().__init__(helper.server, helper.name)
        self.helper = helper

    def received(self, frame):
        self.helper.take(frame)

    async def open(self, **hello):
        try:
            async with asyncio.timeout(self.helper.patience):
                return await super().open(**hello)
        except (AssertionError, KeyError) as refusal:
            raise self._out(refusal) from refusal

    def _out(self, refusal):
        self.server.signed_in.pop(self.email, None)
        return turned_away(self.helper, refusal)

    async def ask(self, t, d=None, c=None, timeout=None):
        """Asks again after a moment what cannot be done at present."""
        while True:
            answer = await super().ask(t, d, c, timeout or self.helper.patience)
            if answer["t"] == "err" and answer["d"]["code"] == SESSION_OVER:
                raise self._out("the session is over")
            if answer["t"] != "err" or not answer["d"]["temporary"]:
                return answer
            self.helper.delays += 1
            await asyncio.sleep(0.1)


class Helper:
    """An agent who accepts what is offered, answers, and passes some of it on."""

    def __init__(self, server, name, seed):
        self.server = server
        self.name = name
        self.random = random.Random(seed)
        self.id = None
        self.messages = []
        self.seen = {}
        self.work = asyncio.Queue()
        self.queued = set()
        self.is_finishing = False
        self.patience = 20
        self.connections = 0
        self.turned_away = []
        # How often something could not be done at present.
        self.delays = 0

    def take(self, frame):
        if "s" in frame and "c" in frame:
            self.seen[frame["c"]] = max(self.seen.get(frame["c"], 0), frame["s"])
        elif frame["t"] == "offer" and frame["d"]["c"] not in self.queued:
            self.queued.add(frame["d"]["c"])
            self.work.put_nowait(frame["d"]["c"])

    async def run(self):
        item = None
        while not self.is_finishing:
            desk = Desk(self)
            try:
                await desk.open()
                self.id = desk.id
                self.connections += 1
                while not self.is_finishing:
                    if item is None:
                        item = await self._next(desk)
                    if item is not None:
                        await self._serve(desk, item)
                        self.queued.discard(item["c"])
                        item = None
            except LOST:
                desk.drop()
                await asyncio.sleep(self.random.uniform(0.05, 0.3))
            else:
                await desk.close()
        if item:
            await self._finish(item)

    async def _next(self, desk):
        try:
            c = await asyncio.wait_for(self.work.get(), 0.3)
        except TimeoutError:
            if not desk.is_open:
                raise Closed("lost") from None
            return None
        replies = [
            Message("", new_cid(), f"{self.name} here, about {c} [{n}]", c)
            for n in range(self.random.randint(1, 3))]
        return {"c": c, "replies": replies, "then": self.random.random()}

    async def _serve(self, desk, item):
        c = item["c"]
        answer = await desk.ask("accept", c=c)
        if answer["t"] == "err" and not any(reply.times_sent for reply in item["replies"]):
            return
        for reply in item["replies"]:
            await self._reply(desk, reply)
        if item["then"] < 0.25:
            await desk.ask("bot.return", c=c)
        elif item["then"] < 0.45:
            await desk.ask("status", {"status": "resolved"}, c)
        elif item["then"] < 0.6:
            await desk.ask("assign", {"agent": None}, c)

    async def _reply(self, desk, reply):
        """Sends a reply until it is answered; sometimes once more, to hear the same.

        One that was refused, for instance as of a stale view, is not tried again: it would stand
        behind those that were written later.
        """
        if not reply.times_sent:
            reply.author = self.id
            self.messages.append(reply)
        while not reply.refusals and (not reply.acks or self.random.random() < 0.1):
            reply.times_sent += 1
            answer = await desk.reply(
                reply.c, reply.text, seen=max(1, self.seen.get(reply.c, 1)), cid=reply.cid)
            if answer["t"] == "ack":
                reply.acks.append((answer["c"], answer["d"]["m"], answer["d"]["s"]))
            else:
                reply.refusals.append(answer["d"]["code"])

    async def _finish(self, item):
        """Learns what became of the replies that were on their way at the end."""
        desk = Desk(self)
        await desk.open(presence=None)
        for reply in item["replies"]:
            if reply.times_sent and not reply.acks:
                await self._reply(desk, reply)
        await desk.close()
