"""Two people at one conversation."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def shared(customer, marta, windows):
    """A conversation of Marta's that Jonas looks at; Marta has lost her network."""
    windows.allows_cuts = True
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    jonas = windows.agent("jonas").log_in().open_first()
    expect(jonas.message("I want to talk to a person")).to_be_visible()
    marta.page.context.set_offline(True)
    return jonas


def test_a_reply_that_missed_a_colleagues_reply_is_held_back(shared, customer, marta, windows):
    marta.reply("You need to reset your password")
    shared.take_over().reply("I have just done it for you")
    expect(customer.said_by("agent")).to_have_count(1)
    # Marta takes the conversation back on another machine; the first one knows nothing of it.
    other = windows.agent("marta").log_in().open_first().take_over()
    expect(other.message("I have just done it for you")).to_be_visible()

    marta.page.context.set_offline(False)
    held = marta.held_back("Jonas Adeyemi replied while you were writing")
    expect(held).to_be_visible()
    expect(marta.message("I have just done it for you")).to_be_visible()
    expect(customer.said_by("agent")).to_have_count(1)
    held.get_by_role("button", name="Send anyway").click()
    expect(customer.said_by("agent")).to_contain_text(["I have just done it", "You need to reset"])


def test_a_reply_to_a_conversation_that_was_taken_over_is_held_back(shared, customer, marta):
    marta.reply("Please hold the line")
    shared.take_over()
    marta.page.context.set_offline(False)
    held = marta.held_back("Somebody else has this conversation now")
    held.get_by_role("button", name="Edit").click()
    expect(held).to_have_count(0)
    expect(marta.field).to_have_value("Please hold the line")
    expect(customer.said_by("agent")).to_have_count(0)


def test_an_offer_that_is_declined_goes_to_a_colleague(customer, marta, windows):
    jonas = windows.agent("jonas").log_in(state="away")
    customer.open_chat().say("I want to talk to a person")
    expect(marta.offer).to_be_visible()
    jonas.be("online")
    marta.offer.get_by_role("button", name="Decline").click()
    expect(marta.offer).to_have_count(0)
    jonas.accept().reply("Jonas here")
    expect(customer.said_by("agent")).to_contain_text("Jonas here")
    marta.open_first()
    expect(marta.field).not_to_be_editable()
    expect(marta.page.get_by_text("This conversation is not with you.")).to_be_visible()


def press_while_drawn_anew(page, button, drawn, change):
    """Presses the mouse on a button, and lets go once what it is part of has been drawn anew."""
    button.hover()
    before = drawn.get_attribute("data-state")
    page.mouse.down()
    change()
    expect(drawn).not_to_have_attribute("data-state", before)
    page.mouse.up()


def test_a_press_on_a_row_holds_while_the_row_is_drawn_anew(customer, windows):
    marta = windows.agent("marta").log_in(state="away")
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    row = marta.rows.first
    expect(row).to_be_visible()
    press_while_drawn_anew(marta.page, row, row, lambda: customer.say("Thank you."))
    expect(marta.page.locator("#thread")).to_have_attribute("data-empty", "false")


def test_a_press_on_accept_holds_while_the_offer_is_drawn_anew(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    accept = marta.offer.get_by_role("button", name="Accept")
    expect(accept).to_be_visible()
    press_while_drawn_anew(
        marta.page, accept, marta.offer, lambda: customer.say("It is about invoice INV-2041."))
    expect(marta.field).to_be_editable()
