"""A customer and an agent on a WebSocket."""

import asyncio
import json

import websockets

from .http import request
from .server import ORIGIN, PASSWORD, new_cid


END_OF_ALL_LOGS = 2**53 - 1


class Closed(ConnectionError):
    """The connection ended before the answer came."""


class Peer:
    """A connection that keeps every frame it received, in order."""

    def __init__(self, server):
        self.server = server
        self.frames = []
        self.socket = None
        self._requests = 0
        self._waiting = {}
        self._news = asyncio.Event()
        self._reader = None

    # Connecting

    async def connect(self, origin, **options):
        self.socket = await websockets.connect(
            self.server.socket_url, subprotocols=["maitred.v1"], origin=origin,
            max_size=2**24, compression=None, ping_interval=None, open_timeout=30,
            close_timeout=2, proxy=None, **options)
        self._reader = asyncio.create_task(self._read())

    async def _read(self):
        try:
            async for text in self.socket:
                self._take(json.loads(text))
        except websockets.ConnectionClosed:
            pass
        finally:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(Closed(f"closed with {self.close_code}"))
            self._waiting.clear()
            self._news.set()

    def _take(self, frame):
        self.frames.append(frame)
        waiting = self._waiting.pop(frame.get("re"), None)
        if waiting and not waiting.done():
            waiting.set_result(frame)
        self.received(frame)
        self._news.set()

    def received(self, frame):
        """For what a kind of peer does with a frame at once."""

    @property
    def close_code(self):
        return self.socket.close_code

    @property
    def is_open(self):
        return self._reader is not None and not self._reader.done()

    async def close(self):
        if self.socket:
            await self.socket.close()
        if self._reader:
            await self._reader

    def drop(self):
        """Cuts the connection as a lost network does, without a closing handshake."""
        if self.socket and self.socket.transport:
            self.socket.transport.abort()

    async def closed(self, timeout=10):
        """Waits for the server to hang up; returns the code."""
        await asyncio.wait_for(asyncio.shield(self._reader), timeout)
        return self.close_code

    # Speaking

    async def send(self, t, d=None, c=None, id=None):
        frame = {"t": t}
        if id is not None:
            frame["id"] = id
        if c is not None:
            frame["c"] = c
        frame["d"] = {} if d is None else d
        await self.send_text(json.dumps(frame, ensure_ascii=False))

    async def send_text(self, text):
        try:
            await self.socket.send(text)
        except websockets.ConnectionClosed as error:
            raise Closed(str(error)) from error

    async def ask(self, t, d=None, c=None, timeout=20):
        """Sends a request; returns its `ack`, `err` or `welcome`."""
        self._requests += 1
        id = f"r{self._requests}"
        waiting = self._waiting[id] = asyncio.get_running_loop().create_future()
        # Whoever stops waiting leaves a result behind that nobody looks at.
        waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
        if not self.is_open:
            raise Closed("not connected")
        await self.send(t, d, c, id)
        return await asyncio.wait_for(waiting, timeout)

    async def do(self, t, d=None, c=None, timeout=20):
        """Sends a request that must be granted; returns its `ack`."""
        answer = await self.ask(t, d, c, timeout)
        assert answer["t"] == "ack", f"{t} was refused: {answer}"
        return answer

    async def refused(self, t, d=None, c=None, timeout=20):
        """Sends a request that must be refused; returns the error's code."""
        answer = await self.ask(t, d, c, timeout)
        assert answer["t"] == "err", f"{t} was granted: {answer}"
        return answer["d"]["code"]

    # Listening

    async def until(self, accepts, timeout=20, after=0):
        """The first frame that is accepted, of those received from number `after` on."""
        end = asyncio.get_running_loop().time() + timeout
        index = after
        while True:
            while index < len(self.frames):
                if accepts(self.frames[index]):
                    return self.frames[index]
                index += 1
            if not self.is_open:
                raise Closed(f"closed with {self.close_code} before the frame came")
            self._news.clear()
            left = end - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.001, left))
            except TimeoutError:
                recent = "\n".join(json.dumps(frame)[:300] for frame in self.frames[-8:])
                raise AssertionError(f"the frame did not come in {timeout} s:\n{recent}") from None

    async def of_type(self, t, c=None, timeout=20, after=0, **fields):
        """The first frame of a type, in a conversation, with these members of `d`."""
        def accepts(frame):
            d = frame.get("d") or {}
            place = frame.get("c") or d.get("c")
            return frame["t"] == t and c in (None, place) and all(
                d.get(name) == value for name, value in fields.items())

        return await self.until(accepts, timeout, after)

    async def message_of(self, kind, c=None, timeout=20, after=0):
        """The first message of a customer, bot, agent or the system."""
        return await self.until(
            lambda frame: frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == kind
            and c in (None, frame["c"]), timeout, after)

    async def settled(self):
        """Waits until everything that had happened before now is here.

        Asks each conversation for what comes after the end of all logs: that request stands in
        line behind whatever the conversation was doing, and `resync` ends the answer.
        """
        if not self.is_open:
            return
        mark = len(self.frames)
        await self.ask("ping")
        await self.of_type("pong", after=mark)
        for c in {frame["c"] for frame in self.frames if "s" in frame and "c" in frame}:
            mark = len(self.frames)
            if (await self.ask("sync", {"after": END_OF_ALL_LOGS}, c))["t"] == "ack":
                self.frames.remove(await self.of_type("resync", c, after=mark))

    def durable(self, c):
        """The numbered frames of a conversation, in the order of arrival."""
        return [frame for frame in self.frames if frame.get("c") == c and "s" in frame]


