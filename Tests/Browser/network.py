"""A network between browser and server that fails as networks do, and the server behind it."""

import json
import re
import shutil
import socket
import struct
import threading
import urllib.request
from http.cookiejar import CookieJar

import pytest

import server as servers
from conftest import START

# Another address of this machine: the pages, their addresses and cookies stay those of port and
# name, and everything the browser sends passes through the network.
FAR = "127.0.0.2"


class FarServer(servers.Server):
    """A server that browsers reach through a `Network` on the same port."""

    @property
    def command(self):
        return [servers.BINARY, "serve", "--data", self.folder, "--demo",
                "--listen", f"{FAR}:{self.port}", "--public-url", self.url]

    @property
    def far_url(self):
        return f"http://{FAR}:{self.port}"


class Network:
    """Passes connections on, and fails on command.

    It reads the frames of WebSockets on their way, so that a test can cut it at one of them.
    """

    def __init__(self, port):
        self.target = (FAR, port)
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.lock = threading.Condition()
        self.links = []
        self.is_cut = False
        self.refuses_sockets = False
        self.cuts = []
        self.frames = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()
        self.cut()

    # What a test does

    def cut(self):
        """Resets every connection and refuses new ones until it is mended."""
        with self.lock:
            self.is_cut = True
            links = list(self.links)
        for link in links:
            link.reset()

    def mend(self):
        """New connections pass again."""
        with self.lock:
            self.is_cut = self.refuses_sockets = False
            self.cuts.clear()

    def hold(self):
        """Nothing arrives any more on what is open now, and nobody is told: it is half open."""
        with self.lock:
            links = list(self.links)
        for link in links:
            link.is_held = True

    def cut_at(self, way, is_it, passes=False, holds=False):
        """Cuts everything at the next frame of a way, "up" or "down", of which `is_it` is true.

        `passes`: whether that frame still arrives, which only one on its way down does for sure.
        `holds`: leaves what is open half open instead. Returns an event that is set at the cut.
        """
        cut = Cut(way, is_it, passes, holds)
        with self.lock:
            self.cuts.append(cut)
        return cut.happened

    def refuse_sockets(self):
        """Ends all WebSockets and lets none begin, while pages load, until it is mended."""
        with self.lock:
            self.refuses_sockets = True
            links = [link for link in self.links if link.is_socket]
        for link in links:
            link.reset()

    def sockets(self):
        """How many WebSockets are open."""
        with self.lock:
            return sum(link.is_socket for link in self.links)

    def sent(self, t):
        """The frames of a type that browsers have sent, whether they arrived or not."""
        with self.lock:
            return [frame for way, frame in self.frames
                    if way == "up" and frame.get("t") == t]

    # Internal

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._link, args=(near,), daemon=True).start()

    def _link(self, near):
        if self.is_cut:
            return reset(near)
        try:
            far = socket.create_connection(self.target, timeout=5)
        except OSError:
            return reset(near)
        far.settimeout(None)
        link = Link(self, near, far)
        with self.lock:
            self.links.append(link)
        for way in ("up", "down"):
            threading.Thread(target=link.carry, args=(way,), daemon=True).start()
        return None

    def gone(self, link):
        with self.lock:
            if link in self.links:
                self.links.remove(link)

    def cut_for(self, way, frame):
        """Notes a frame; the cut that was waiting for it, or None."""
        if not frame:
            return None
        with self.lock:
            self.frames.append((way, frame))
            for cut in self.cuts:
                if cut.way == way and cut.is_it(frame):
                    self.cuts.remove(cut)
                    return cut
        return None


class Cut:
    """A frame at which the network fails."""

    def __init__(self, way, is_it, passes, holds):
        self.way = way
        self.is_it = is_it
        self.passes = passes
        self.holds = holds
        self.happened = threading.Event()


