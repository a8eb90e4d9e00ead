"""Messages whose network is cut at every step of being sent: each is stored once, and in order."""

import re

import pytest
from playwright.sync_api import expect

from network import Ledger, far_server, its_ledger, its_network, keeping  # noqa: F401
from people import LONGEST_WAIT, Customer


def frame_of(t):
    return lambda frame: frame["t"] == t


def is_ack_of_message(frame):
    return frame["t"] == "ack" and "m" in frame.get("d", {})


def is_own_message(frame):
    return frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "customer"


STEPS = {
    "before it leaves": ("up", frame_of("msg.send"), False),
    "before its ack arrives": ("down", is_ack_of_message, False),
    "between its ack and its event": ("down", is_ack_of_message, True),
    "before its event arrives": ("down", is_own_message, False),
    "after its event": ("down", is_own_message, True),
}
RESUMING = {
    "at the hello": ("up", frame_of("hello"), False),
    "at the welcome": ("down", frame_of("welcome"), False),
    "after the welcome": ("down", frame_of("welcome"), True),
    "at what was missed": ("down", frame_of("msg.new"), False),
    "at the repeat": ("up", frame_of("msg.send"), False),
    "at the repeat's ack": ("down", is_ack_of_message, False),
}


@pytest.fixture(autouse=True)
def cuts(windows):
    windows.allows_cuts = True


@pytest.fixture
def customer(windows, server):
    return windows.customer().visit()


def is_sent(customer, *texts):
    """All of it is shown once, in order, with a tick, and nothing is on its way."""
    last = customer.line(texts[-1])
    expect(last).to_have_attribute("data-mark", re.compile("^ticks?$"), timeout=LONGEST_WAIT)
    expect(customer.chat.locator('.line[data-mark="clock"], .line[data-mark="failed"]')
           ).to_have_count(0)
    assert customer.own_texts() == list(texts)


@pytest.mark.parametrize("step", STEPS)
def test_a_message_survives_a_cut(customer, network, ledger, step):
    customer.open_chat().say("one")
    is_sent(customer, "one")
    cut = network.cut_at(*STEPS[step])
    customer.say("two").say("three")
    assert cut.wait(10)
    customer.is_disconnected()
    network.mend()
    is_sent(customer, "one", "two", "three")
    assert ledger.written() == ["one", "two", "three"]


@pytest.mark.parametrize("step", STEPS)
def test_a_message_that_begins_a_conversation_survives_a_cut(customer, network, ledger, step):
    customer.open_chat()
    cut = network.cut_at(*STEPS[step])
    customer.say("one").say("two")
    assert cut.wait(10)
    network.mend()
    is_sent(customer, "one", "two")
    assert ledger.written() == ["one", "two"]


@pytest.mark.parametrize("step", RESUMING)
def test_a_message_survives_a_cut_during_the_return(customer, network, ledger, step):
    customer.open_chat().say("one")
    is_sent(customer, "one")
    lost = network.cut_at("down", is_ack_of_message)
    customer.say("two").say("three")
    assert lost.wait(10)
    again = network.cut_at(*RESUMING[step])
    network.is_cut = False
    assert again.wait(20)
    network.mend()
    is_sent(customer, "one", "two", "three")
    assert ledger.written() == ["one", "two", "three"]


def test_a_message_survives_the_servers_death(customer, network, server):
    customer.open_chat().say("one")
    is_sent(customer, "one")
    lost = network.cut_at("down", is_ack_of_message)
    customer.say("two").say("three")
    assert lost.wait(10)
    server.kill()
    network.mend()
    customer.is_disconnected()
    server.start()
    is_sent(customer, "one", "two", "three")
    assert Ledger(server).written() == ["one", "two", "three"]


def test_the_mark_of_a_message_goes_from_clock_to_tick_to_double_tick(
        windows, marta, customer, network):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    network.refuse_sockets()
    marta.page.close()
    customer.say("two")
    expect(customer.line("two")).to_have_attribute("data-mark", "clock")
    network.mend()
    expect(customer.line("two")).to_have_attribute("data-mark", "tick")
    windows.agent("marta").log_in().open_first()
    expect(customer.line("two")).to_have_attribute("data-mark", "ticks")


def test_a_refused_message_says_why_and_lets_others_pass(customer, ledger):
    customer.open_chat().say("one")
    is_sent(customer, "one")
    customer.page.evaluate("maitred('ask', 'long '.repeat(2000))")
    refused = customer.chat.locator('.line[data-mark="failed"]')
    expect(refused.get_by_role("alert")).to_be_visible()
    customer.say("two")
    expect(customer.line("two")).to_have_attribute("data-mark", re.compile("tick"))
    refused.get_by_role("button", name="Try again").click()
    expect(refused).to_have_count(1)
    refused.get_by_role("button").last.click()
    expect(refused).to_have_count(0)
    assert customer.field.input_value().startswith("long long")
    assert ledger.written() == ["one", "two"]


def test_a_socket_that_only_looks_open_is_left_after_a_hint(customer, network, ledger):
    customer.open_chat().say("one")
    is_sent(customer, "one")
    network.hold()
    customer.say("two")
    expect(customer.line("two")).to_have_attribute("data-mark", "clock")
    customer.lines.first.evaluate("() => dispatchEvent(new Event('online'))")
    is_sent(customer, "one", "two")
    assert ledger.written() == ["one", "two"]


class TestWhereThePageMayStoreThings:
    @pytest.fixture(scope="class")
    @classmethod
    def chromium(cls, chromium):
        yield from keeping(chromium)

    def test_a_tab_that_is_closed_right_after_sending_has_sent(self, customer, network, ledger):
        customer.open_chat().say("one")
        is_sent(customer, "one")
        network.refuse_sockets()
        customer.say("two").say("three")
        context = customer.page.context
        customer.page.close()
        network.mend()
        again = Customer(context.new_page(), customer.server).visit().open_chat()
        is_sent(again, "one", "two", "three")
        assert ledger.written() == ["one", "two", "three"]

    def test_what_was_written_offline_is_there_after_a_reload(self, customer, network, ledger):
        customer.open_chat().say("one")
        is_sent(customer, "one")
        network.refuse_sockets()
        customer.is_disconnected()
        customer.say("two").say("three")
        customer.field.fill("half a thou")
        customer.page.reload()
        expect(customer.line("two")).to_have_attribute("data-mark", "clock")
        expect(customer.line("three")).to_have_attribute("data-mark", "clock")
        expect(customer.field).to_have_value("half a thou")
        network.mend()
        is_sent(customer, "one", "two", "three")
        assert ledger.written() == ["one", "two", "three"]

    def test_a_draft_stays_in_its_tab_from_page_to_page(self, customer):
        customer.open_chat().say("one")
        is_sent(customer, "one")
        customer.field.fill("of the first tab")
        other = Customer(customer.page.context.new_page(), customer.server).visit().open_chat()
        expect(other.line("one")).to_be_visible()
        expect(other.field).to_have_value("")
        other.field.fill("of the second tab")
        customer.go("Plan")
        expect(customer.field).to_have_value("of the first tab")
        other.page.reload()
        expect(other.field).to_have_value("of the second tab")
