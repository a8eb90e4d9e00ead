"""The actors of a script on a real server, over real sockets."""
import asyncio
import json
import urllib.error
import urllib.request

import websockets

PATIENCE = 10


def http(method, url, body, headers):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, response.read(), response.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


class Person:
    def __init__(self, name, role, server, email="", password=""):
        self.name, self.role, self.server = name, role, server
        self.origin = server.origin if role == "customer" else server.base
        self.email, self.password = email, password
        self.cookie = self.csrf = self.token = self.visitor = self.epoch = None
        self.answer = None
        self.requests, self.last_request = 0, None
        self.socket = self.reader = None
        self.frames, self.consumed, self.earlier, self.known = [], set(), [], {}
        self.arrived = asyncio.Condition()

    # Sockets

    async def open(self, resuming):
        if self.frames:
            self.earlier.append((self.known, self.frames))
        self.known = self.last_seen() if resuming else {}
        self.frames, self.consumed = [], set()
        self.socket = await websockets.connect(
            self.server.socket, subprotocols=["maitred.v1"], origin=self.origin, max_size=2**22
        )
        self.reader = asyncio.create_task(self._read(self.socket, self.frames))

    async def _read(self, socket, frames):
        try:
            async for text in socket:
                frames.append(json.loads(text))
                async with self.arrived:
                    self.arrived.notify_all()
        except websockets.ConnectionClosed:
            pass
        async with self.arrived:
            self.arrived.notify_all()

    @property
    def close_code(self):
        return self.socket.close_code if self.socket else None

    async def say(self, frame):
        try:
            await self.socket.send(json.dumps(frame))
        except websockets.ConnectionClosed:
            pass

    async def hang_up(self):
        await self.socket.close()
        await self.reader

    async def wait(self, found):
        """What a look at the frames finds, now or later; None when nothing comes."""
        try:
            async with asyncio.timeout(PATIENCE), self.arrived:
                while (result := found()) is None and self.close_code is None:
                    await self.arrived.wait()
                return result if result is not None else found()
        except TimeoutError:
            return None

    def next_request(self):
        self.requests += 1
        self.last_request = f"{self.name}-{self.requests}"
        return self.last_request

    def last_seen(self):
        seen = {}
        for _, frames in [*self.earlier, ({}, self.frames)]:
            for frame in frames:
                if "c" in frame and "s" in frame:
                    seen[frame["c"]] = max(seen.get(frame["c"], 0), frame["s"])
        return seen

    def feed(self):
        frames = [frame for _, frames in [*self.earlier, ({}, self.frames)] for frame in frames]
        return max((frame["f"] for frame in frames if "f" in frame), default=0)

    def gap(self):
        """The first durable event that came with a gap before it; None when there is none."""
        for known, frames in [*self.earlier, (self.known, self.frames)]:
            last = dict(known)
            for frame in frames:
                if "c" not in frame or "s" not in frame or "p" not in frame:
                    continue
                c, s, p = frame["c"], frame["s"], frame["p"]
                if c in last and s > last[c] and p != last[c]:
                    return f"{self.name} has event {last[c]} of {c} and got {s}, after {p}"
                last[c] = max(last.get(c, 0), s)
        return None

    # Requests

    async def ask(self, method, path, body):
        headers = {"content-type": "application/json", "origin": self.origin}
        if self.cookie:
            headers["cookie"] = self.cookie
        if self.csrf:
            headers["x-csrf-token"] = self.csrf
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        status, raw, received = await asyncio.to_thread(
            http, method, self.server.base + path, body, headers
        )
        answer = json.loads(raw) if raw else None
        self.answer = (status, answer)
        if received.get("set-cookie"):
            self.cookie = received["set-cookie"].split(";")[0]
        if isinstance(answer, dict):
            self.csrf = answer.get("csrf", self.csrf)
            self.token = answer.get("token", self.token)
            self.visitor = answer.get("visitor", self.visitor)
        return status, answer
