"""A product of somebody else's that embeds the widget, its pages made by the test."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from people import Customer

STUB = """window.maitred ??= (...call) => new Promise((resolve, reject) =>
    (window.maitred.q ??= []).push({ call, resolve, reject }));"""


class Product:
    """A web server beside ours, with a site of its own on ours."""

    def __init__(self, server):
        self.server = server
        self.pages = {}
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://product.localhost:{self.http.server_port}"
        added = json.loads(
            server.order("site", "add", "Product", "--origin", self.origin, "--json"))
        self.site, self.secret = added["key"], added["identity_secret"]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def _handler(self):
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                markup, headers = pages.get(self.path.partition("?")[0], (None, {}))
                self.send_response(200 if markup is not None else 404)
                kind = {"Content-Type": "text/html; charset=utf-8"}
                for name, value in {**kind, **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write((markup or "").encode())

            def log_message(self, *_):
                pass

        return Handler


class Host(Customer):
    """A customer of the product."""

    def __init__(self, page, product):
        super().__init__(page, product.server)
        self.product = product
        self.site = product.site
        self.told = []
        page.on("websocket", lambda socket: socket.on("framesent", self._sent))

    def serve(self, path="/own", *, head="", body="<h1>Own page</h1>", options="",
              loader=True, headers=None, icon="data:,"):
        """Puts a page there; `options` are attributes of the script, `head` comes before it."""
        script = (f'<script async src="{self.server.url}/widget/v1/loader.js" '
                  f'data-site="{self.site}" {options}></script>' if loader else "")
        markup = (f'<!doctype html><html lang="en"><head><link rel="icon" href="{icon}">'
                  f"<title>Own page</title>{head}{script}</head><body>{body}</body></html>")
        self.product.pages[path] = (markup, headers or {})
        return self

    def visit(self, path="/own"):
        self.page.goto(self.product.origin + path)
        return self

    def call(self, *values):
        """Calls `maitred` and waits for its Promise; the message of a rejection is the answer."""
        return self.page.evaluate(
            """values => Promise.race([
                maitred(...values).then((value) => value ?? null, (error) => error.message),
                new Promise((resolve) => setTimeout(resolve, 10_000, "no answer"))])""",
            list(values))

    def hear(self, event):
        """Keeps what an event tells in `heard`."""
        self.page.evaluate(
            """name => maitred("on", name, (detail) =>
                (window.heard ??= []).push([name, detail ?? null])).then(() => null)""", event)

    def heard(self, event):
        """Waits for the event; returns what came with it first."""
        found = self.page.wait_for_function(
            "name => (window.heard ?? []).find(([each]) => each === name)", arg=event)
        return found.json_value()[1]

    def contexts(self):
        """What pages the server was told of."""
        return [frame["d"] for frame in self.told if frame["t"] == "context"] + [
            frame["d"]["context"] for frame in self.told
            if frame["t"] == "hello" and frame["d"].get("context")]

    def is_told(self, until):
        """Waits until a context of which `until` holds has left the browser; returns it."""
        for _ in range(100):
            for context in self.contexts():
                if until(context):
                    return context
            # Lets the events of the socket in, which arrive while Playwright waits.
            self.page.wait_for_timeout(50)
        raise AssertionError(f"nobody was told; only of {self.contexts()}")

    def _sent(self, frame):
        try:
            self.told.append(json.loads(frame))
        except ValueError:
            pass


@pytest.fixture
def product(server):
    running = Product(server)
    yield running
    running.close()


@pytest.fixture
def host(windows, product):
    """A customer of the product, on none of its pages yet."""
    return Host(windows.page(), product)


def expect_answer(host):
    """One question and its answer: the whole of the chat works."""
    host.open_chat().say("Where can I download my invoice?")
    expect(host.said_by("bot")).to_have_count(1)
