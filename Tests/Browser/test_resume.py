"""Networks that go and come back, servers that die, pages that are loaded again."""

import re

import pytest
from playwright.sync_api import expect


# What somebody wrote, without the room for its translation.
SAID = ".bubble:not(.translation)"


@pytest.fixture(autouse=True)
def cuts(windows):
    """A browser without a network says so: no complaint in these tests."""
    windows.allows_cuts = True


def test_what_was_written_without_a_network_arrives_once_and_in_order(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    written = [f"written in the tunnel {number}" for number in range(1, 5)]

    customer.page.context.set_offline(True)
    for text in written:
        customer.say(text)
    customer.is_disconnected()
    expect(customer.chat.get_by_text("No connection.")).to_be_visible()
    marta.reply("Are you still there?")
    customer.page.context.set_offline(False)

    customer.is_connected()
    expect(customer.said_by("agent")).to_contain_text("Are you still there?")
    expect(marta.messages.filter(has_text="in the tunnel").locator(SAID)).to_have_text(written)
    # Nothing is on its way any more, so no late copy can follow.
    expect(customer.chat.locator('.line[data-mark="clock"]')).to_have_count(0)
    assert customer.own_texts()[1:] == written


def test_nothing_is_lost_or_doubled_when_the_server_is_killed(customer, marta, server):
    customer.open_chat().say("I want to talk to a person")
    marta.accept().reply("I am on it")
    expect(customer.said_by("agent")).to_contain_text("I am on it")

    server.kill()
    customer.is_disconnected()
    customer.say("first while you were away").say("second while you were away")
    marta.reply("written to nobody")
    server.start()
    customer.is_connected()

    texts = ["first while you were away", "second while you were away"]
    replies = ["I am on it", "written to nobody"]
    expect(marta.messages.filter(has_text="you were away").locator(SAID)).to_have_text(texts)
    expect(customer.said_by("agent").locator(".bubble")).to_have_text(replies)
    assert customer.own_texts()[1:] == texts


def test_an_agent_without_a_network_catches_up(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    marta.page.context.set_offline(True)
    customer.say("do you read me?")
    marta.reply("reply from the tunnel")
    expect(marta.page.locator("#live")).to_have_attribute("data-state", "lost")
    marta.page.context.set_offline(False)
    expect(marta.message("do you read me?")).to_be_visible()
    expect(customer.said_by("agent").locator(".bubble")).to_have_text(["reply from the tunnel"])


def test_a_reload_keeps_the_conversation_and_the_open_chat(customer):
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    answer = customer.said_by("bot").locator(".bubble").inner_text()
    customer.page.reload()
    expect(customer.dialog).to_be_visible()
    expect(customer.said_by("bot").locator(".bubble")).to_have_text(answer, use_inner_text=True)
    assert customer.own_texts() == ["Where can I download my invoice?"]


def test_a_reload_keeps_the_draft_and_what_was_not_sent_yet(windows, server):
    customer = windows.customer().visit()
    site = customer.page.locator("script[data-site]").get_attribute("data-site")
    # By itself: Chromium keeps nothing for a frame in a page of another site but a cookie.
    page = customer.page
    page.goto(f"{server.url}/widget/v1/frame?site={site}")
    connection, field = page.locator("html"), page.get_by_label("Write a message")
    own = page.locator('#log .line[data-kind="customer"]')
    expect(connection).to_have_attribute("data-connection", "online")
    server.kill()
    expect(connection).not_to_have_attribute("data-connection", "online")
    for text in ("first, to nobody", "second, to nobody"):
        field.fill(text)
        field.press("Enter")
        expect(own.filter(has_text=text)).to_have_attribute("data-mark", "clock")
    field.fill("half a thou")
    server.start()
    page.reload()
    expect(own.filter(has_text="second")).to_have_attribute("data-mark", re.compile("tick"))
    expect(own.locator(".bubble")).to_have_text(["first, to nobody", "second, to nobody"])
    expect(field).to_have_value("half a thou")


def test_a_console_that_is_loaded_again_shows_the_same_conversation(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept().reply("Hello")
    expect(marta.message("Hello")).to_have_attribute("data-kind", "message")
    marta.page.reload()
    expect(marta.message("I want to talk to a person")).to_be_visible()
    expect(marta.field).to_be_editable()


def test_unread_answers_are_counted_on_the_launcher(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_be_visible()
    customer.launcher.click()
    expect(customer.dialog).to_be_hidden()
    marta.reply("Found it").reply("All is well now")
    expect(customer.launcher).to_have_accessible_name("Open chat, 2 unread")
    customer.open_chat()
    expect(customer.launcher).to_have_accessible_name("Close chat")
    expect(marta.page.get_by_text("Read by the customer")).to_have_count(2)
