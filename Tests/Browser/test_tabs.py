"""Several tabs of one customer: one session, one socket, one conversation."""

import re
import time
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from network import far_server, its_ledger, its_network, keeping  # noqa: F401
from people import LONGEST_WAIT, Customer

TAKES_OVER_WITHIN = 5


def is_ack_of_message(frame):
    return frame["t"] == "ack" and "m" in frame.get("d", {})


@pytest.fixture(autouse=True)
def cuts(windows):
    windows.allows_cuts = True


@pytest.fixture(params=["locks", "no locks"], scope="module")
def chromium(request, chromium):
    """Tabs agree by the browser's locks, and by word of mouth where it refuses those."""
    if request.param == "locks":
        yield from keeping(chromium)
    else:
        yield chromium


class Tabs:
    """Tabs of one browser, the first of which leads."""

    def __init__(self, first):
        self.context = first.page.context
        self.server = first.server
        self.all = [first]

    def __getitem__(self, index):
        return self.all[index]

    def open(self, path="/demo/"):
        tab = Customer(self.context.new_page(), self.server).visit(path).open_chat()
        self.all.append(tab)
        return tab


@pytest.fixture
def tabs(windows, network):
    """Three tabs with the chat open, in which "one" was said."""
    opened = Tabs(windows.customer().visit().open_chat())
    opened[0].say("one")
    expect(opened[0].line("one")).to_have_attribute("data-mark", re.compile("tick"))
    opened.open()
    opened.open()
    for tab in opened.all:
        expect(tab.line("one")).to_be_visible()
    return opened


def show_once(tabs, *texts):
    """Every tab shows all of it once, with a tick, and nothing on its way."""
    for tab in tabs:
        expect(tab.line(texts[-1])).to_have_attribute(
            "data-mark", re.compile("tick"), timeout=LONGEST_WAIT)
        expect(tab.chat.locator('.line[data-mark="clock"]')).to_have_count(0)
    return [tab.own_texts() for tab in tabs] == [list(texts)] * len(tabs)


def frame_of(tab):
    return next(filter(is_chat, tab.page.frames))


def is_chat(frame):
    return "/widget/v1/frame" in frame.url


def look_at(tab, *others):
    """The customer has one tab in front; the others are hidden."""
    for each, state in [*((other, "hidden") for other in others), (tab, "visible")]:
        frame_of(each).evaluate("""state => {
            Object.defineProperty(document, "visibilityState",
                { configurable: true, get: () => state });
            document.dispatchEvent(new Event("visibilitychange"));
        }""", state)


def test_all_tabs_share_one_socket_and_show_the_same(tabs, network, ledger):
    assert network.sockets() == 1
    tabs[2].say("two")
    assert show_once(tabs.all, "one", "two")
    tabs[1].say("three")
    assert show_once(tabs.all, "one", "two", "three")
    assert network.sockets() == 1
    assert ledger.written() == ["one", "two", "three"]
    for tab in tabs.all:
        expect(tab.chat.locator("#connection")).to_be_hidden()


def test_what_two_tabs_say_at_once_is_one_conversation(windows, network, ledger):
    tabs = Tabs(windows.customer().visit().open_chat())
    tabs.open()
    tabs[0].write("from the first")
    tabs[1].write("from the second")
    for tab in tabs.all:
        frame_of(tab).evaluate("""() => setTimeout(() => document.querySelector("#message")
            .dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true,
                cancelable: true })), 100)""")
    for tab in tabs.all:
        for text in ("from the first", "from the second"):
            expect(tab.line(text)).to_have_attribute(
                "data-mark", re.compile("tick"), timeout=LONGEST_WAIT)
    written = ledger.written()
    assert sorted(written) == ["from the first", "from the second"]
    for tab in tabs.all:
        assert tab.own_texts() == written


def test_another_tab_takes_over_when_the_leader_is_closed(tabs, network, ledger):
    tabs[0].page.close()
    began = time.monotonic()
    tabs[1].say("two")
    assert show_once(tabs.all[1:], "one", "two")
    assert time.monotonic() - began < TAKES_OVER_WITHIN
    assert network.sockets() == 1
    assert ledger.written() == ["one", "two"]


@pytest.mark.parametrize("writer", [0, 1])
def test_what_was_being_sent_when_the_leader_was_closed_is_sent_once(
        tabs, network, ledger, writer):
    lost = network.cut_at("down", is_ack_of_message, holds=True)
    tabs[writer].say("two")
    assert lost.wait(10)
    expect(tabs[2].line("two")).to_have_attribute("data-mark", "clock")
    tabs[0].page.close()
    tabs[2].say("three")
    assert show_once(tabs.all[1:], "one", "two", "three")
    assert ledger.written() == ["one", "two", "three"]


