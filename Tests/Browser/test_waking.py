"""A chat whose page was put away, or whose computer was: what tells it to look after its socket."""

import re

import pytest
from playwright.sync_api import expect

from network import far_server, its_ledger, its_network  # noqa: F401
from stage import frame_of
from test_outbox import is_sent

HINTS = {
    "the network is back": "dispatchEvent(new Event('online'))",
    "the page is shown again": "dispatchEvent(new PageTransitionEvent('pageshow', "
                               "{ persisted: true }))",
    "the page is seen again": "document.dispatchEvent(new Event('visibilitychange'))",
}
UNSEEN = """Object.defineProperty(document, "visibilityState",
    { configurable: true, get: () => "hidden" });
document.dispatchEvent(new Event("visibilitychange"));"""
SEEN = "delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'));"


@pytest.fixture(autouse=True)
def cuts(windows):
    windows.allows_cuts = True


@pytest.fixture
def customer(windows):
    """A customer who has said "one", with the chat's socket."""
    customer = windows.customer()
    with customer.page.expect_websocket() as opened:
        customer.visit().open_chat().say("one")
    is_sent(customer, "one")
    customer.socket = opened.value
    return customer


def is_ping(text):
    return re.search(r'"t": ?"ping"', str(text)) is not None


@pytest.mark.parametrize("hint", HINTS)
def test_a_socket_that_only_looks_open_is_asked_at_once_and_left(customer, network, ledger, hint):
    network.hold()
    customer.say("two")
    expect(customer.line("two")).to_have_attribute("data-mark", "clock")
    # Of itself it would ask after the silence of a heartbeat, which is longer than this waits.
    with customer.socket.expect_event("framesent", is_ping, timeout=10_000):
        frame_of(customer).evaluate(HINTS[hint])
    is_sent(customer, "one", "two")
    assert ledger.written() == ["one", "two"]


def test_a_page_that_is_hidden_asks_nothing(customer, network):
    frame_of(customer).evaluate(UNSEEN)
    # What is said afterwards arrives after whatever was sent before.
    customer.say("two")
    is_sent(customer, "one", "two")
    assert network.sent("ping") == []
    with customer.socket.expect_event("framesent", is_ping, timeout=10_000):
        frame_of(customer).evaluate(SEEN)
