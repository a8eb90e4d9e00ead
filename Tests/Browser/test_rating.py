"""How a conversation was: asked once after its end, never again."""

import pytest
from playwright.sync_api import expect

from people import Customer


@pytest.fixture
def ended(customer):
    """A conversation with the assistant alone that its customer has ended."""
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    end(customer)
    return customer


def end(customer):
    customer.chat.get_by_role("button", name="More options").click()
    customer.chat.get_by_role("menuitem", name="End conversation").click()
    expect(customer.chat.locator('.change[data-say="resolved"]')).to_be_visible()


def card(customer):
    return customer.chat.get_by_role("group", name="How was this conversation?")


def is_loaded_again(customer):
    """The page is loaded again, and everything that happened is shown again."""
    customer.page.reload()
    customer.is_connected()
    expect(customer.chat.locator("#title")).to_be_visible()


def choose_earlier(customer):
    customer.chat.get_by_role("button", name="More options").click()
    customer.chat.get_by_role("menuitem", name="Earlier conversations").click()
    customer.chat.locator(".earlier__row").first.click()
    expect(customer.chat.locator('.change[data-say="resolved"]')).to_be_visible()


def test_the_assistant_is_rated_too_and_the_team_sees_it(ended, windows):
    expect(card(ended).get_by_role("radio")).to_have_count(5)
    card(ended).get_by_role("radio", name="Good", exact=True).check(force=True)
    ended.chat.get_by_label("Anything to add?").fill("Quick")
    ended.chat.get_by_role("button", name="Send feedback").click()
    expect(ended.chat.get_by_role("status").filter(
        has_text="Thank you for your feedback.")).to_be_visible()
    expect(ended.chat.locator("#rating")).to_have_count(0)
    expect(ended.field).to_be_focused()
    marta = windows.agent("marta").log_in(state="away")
    marta.page.locator("#filter-all").click()
    marta.page.locator("#filter-resolved").click()
    marta.open_first()
    expect(marta.event("Rated 4 of 5")).to_contain_text("Quick")


def test_nobody_is_asked_on_another_device(ended, windows):
    card(ended).get_by_role("radio", name="Good", exact=True).check(force=True)
    ended.chat.get_by_role("button", name="Send feedback").click()
    expect(ended.chat.locator("#rating")).to_have_count(0)
    other = windows.customer().visit().open_chat()
    other.is_connected()
    other.chat.get_by_role("button", name="More options").click()
    other.chat.get_by_role("menuitem", name="Earlier conversations").click()
    with other.page.expect_response(lambda reply: reply.url.endswith("/widget/conversations")):
        other.chat.locator(".earlier__row").first.click()
    expect(other.chat.locator('.change[data-say="resolved"]')).to_be_visible()
    expect(card(other)).to_have_count(0)


@pytest.mark.parametrize("way", ["rated", "skipped"])
def test_nobody_is_asked_again_after_the_page_was_loaded_again(ended, way):
    if way == "rated":
        card(ended).get_by_role("radio", name="Very good").check(force=True)
        ended.chat.get_by_role("button", name="Send feedback").click()
        expect(ended.chat.get_by_text("Thank you for your feedback.")).to_be_visible()
    else:
        ended.chat.get_by_role("button", name="Skip").click()
        expect(card(ended)).to_have_count(0)
    is_loaded_again(ended)
    choose_earlier(ended)
    expect(card(ended)).to_have_count(0)


def test_who_has_not_answered_is_still_asked(ended):
    expect(card(ended)).to_be_visible()
    is_loaded_again(ended)
    choose_earlier(ended)
    expect(card(ended)).to_be_visible()


def test_an_answer_in_one_tab_is_an_answer_in_all(ended, windows, server):
    other = Customer(ended.page.context.new_page(), server).visit().open_chat()
    choose_earlier(other)
    expect(card(other)).to_be_visible()
    card(ended).get_by_role("radio", name="Good", exact=True).check(force=True)
    ended.chat.get_by_role("button", name="Send feedback").click()
    expect(ended.chat.get_by_text("Thank you for your feedback.")).to_be_visible()
    expect(card(other)).to_have_count(0)


def test_a_conversation_that_goes_on_is_rated_no_more(ended):
    expect(card(ended)).to_be_visible()
    ended.say("One more thing")
    expect(ended.chat.locator('.change[data-say="reopened"]')).to_be_visible()
    expect(card(ended)).to_have_count(0)


def test_a_rating_that_does_not_arrive_can_be_sent_again(ended, windows):
    windows.allows_cuts = True
    card(ended).get_by_role("radio", name="Good", exact=True).check(force=True)
    ended.page.context.set_offline(True)
    ended.is_disconnected()
    send = ended.chat.get_by_role("button", name="Send feedback")
    send.click()
    expect(ended.chat.get_by_role("alert").filter(has_text="could not be sent")).to_be_visible()
    ended.page.context.set_offline(False)
    ended.is_connected()
    send.click()
    expect(ended.chat.get_by_text("Thank you for your feedback.")).to_be_visible()
