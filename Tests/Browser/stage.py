"""The server's part, with lines of ours: what the wire can carry before a server says it."""

import json
import re
import struct
import zlib
from http.client import HTTPConnection
from urllib.parse import urlsplit

from playwright.sync_api import expect

AT = "2026-11-28T12:00:00.000Z"
FORM = {
    "form": "prechat", "title": "Before a person joins", "optional": True,
    "fields": [
        {"name": "name", "label": "Your name", "kind": "text", "required": True},
        {"name": "email", "label": "Where we can write to", "kind": "email", "required": True},
        {"name": "topic", "label": "What is it about?", "kind": "select",
         "options": ["Billing", {"id": "prj", "title": "Projects"}]},
        {"name": "more", "label": "Anything else?", "kind": "textarea"},
        {"name": "agreed", "label": "You may write to me", "kind": "checkbox"},
    ],
}


class Wire:
    """The socket of a customer's chat, between its window and the real server.

    Made before the chat connects. Frames can be put in, and what the widget sends can be kept from
    the server and answered here. After a message of ours the server's own count is behind: such a
    conversation is for looking at.
    """

    def __init__(self, context):
        self.sent = []
        self.answers = {}
        self.conversation = None
        self.last = 0
        self._socket = None
        context.route_web_socket(re.compile(r"/v1/ws$"), self._opened)

    def answer(self, kind, reply):
        """From now on `reply(frame)` answers the frames of a kind for which it returns something:
        an `ack`'s data, or an error as a dictionary with a `code`."""
        self.answers[kind] = reply

    def say(self, kind, /, **data):
        """Sends a frame about the conversation to the widget, as the server would."""
        self._send({"t": kind, "c": self.conversation, "d": data})

    def message(self, kind="agent", text="", **data):
        """A message as the log would have it next."""
        names = {"agent": "Marta Lindqvist", "bot": "Tideline assistant"}
        author = {"kind": kind, "id": f"{kind}_1", "name": names.get(kind, "")}
        message = {"m": f"msg_stage{self.last + 1}", "from": author, "text": text, "at": AT, **data}
        self._send({"t": "msg.new", "c": self.conversation, "s": self.last + 1, "p": self.last,
                    "d": message})
        self.last += 1

    def frames(self, kind):
        """What the widget has sent of a kind."""
        return [frame for frame in self.sent if frame["t"] == kind]

    def _send(self, frame):
        self._socket.send(json.dumps(frame))

    def _opened(self, socket):
        server = socket.connect_to_server()
        self._socket = socket
        socket.on_message(lambda text: self._from_widget(server, text))
        server.on_message(self._from_server)

    def _from_server(self, text):
        frame = json.loads(text)
        if frame.get("c") and "s" in frame:
            self.conversation = frame["c"]
            self.last = max(self.last, frame["s"])
        self._socket.send(text)

    def _from_widget(self, server, text):
        frame = json.loads(text)
        self.sent.append(frame)
        reply = self.answers.get(frame["t"])
        data = reply and reply(frame)
        if not data:
            server.send(text)
            return
        kind = "err" if "code" in data else "ack"
        self._send({"t": kind, "re": frame.get("id"), "c": frame.get("c"), "d": data})


def staged(windows, path="/demo/", config=None, script=None, **options):
    """A customer on a page, whose `wire` and whose site's configuration are ours to change."""
    customer = windows.customer(**options)
    customer.wire = Wire(customer.page.context)
    if config:
        configure(customer.page.context, **config)
    if script:
        customer.page.add_init_script(script)
    return customer.visit(path)


def talking(windows, **options):
    """A staged customer with an answer of the assistant, so that there is a conversation."""
    customer = staged(windows, **options)
    customer.launcher.click()
    customer.is_connected()
    customer.say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    return customer


def configure(context, **changes):
    """Changes the site's configuration as the widget reads it; `site` is merged."""
    def change(route):
        config = answer_to(route.request)
        site = {**config["site"], **changes.get("site", {})}
        route.fulfill(json={**config, **changes, "site": site})

    context.route(re.compile(r"/v1/widget/config\?"), change)


def answer_to(request):
    """The server's answer, as JSON, to what a window asks for.

    Asked here and not by Playwright, whose answers are gone when the page that asked has moved on.
    """
    address = urlsplit(request.url)
    server = HTTPConnection("127.0.0.1", address.port, timeout=20)
    headers = {**request.all_headers(), "host": address.netloc, "accept-encoding": "identity"}
    headers.pop("if-none-match", None)
    path = address.path + (f"?{address.query}" if address.query else "")
    try:
        server.request("GET", path, headers=headers)
        return json.load(server.getresponse())
    finally:
        server.close()


def frame_of(customer):
    """The chat's own document, to run scripts in."""
    return next(each for each in customer.page.frames if "/widget/v1/frame" in each.url)


def png(width, height):
    """The bytes of an image in one colour."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x2f\x70\x60" * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))