def test_another_tab_takes_over_when_the_chat_is_taken_out_of_the_leaders_page(
        tabs, network, ledger):
    frame = frame_of(tabs[0])
    with tabs[0].page.expect_event("framedetached", lambda gone: gone == frame):
        tabs[0].page.evaluate("document.querySelector('#maitred').remove()")
    tabs[1].say("two")
    assert show_once(tabs.all[1:], "one", "two")
    assert ledger.written() == ["one", "two"]


def test_another_tab_takes_over_when_the_leader_crashes(tabs, network, ledger):
    with tabs[0].page.expect_event("crash"), suppress(Error):
        tabs[0].page.goto("chrome://crash")
    tabs[1].say("two")
    assert show_once(tabs.all[1:], "one", "two")
    assert ledger.written() == ["one", "two"]


def test_another_tab_takes_over_from_a_frozen_one_which_then_follows(tabs, network, ledger):
    session = tabs.context.new_cdp_session(tabs[0].page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    tabs[1].say("two")
    assert show_once(tabs.all[1:], "one", "two")
    session.send("Page.setWebLifecycleState", {"state": "active"})
    tabs[0].is_connected()
    tabs[0].say("three")
    assert show_once(tabs.all, "one", "two", "three")
    assert network.sockets() == 1
    assert ledger.written() == ["one", "two", "three"]


def test_what_every_tab_wrote_without_a_network_arrives_once(tabs, network, ledger):
    network.refuse_sockets()
    for tab, text in zip(tabs.all, ("two", "three", "four")):
        tab.say(text)
    for tab in tabs.all:
        expect(tab.line("four")).to_have_attribute("data-mark", "clock")
    network.mend()
    assert show_once(tabs.all, "one", "two", "three", "four")
    assert ledger.written() == ["one", "two", "three", "four"]


def test_what_is_read_in_one_tab_is_read_in_all(marta, tabs):
    marta.accept()
    for tab in tabs.all:
        expect(tab.chat.locator('.change[data-say="joined"]')).to_be_visible()
        tab.page.bring_to_front()
        tab.launcher.click()
        expect(tab.dialog).to_be_hidden()
    marta.reply("Found it").reply("All is well now")
    for tab in tabs.all:
        expect(tab.launcher).to_have_accessible_name("Open chat, 2 unread")
    tabs[2].page.bring_to_front()
    tabs[2].open_chat()
    for tab in tabs.all[:2]:
        expect(tab.launcher).to_have_accessible_name("Open chat")


def test_the_page_of_the_tab_in_front_is_the_one_that_counts(marta, tabs):
    marta.accept()
    tabs[1].page.bring_to_front()
    tabs[1].go("Team")
    expect(marta.page_moves("Team")).to_be_visible()
    here = marta.panel.locator("section").filter(has_text="On this page now")
    look_at(tabs[0], tabs[1], tabs[2])
    expect(here).to_contain_text("Dashboard")
    tabs[1].go("Security")
    tabs[0].page.bring_to_front()
    tabs[0].go("Projects")
    expect(here).to_contain_text("Projects")
    assert marta.page_moves("Security").count() == 0
    look_at(tabs[1], tabs[0], tabs[2])
    expect(here).to_contain_text("Security")


def test_an_end_in_one_tab_ends_all_and_leaves_nothing(tabs, network):
    frame = frame_of(tabs[2])
    assert is_kept(frame)
    with tabs[1].page.expect_request("**/v1/widget/sessions/end") as asked:
        tabs[1].page.evaluate("maitred('shutdown')")
    assert asked.value.headers["authorization"].startswith("Bearer ")
    for tab in tabs.all:
        expect(tab.page.locator("#maitred")).to_have_count(0)
    wait_until(lambda: network.sockets() == 0)
    tab = Customer(tabs.context.new_page(), tabs.server).visit()
    with tab.page.expect_event("framenavigated", is_chat):
        tab.launcher.hover()
    assert not is_kept(frame_of(tab))


def is_kept(frame):
    """Whether this browser can come back as the same customer."""
    return frame.evaluate("""() => {
        try { return Object.keys(localStorage).some((key) => key.endsWith(":visitor")); }
        catch { return document.cookie.includes("visitor"); }
    }""")


def wait_until(is_so, patience=10):
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
