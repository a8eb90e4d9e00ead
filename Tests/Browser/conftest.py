"""A server of its own for every test, and windows of Debian's Chromium on it."""

import re
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

import server as servers
from people import WIDE, Agent, Customer

START = {"executable_path": "/usr/bin/chromium",
         "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]}
PATIENCE = 20_000
# A console that nobody is logged in to asks who is there, and Chromium takes note of the answer.
NOBODY = "/v1/auth/session"
# What Chromium writes to the console when a request finds nobody: part of every cut.
CUT = re.compile(r"net::ERR_|WebSocket connection to|Failed to load resource")
WATCH_POLICY = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`))"""


def pytest_configure():
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def workspace():
    """A demo workspace to copy; its server has trained and stopped."""
    folder = servers.temporary_folder()
    yield servers.prepared(folder / "prepared")
    shutil.rmtree(folder)


@pytest.fixture
def server(workspace):
    folder = servers.temporary_folder()
    running = workspace.copy(folder / "data").start()
    yield running
    # A tidy end takes a second that nobody needs; the workspace's own server had one.
    running.kill()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**START)
        yield browser
        browser.close()


class Windows:
    """Opens windows, each of a person of its own, and remembers what went wrong in them."""

    def __init__(self, chromium, server):
        self.chromium = chromium
        self.server = server
        self.contexts = []
        self.problems = []
        self.allows_cuts = False

    def page(self, **options):
        context = self.chromium.new_context(**{"viewport": WIDE, "locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH_POLICY)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.problems.append(f"thrown: {error.error}"))
        self.contexts.append(context)
        return context.new_page()

    def customer(self, **options):
        return Customer(self.page(**options), self.server)

    def agent(self, name="marta", **options):
        return Agent(self.page(**options), self.server, name)

    def close(self):
        for context in self.contexts:
            context.close()

    def _said(self, message):
        is_expected = (self.allows_cuts and CUT.search(message.text)
                       or message.location["url"].endswith(NOBODY))
        if message.type in ("error", "warning") and not is_expected:
            self.problems.append(f"{message.type}: {message.text} {message.location['url']}")


@pytest.fixture
def windows(chromium, server):
    opened = Windows(chromium, server)
    yield opened
    opened.close()
    assert opened.problems == [], "the browser complained"


@pytest.fixture
def customer(windows):
    """A customer on the demo's first page, the chat closed."""
    return windows.customer().visit()


@pytest.fixture
def marta(windows):
    """An agent with every skill, logged in and online."""
    return windows.agent("marta").log_in()