class Customer(Peer):
    """A visitor of the site's pages; a visitor token makes it the same one again."""

    def __init__(self, server, visitor=None, identity=None, site=None, origin=ORIGIN):
        super().__init__(server)
        self.visitor = visitor
        self.identity = identity
        self.site = site or server.site
        self.origin = origin
        self.token = None
        self.epoch = None
        self.contact = None

    async def session(self, **fields):
        """`POST /v1/widget/sessions`, as it is answered."""
        body = {"site": self.site["key"], "visitor": self.visitor, "identity": self.identity}
        body.update(fields)
        body = {name: value for name, value in body.items() if value is not None}
        return await request(
            "POST", self.server.base + "/v1/widget/sessions", body, {"origin": self.origin})

    async def open(self, context=None, resume=None, epoch=None):
        """Gets a session, connects and says hello; returns the `welcome`."""
        reply = await self.session()
        assert reply.status == 201, (reply.status, reply.body)
        opened = reply.json
        self.visitor, self.token = opened["visitor"], opened["token"]
        self.contact = opened["contact"]["id"]
        hello = {"token": self.token, "epoch": epoch or self.epoch or opened["epoch"]}
        if context:
            hello["context"] = context
        if resume:
            hello["resume"] = resume
        await self.connect(self.origin)
        welcome = await self.ask("hello", hello)
        assert welcome["t"] == "welcome", welcome
        self.epoch = welcome["d"]["epoch"]
        return welcome

    async def say(self, text, c=None, cid=None):
        """Says something; returns the `ack`."""
        return await self.do("msg.send", {"cid": cid or new_cid(), "text": text}, c)

    async def fetch(self, path):
        return await request(
            "GET", self.server.base + path, headers={"authorization": f"Bearer {self.token}"})

    async def history(self, c):
        """Every event of a conversation as its customer may read it over REST."""
        return await pages(self.fetch, f"/v1/widget/conversations/{c}/events")


class Agent(Peer):
    """Somebody at the console, signed in."""

    def __init__(self, server, name="Ann"):
        super().__init__(server)
        self.name = name
        self.email = f"{name.lower()}@example.com"
        self.id = None

    async def sign_in(self):
        """Headers of a signed-in agent: one password check for each agent and server."""
        if self.email not in self.server.signed_in:
            reply = await request(
                "POST", self.server.base + "/v1/auth/login",
                {"email": self.email, "password": PASSWORD}, {"origin": self.server.base})
            assert reply.status == 200, (reply.status, reply.body)
            cookie = "; ".join(value.split(";")[0] for value in reply.cookies)
            self.server.signed_in[self.email] = {
                "cookie": cookie, "x-csrf-token": reply.json["csrf"], "origin": self.server.base}
        return self.server.signed_in[self.email]

    async def ticket(self):
        headers = await self.sign_in()
        reply = await request("POST", self.server.base + "/v1/ws-tickets", {}, headers)
        assert reply.status == 201, (reply.status, reply.body)
        return reply.json["ticket"]

    async def open(self, presence="online", **hello):
        """Gets a ticket, connects, says hello and goes on duty; returns the `welcome`."""
        ticket = await self.ticket()
        await self.connect(self.server.base)
        welcome = await self.ask("hello", {"ticket": ticket, "feed": 0, **hello})
        assert welcome["t"] == "welcome", welcome
        self.id = welcome["d"]["agent"]["id"]
        if presence:
            await self.do("presence", {"state": presence})
        return welcome

    async def fetch(self, path, headers=None):
        return await request(
            "GET", self.server.base + path, headers={**await self.sign_in(), **(headers or {})})

    async def history(self, c):
        """Every event of a conversation as the team may read it over REST."""
        return await pages(self.fetch, f"/v1/conversations/{c}/events")

    async def conversations(self):
        """Every conversation's row."""
        rows, after = [], ""
        while True:
            reply = await self.fetch(f"/v1/conversations?limit=200{after}")
            assert reply.status == 200, (reply.status, reply.body)
            rows += reply.json["conversations"]
            if not reply.json.get("next"):
                return rows
            after = f"&after={reply.json['next']}"

    async def take(self, c):
        """Waits for the offer of a conversation and accepts it."""
        await self.of_type("offer", c)
        await self.do("accept", c=c)

    async def reply(self, c, text, seen, cid=None):
        return await self.ask("reply", {"cid": cid or new_cid(), "text": text, "seen": seen}, c)


async def pages(fetch, path, limit=200):
    """Follows a list of events to its end."""
    events, after = [], 0
    while True:
        reply = await fetch(f"{path}?after={after}&limit={limit}")
        assert reply.status == 200, (reply.status, reply.body)
        page = reply.json
        events += page["events"]
        if not page["more"]:
            return events
        after = page["next"]
