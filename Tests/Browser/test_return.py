"""Customers who come back after their conversation has ended without them."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def answered(customer, marta):
    """Whoever left their page before the team answered and resolved, and is elsewhere now."""
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_be_visible()
    customer.launcher.click()
    expect(customer.dialog).to_be_hidden()
    customer.page.goto("about:blank")
    marta.reply("It works again.")
    expect(marta.message("It works again.")).to_have_attribute("data-kind", "message")
    marta.resolve()
    expect(marta.page.get_by_role("button", name="Resolve", exact=True)).to_be_hidden()
    return customer


def rating(customer):
    return customer.chat.get_by_role("group", name="How was this conversation?")


def test_the_answer_is_counted_shown_and_rated_after_the_return(answered, marta):
    answered.visit()
    expect(answered.launcher).to_have_accessible_name("Open chat, 1 unread")
    answered.open_chat()
    expect(answered.said_by("agent").locator(".bubble")).to_have_text("It works again.")
    expect(answered.chat.locator('.change[data-say="resolved"]')).to_be_visible()
    expect(answered.launcher).to_have_accessible_name("Close chat")
    rating(answered).get_by_role("radio", name="Very good").check(force=True)
    answered.chat.get_by_role("button", name="Send feedback").click()
    expect(answered.chat.get_by_text("Thank you for your feedback.")).to_be_visible()
    expect(marta.event("Rated 5 of 5")).to_be_visible()


@pytest.mark.parametrize("way", ["rated", "skipped"])
def test_what_was_seen_and_rated_makes_way_for_a_new_conversation(answered, way):
    answered.visit().open_chat()
    expect(rating(answered)).to_be_visible()
    if way == "rated":
        rating(answered).get_by_role("radio", name="Good", exact=True).check(force=True)
        answered.chat.get_by_role("button", name="Send feedback").click()
    else:
        answered.chat.get_by_role("button", name="Skip").click()
    expect(rating(answered)).to_have_count(0)
    answered.visit()
    answered.is_connected()
    expect(answered.log).to_contain_text("assistant", ignore_case=True)
    expect(answered.lines).to_have_count(0)
    expect(rating(answered)).to_have_count(0)


def test_whoever_writes_below_it_goes_on_where_they_were(answered, marta):
    answered.visit().open_chat()
    expect(answered.said_by("agent")).to_have_count(1)
    answered.say("Not quite")
    expect(answered.chat.locator('.change[data-say="reopened"]')).to_be_visible()
    expect(marta.message("Not quite")).to_be_visible()
    expect(rating(answered)).to_have_count(0)


def test_another_tab_shows_it_too(answered, windows):
    answered.visit().open_chat()
    expect(answered.said_by("agent")).to_have_count(1)
    second = type(answered)(answered.page.context.new_page(), answered.server).visit().open_chat()
    expect(second.said_by("agent").locator(".bubble")).to_have_text("It works again.")
    expect(rating(second)).to_be_visible()