class Link:
    """One connection through the network."""

    def __init__(self, network, near, far):
        self.network = network
        self.ends = {"up": (near, far), "down": (far, near)}
        self.is_socket = False
        self.is_held = False
        self.readers = {"up": FrameReader(), "down": FrameReader()}

    def carry(self, way):
        source, target = self.ends[way]
        try:
            while data := source.recv(65536):
                # What is held is lost: the connection it belonged to never lives again.
                if not self.is_held:
                    self._pass(way, target, data)
        except OSError:
            pass
        if not self.is_held:
            self.close()

    def _pass(self, way, target, data):
        if not self.is_socket:
            data = self._pass_http(way, target, data)
        for piece, frame in self.readers[way].feed(data):
            cut = self.network.cut_for(way, frame)
            if cut is None:
                target.sendall(piece)
                continue
            if cut.passes:
                target.sendall(piece)
                self.close()
            if cut.holds:
                self.network.hold()
            else:
                self.network.cut()
            cut.happened.set()
            return

    def _pass_http(self, way, target, data):
        """Passes what is not of a WebSocket; returns what follows the answer that opens one."""
        if way == "up":
            if self.network.refuses_sockets and b"pgrade: websocket" in data:
                self.reset()
                return b""
            # Compressed frames could not be read here.
            data = re.sub(rb"(?i)sec-websocket-extensions:[^\r]*\r\n", b"", data)
        if way == "up" or not data.startswith(b"HTTP/1.1 101"):
            target.sendall(data)
            return b""
        head, _, rest = data.partition(b"\r\n\r\n")
        self.is_socket = True
        target.sendall(head + b"\r\n\r\n")
        return rest

    def close(self):
        """Ends it; what was passed on is read before the end is noticed."""
        for end in self.ends["up"]:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
        self.network.gone(self)

    def reset(self):
        for end in self.ends["up"]:
            reset(end)
        self.network.gone(self)


class FrameReader:
    """Takes a stream of WebSocket frames apart."""

    def __init__(self):
        self.rest = b""

    def feed(self, data):
        """The whole frames so far: their bytes, and what they say if it is JSON."""
        self.rest += data
        while (length := self._next()) is not None:
            piece, self.rest = self.rest[:length], self.rest[length:]
            yield piece, meaning(piece)

    def _next(self):
        if len(self.rest) < 2:
            return None
        start, length = header(self.rest)
        whole = start + length
        return whole if len(self.rest) >= whole else None


def header(data):
    """Where the payload of a frame begins, and its length; what is missing counts as zero."""
    padded = data[:14].ljust(14, b"\0")
    length = padded[1] & 0x7F
    start = 2
    if length == 126:
        start, length = 4, int.from_bytes(padded[2:4], "big")
    elif length == 127:
        start, length = 10, int.from_bytes(padded[2:10], "big")
    return start + (4 if padded[1] & 0x80 else 0), length


def meaning(piece):
    """The JSON object of a text frame, or None."""
    start, _ = header(piece)
    payload = piece[start:]
    if piece[1] & 0x80:
        mask = piece[start - 4:start]
        payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    try:
        return json.loads(payload) if piece[0] & 0x0F == 1 else None
    except ValueError:
        return None


def reset(end):
    """Ends a connection as a broken one: the other side learns of it at once."""
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RD)
    except OSError:
        pass
    end.close()


class Ledger:
    """What the server has stored, as an agent reads it, past the network."""

    def __init__(self, server, name="marta"):
        self.url, self.origin = server.far_url, server.url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()))
        email, password = server.passwords[name]
        self._ask("/v1/auth/login", {"email": email, "password": password})

    def conversations(self):
        return self._ask("/v1/conversations?limit=100")["conversations"]

    def texts(self):
        """By conversation, what its customer wrote, in the order it is stored."""
        return {row["c"]: self._texts(row["c"]) for row in self.conversations()}

    def written(self):
        """What customers wrote in the only conversation there is."""
        [texts] = [each for each in self.texts().values() if each]
        return texts

    def _texts(self, c):
        events = self._ask(f"/v1/conversations/{c}/events?after=0&limit=200")["events"]
        return [event["d"]["text"] for event in events
                if event["t"] == "msg.new" and event["d"]["from"]["kind"] == "customer"]

    def _ask(self, path, body=None):
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode() if body else None,
            {"Content-Type": "application/json", "Origin": self.origin})
        with self.opener.open(request, timeout=10) as answer:
            return json.load(answer)


@pytest.fixture(name="server")
def far_server(workspace):
    """A server behind a network: the browser reaches it through `server.network` only."""
    folder = servers.temporary_folder()
    running = FarServer(workspace.copy(folder / "data").folder).start()
    running.network = Network(running.port)
    yield running
    running.network.close()
    running.kill()
    shutil.rmtree(folder)


@pytest.fixture(name="network")
def its_network(server):
    return server.network


@pytest.fixture(name="ledger")
def its_ledger(server):
    return Ledger(server)


# Debian's Chromium blocks what embedded pages store, locks included, unless told otherwise.
KEEPS = "--disable-features=TrackingProtection3pcd,ThirdPartyCookieBlocking"


def keeping(chromium):
    """A browser that lets embedded pages store what they like, apart for each page around them."""
    browser = chromium.browser_type.launch(**{**START, "args": [*START["args"], KEEPS]})
    yield browser
    browser.close()
