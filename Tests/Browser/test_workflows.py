# ruff: noqa: F811
"""A process of the assistant: what a customer sees of it, and what it leaves for an agent to do."""

import pytest
from playwright.sync_api import expect

from people import NARROW, WIDE
from test_accessibility import UNFIT
from test_assist import folder, server  # noqa: F401
from test_plugins_page import RIGHT_TO_LEFT, TOO_WIDE
from test_screenshots import FOLDER, take

REFUND = """
title: Get money back
intents: [change_email]
identified: false
steps:
  charge: {ask: Which payment is it?, code: "ch_0000"}
  why:
    ask: What went wrong?
    options: [{value: twice, title: I was charged twice}, {value: wrong, title: The wrong amount}]
  sure: {confirm: "Shall I have **{{charge}}** paid back?"}
  refund: {do: writer.refund, with: {charge: "{{charge}}", reason: "{{why}}"}}
  done: {end: "{{refund.summary}}"}
"""


@pytest.fixture
def shopper(windows, server, tmp_path):
    (tmp_path / "money_back.yaml").write_text(REFUND)
    server.order("import", "workflows", tmp_path)
    shopper = windows.customer().visit().open_chat().say("How do I change my email?")
    expect(shopper.line("Which payment is it?")).to_be_visible()
    return shopper


def press(shopper, title):
    shopper.chat.get_by_role("button", name=title, exact=True).click()


def up_to_the_end(shopper):
    shopper.say("ch_1001")
    press(shopper, "I was charged twice")
    expect(shopper.line("Shall I have ch_1001 paid back?")).to_be_visible()
    press(shopper, "Yes")
    expect(shopper.line("bringing in a person")).to_be_visible()


def left(agent):
    return agent.page.locator(".proposal")


def test_what_the_assistant_may_not_do_stands_filled_in_before_the_agent(
        windows, shopper):
    marta = windows.agent("marta").log_in()
    up_to_the_end(shopper)
    marta.accept()
    windows.allows_cuts = True
    card = left(marta)
    expect(card.get_by_role("heading", name="Left for you to do: Refund a charge")).to_be_visible()
    expect(marta.event("Get money back: asked for “sure”")).to_have_count(1)
    expect(marta.event("Get money back: a person goes on from “refund”")).to_have_count(1)
    card.get_by_role("button", name="Review…").click()
    dialog = marta.page.get_by_role("dialog", name="Refund a charge")
    expect(dialog.get_by_label("Charge")).to_have_value("ch_1001")
    expect(dialog.get_by_label("Reason")).to_have_value("twice")
    dialog.locator("#action-run").click()
    dialog.get_by_role("button", name="Yes: Refund a charge").click()
    expect(dialog.get_by_role("status")).to_have_text("25.00 are on their way.")
    marta.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    # Whoever looks at it later is not asked to do it again.
    marta.page.reload()
    marta.open_first()
    expect(marta.event("Refund a charge – done.")).to_have_count(1)
    expect(card).to_have_count(0)


def test_questions_are_not_asked_to_be_judged(shopper):
    expect(shopper.line("Which payment is it?")).to_be_visible()
    expect(shopper.chat.get_by_text("Was this helpful?")).to_have_count(0)


def test_a_customer_can_let_it_be(shopper):
    shopper.say("Never mind.")
    expect(shopper.line("I have left it as it is")).to_be_visible()


LOOKS = [("light", "light", WIDE, ""), ("dark", "dark", WIDE, ""),
         ("narrow", "light", NARROW, ""), ("rtl", "light", WIDE, RIGHT_TO_LEFT)]


@pytest.mark.parametrize(("name", "scheme", "size", "script"), LOOKS, ids=[x[0] for x in LOOKS])
def test_what_is_left_fits_beside_the_conversation(
        windows, shopper, name, scheme, size, script):
    FOLDER.mkdir(exist_ok=True)
    marta = windows.agent("marta", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    marta.page.add_init_script(script)
    marta.log_in()
    up_to_the_end(shopper)
    take(shopper, f"workflow-customer-{name}")
    marta.accept()
    expect(left(marta)).to_be_visible()
    # What was answered last is not what it is about, and no article is about "Yes".
    expect(marta.page.get_by_text("Probably about change my e-mail").first).to_be_attached()
    expect(marta.page.locator(".suggested").filter(has_text="Goodbye")).to_have_count(0)
    take(marta, f"workflow-{name}")
    assert left(marta).evaluate(TOO_WIDE) is False
    assert marta.page.locator("html").evaluate(UNFIT) == []
