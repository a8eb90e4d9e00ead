"""The whole of it without a mouse."""

import re

from playwright.sync_api import expect


def test_a_customer_needs_no_mouse(customer):
    page, keyboard = customer.page, customer.page.keyboard
    customer.launcher.focus()
    keyboard.press("Enter")
    expect(customer.field).to_be_focused()
    customer.is_connected()
    keyboard.type("My card was declined")
    keyboard.press("Enter")
    expect(customer.said_by("bot")).to_have_count(1)
    # The answer has not taken the focus from who is about to write on.
    expect(customer.field).to_be_focused()

    keyboard.press("Shift+Tab")
    expect(customer.replies.last).to_be_focused()
    for _ in range(customer.replies.count() - 1):
        keyboard.press("Shift+Tab")
    expect(customer.replies.first).to_be_focused()
    title = customer.replies.first.inner_text()
    keyboard.press("Enter")
    expect(customer.line(title).first).to_be_visible()
    expect(customer.said_by("bot")).to_have_count(2)

    keyboard.press("Escape")
    expect(customer.dialog).to_be_hidden()
    expect(customer.launcher).to_be_focused()
    assert page.evaluate("document.activeElement.id") == "maitred"


def test_the_menu_of_the_chat_works_with_arrows_and_escape(customer):
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    more = customer.chat.get_by_role("button", name="More options")
    more.focus()
    more.press("Enter")
    items = customer.chat.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    customer.page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    customer.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    # One press of Escape closes one thing.
    expect(customer.dialog).to_be_visible()


def test_the_transcript_scrolls_with_the_arrows(customer):
    customer.open_chat()
    for question in ("My card was declined", "How do I change my plan?", "I forgot my password"):
        before = customer.said_by("bot").count()
        customer.say(question)
        expect(customer.said_by("bot")).to_have_count(before + 1)
    customer.log.focus()
    log = customer.log.element_handle()
    at_end = log.evaluate("log => log.scrollTop")
    assert at_end > 0
    for key, moved in (("ArrowUp", "top < before"), ("Home", "top === 0"),
                       ("ArrowDown", "top > before"), ("End", "top > before")):
        before = log.evaluate("log => log.scrollTop")
        customer.log.press(key)
        log.owner_frame().wait_for_function(
            f"([log, before]) => (top => {moved})(log.scrollTop)", arg=[log, before])
        expect(customer.log).to_be_focused()


def test_an_agent_needs_no_mouse(customer, marta):
    keyboard = marta.page.keyboard
    customer.open_chat().say("I want to talk to a person")
    expect(marta.offer).to_be_visible()
    marta.page.locator("body").press("y")
    expect(marta.message("I want to talk to a person")).to_be_visible()
    keyboard.press("r")
    expect(marta.field).to_be_focused()
    keyboard.type("/hello")
    options = marta.page.get_by_role("listbox", name="Canned replies").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    keyboard.press("Enter")
    expect(marta.field).to_have_value(re.compile("Hi, thanks for waiting"))
    keyboard.press("Enter")
    expect(customer.said_by("agent")).to_contain_text("Hi, thanks for waiting")
    keyboard.press("Escape")
    keyboard.press("?")
    sheet = marta.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Write a note")
    keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(marta.field).not_to_be_focused()
    marta.page.locator("body").press("e")
    expect(customer.chat.get_by_role("group", name="How was this conversation?")).to_be_visible()
