"""Why the assistant did what it did, and what the customer had meant."""

import json
import re

import pytest
from playwright.sync_api import expect

from people import NARROW
from test_accessibility import UNFIT

QUESTION = "Where can I download my invoice?"
TITLE = "Find or download an invoice"


@pytest.fixture
def answered(customer):
    """A customer whose question the assistant has answered."""
    customer.open_chat().say(QUESTION)
    expect(customer.said_by("bot")).to_have_count(1)
    return customer


@pytest.fixture
def reader(answered, windows):
    """An agent who looks at it, and has nothing else to do."""
    reader = windows.agent("marta").log_in(state="away").open_first()
    expect(reader.message(QUESTION)).to_be_visible()
    return reader


def test_the_reasons_open_without_a_mouse(reader):
    decision = reader.event("Assistant answered")
    summary, why = decision.locator("summary"), decision.locator(".why")
    expect(summary).to_contain_text(TITLE)
    expect(why).to_be_hidden()
    summary.focus()
    reader.page.keyboard.press("Enter")
    expect(why).to_be_visible()
    expect(why).to_contain_text(f"It answered “{TITLE}”, because it was sure enough.")
    expect(why).to_contain_text(re.compile(r"\d % sure, [\d.]+ % needed"))
    assert reader.page.locator("html").evaluate(UNFIT) == []

    word = why.get_by_role("listitem").filter(has_text="invoice").first
    expect(word).to_contain_text(re.compile(r"\+\d+\.\d\d"))
    expect(why).to_contain_text("Everything else")
    expect(why).to_contain_text("Ahead of “")
    expect(why).to_contain_text("Closest known example")
    reader.page.keyboard.press("Enter")
    expect(why).to_be_hidden()


def test_what_is_listed_adds_up(reader):
    decision = reader.event("Assistant answered")
    decision.locator("summary").click()
    weights = decision.locator(".evidence__weight")
    expect(weights.last).to_be_visible()
    *parts, total = [float(text.replace("−", "-")) for text in weights.all_inner_texts()]
    assert len(parts) > 1
    # Each of them is rounded by half a hundredth at most.
    assert abs(sum(parts) - total) <= 0.005 * (len(parts) + 1) + 1e-6


def test_the_page_is_marked_as_what_the_customer_did_not_say(windows):
    customer = windows.customer().visit("/demo/billing/invoices/INV-2041").open_chat()
    customer.say(QUESTION)
    expect(customer.said_by("bot")).to_have_count(1)
    reader = windows.agent("marta").log_in(state="away").open_first()
    decision = reader.event("Assistant answered")
    decision.locator("summary").click()
    fact = decision.locator('.evidence [data-fact="page"]')
    expect(fact).to_contain_text("billing.invoice")
    expect(fact.locator("small")).to_have_text("page")


def test_the_reasons_fit_a_phone(answered, windows):
    reader = windows.agent("marta", viewport=NARROW).log_in(state="away").open_first()
    decision = reader.event("Assistant answered")
    decision.locator("summary").click()
    expect(decision.locator(".why")).to_be_visible()
    too_wide = "log => log.scrollWidth > log.clientWidth"
    assert reader.timeline.evaluate(too_wide) is False


def test_an_agent_says_what_it_was_about_and_takes_it_back(reader):
    about = reader.panel.get_by_role("group", name="What was it about?")
    choice = about.get_by_role("button", name=TITLE)
    expect(choice).to_have_attribute("aria-pressed", "false")
    choice.focus()
    reader.page.keyboard.press("Enter")
    expect(choice).to_have_attribute("aria-pressed", "true")
    expect(choice).to_be_focused()
    said = reader.event(f"said what it was about: {TITLE}")
    expect(said).to_have_count(1)

    reader.page.reload()
    expect(choice).to_have_attribute("aria-pressed", "true")
    # It is said above, and is no tag to sort by.
    expect(reader.panel).not_to_contain_text("intent:")
    expect(reader.rows.first).not_to_contain_text("intent:")
    choice.click()
    expect(choice).to_have_attribute("aria-pressed", "false")
    expect(reader.event(f"took back what it was about: {TITLE}")).to_have_count(1)


def test_it_was_about_one_thing_or_none(reader):
    about = reader.panel.get_by_role("group", name="What was it about?")
    pressed = about.locator('[aria-pressed="true"]')
    about.get_by_role("button", name="None of these").click()
    expect(pressed).to_have_text("None of these")

    field = about.get_by_label("Something else")
    title = about.locator("option").last.get_attribute("value")
    field.fill("no such thing")
    field.press("Enter")
    assert field.evaluate("field => field.validationMessage").startswith("There is no such topic")
    field.fill(title)
    field.press("Enter")
    expect(pressed).to_have_text(title)
    expect(field).to_have_value("")


def test_tags_are_for_sorting_as_before(reader):
    field = reader.panel.get_by_label("Add tag")
    field.fill("vip")
    field.press("Enter")
    remove = reader.panel.get_by_role("button", name="Remove tag vip")
    expect(reader.event("tagged vip")).to_have_count(1)
    remove.click()
    expect(remove).to_have_count(0)


@pytest.mark.parametrize("more", ["", " Tell me if not."], ids=["as it is", "edited"])
def test_a_reply_says_which_suggestion_it_was_made_from(answered, windows, more):
    marta = windows.agent("marta")
    replies = sent_replies(marta.page)
    marta.log_in()
    answered.say("I want to talk to a person")
    marta.accept()
    suggested = marta.page.locator("#composer .suggested").filter(has_text=TITLE)
    suggested.get_by_role("button", name="Insert").click()
    expect(marta.field).to_be_focused()
    marta.page.keyboard.press("End")
    marta.page.keyboard.type(more)
    marta.page.keyboard.press("Enter")
    expect(answered.said_by("agent")).to_have_count(1)
    marta.reply("And anything else?")
    expect(answered.said_by("agent")).to_have_count(2)
    used = {"intent": "find_invoice", "edited": more != ""}
    assert [reply.get("suggestion") for reply in replies] == [used, None]


def sent_replies(page):
    """What the page says to the server in its `reply` frames, as it is said."""
    replies = []

    def sent(payload):
        frame = json.loads(payload)
        if frame["t"] == "reply":
            replies.append(frame["d"])

    page.on("websocket", lambda socket: socket.on("framesent", sent))
    return replies
