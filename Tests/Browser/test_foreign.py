"""Whom a page with the chat asks for anything: itself and the chat, and nobody else."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from embedding import expect_answer, host, product  # noqa: F401 (fixtures)

LOCAL = {"about", "blob", "data"}


def origin_of(url):
    parts = urlsplit(url)
    return f"{parts.scheme.replace('ws', 'http')}://{parts.netloc}"


@pytest.fixture
def asked():
    """Whoever was asked for something, by the origin; `listen` hears a window's requests."""
    class Asked(dict):
        def listen(self, page):
            page.context.on("request", lambda request: self.note(request.url))
            page.on("websocket", lambda socket: self.note(socket.url))

        def note(self, url):
            if urlsplit(url).scheme not in LOCAL:
                self.setdefault(origin_of(url), []).append(url)

    return Asked()


def test_a_page_with_the_chat_asks_itself_and_the_chat_alone(host, asked):
    asked.listen(host.page)
    host.serve().visit()
    expect_answer(host)
    host.page.evaluate("history.pushState(null, '', '/elsewhere')")
    host.ask_for_a_person()
    expect(host.said_by("system")).to_have_count(1)
    assert set(asked) == {host.product.origin, host.server.url}
    assert any("/v1/ws" in url for url in asked[host.server.url])


def test_no_page_of_the_demo_asks_anybody_else(windows, server, asked):
    customer = windows.customer()
    asked.listen(customer.page)
    customer.visit().open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    for name in ("Projects", "Invoices", "Plan", "Team", "Security", "Help", "Dashboard"):
        customer.go(name)
        expect(customer.page.locator("main h1")).to_be_visible()
    customer.visit("/demo/widget")
    expect(customer.launcher).to_be_visible()
    assert set(asked) == {server.shop, server.url}


def test_neither_does_the_console(windows, server, asked):
    marta = windows.agent("marta")
    asked.listen(marta.page)
    marta.log_in()
    assert set(asked) == {server.url}
