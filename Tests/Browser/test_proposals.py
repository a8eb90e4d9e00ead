# ruff: noqa: F811
"""What a draft suggests to do: a card, and nothing is done before an agent has sent it."""

import pytest
from playwright.sync_api import expect

from people import NARROW, WIDE
from test_accessibility import UNFIT
from test_assist import act, folder, server, shopper, talk  # noqa: F401
from test_plugins_page import RIGHT_TO_LEFT, TOO_WIDE
from test_screenshots import FOLDER, take

TITLE = "The draft suggests: Refund a charge"


def card(agent):
    return agent.page.locator(".proposal")


def draft(agent, shopper):
    """Asks for a draft for somebody whose money is to be given back."""
    shopper.say("I was charged twice!")
    expect(agent.message("charged twice")).to_be_visible()
    agent.page.locator("#draft").click()
    expect(agent.page.locator("#composer .assist__preview")).to_have_text("Yearly plans")
    act(agent, "finish")
    expect(card(agent)).to_have_count(1)


def review(agent):
    card(agent).get_by_role("button", name="Review…").click()
    return agent.page.get_by_role("dialog", name="Refund a charge")


def test_a_proposal_is_done_once_an_agent_has_looked_at_it_and_agreed(talk, shopper, windows):
    windows.allows_cuts = True
    draft(talk, shopper)
    expect(card(talk).get_by_role("heading", name=TITLE)).to_be_visible()
    expect(card(talk)).to_contain_text("Moves money")
    expect(card(talk)).to_contain_text("You will be asked: Refund a charge?")
    said = card(talk).locator("dd")
    expect(said).to_have_text(["ch_1001", "2500", "Charged twice on 3 November", "yes"])
    expect(talk.page.get_by_role("status").filter(has_text="An action is suggested below")
           ).to_have_count(1)
    dialog = review(talk)
    expect(dialog.get_by_label("Charge")).to_have_value("ch_1001")
    expect(dialog.get_by_label("Amount in cents")).to_have_value("2500")
    # Nothing has been sent yet, and who goes away finds the card again.
    talk.page.keyboard.press("Escape")
    expect(card(talk).get_by_role("button", name="Review…")).to_be_focused()
    expect(talk.page.locator(".event").filter(has_text="Refund a charge")).to_have_count(0)
    dialog = review(talk)
    dialog.get_by_label("Amount in cents").fill("2000")
    dialog.locator("#action-run").click()
    expect(dialog.get_by_role("alert").filter(has_text="Refund a charge?")).to_be_visible()
    dialog.get_by_role("button", name="Yes: Refund a charge").click()
    expect(dialog.get_by_role("status")).to_have_text("25.00 are on their way.")
    talk.page.keyboard.press("Escape")
    # What was sent is not suggested any more: a second press would be a second refund.
    expect(card(talk)).to_have_count(0)
    expect(talk.page.locator("#draft")).to_be_focused()
    expect(talk.event("Marta Lindqvist: Refund a charge – done.")).to_have_count(1)


def test_a_proposal_can_be_dismissed_and_outlasts_the_reply(talk, shopper):
    draft(talk, shopper)
    talk.reply("I am looking into it.")
    expect(talk.message("looking into it")).to_be_visible()
    expect(card(talk)).to_have_count(1)
    card(talk).get_by_role("button", name="Dismiss: Refund a charge").press("Enter")
    expect(card(talk)).to_have_count(0)
    expect(talk.page.locator("#draft")).to_be_focused()
    expect(talk.page.get_by_role("list", name="Suggested actions")).to_have_count(0)


def test_a_proposal_stays_while_a_note_is_written(talk, shopper):
    draft(talk, shopper)
    talk.page.locator("#mode-note").click()
    expect(card(talk)).to_be_visible()
    card(talk).get_by_role("button", name="Dismiss: Refund a charge").click()
    expect(card(talk)).to_have_count(0)
    expect(talk.field).to_be_focused()


def test_the_next_draft_takes_the_place_of_a_proposal(talk, shopper):
    draft(talk, shopper)
    shopper.say("Do plans renew by themselves?")
    expect(talk.message("renew by themselves")).to_be_visible()
    talk.page.locator("#draft").click()
    expect(card(talk)).to_have_count(0)
    act(talk, "finish")
    expect(talk.field).to_have_value("Yearly plans are renewed by themselves.")
    expect(card(talk)).to_have_count(0)


def test_a_proposal_does_not_follow_into_another_conversation(talk, shopper):
    draft(talk, shopper)
    act(talk, "letter")
    talk.accept()
    expect(talk.message("I wrote a letter")).to_be_visible()
    expect(talk.page.locator("#draft")).to_be_visible()
    expect(card(talk)).to_have_count(0)


LOOKS = [("light", "light", WIDE, ""), ("dark", "dark", WIDE, ""),
         ("narrow", "light", NARROW, ""), ("rtl", "light", WIDE, RIGHT_TO_LEFT)]


@pytest.mark.parametrize(("name", "scheme", "size", "script"), LOOKS, ids=[x[0] for x in LOOKS])
def test_a_proposal_fits_and_can_be_looked_at(shopper, windows, name, scheme, size, script):
    FOLDER.mkdir(exist_ok=True)
    marta = windows.agent("marta", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    marta.page.add_init_script(script)
    marta.log_in()
    marta.accept()
    expect(marta.page.locator("#draft")).to_be_visible()
    draft(marta, shopper)
    # The card takes its place from the conversation, whose end stays in view.
    expect(marta.message("charged twice")).to_be_in_viewport()
    take(marta, f"proposal-{name}")
    assert card(marta).evaluate(TOO_WIDE) is False
    assert marta.page.locator("html").evaluate(UNFIT) == []
    review(marta)
    take(marta, f"proposal-form-{name}")
