"""Whether an answer of the assistant helped, as the customer says it and the team sees it."""

import re

import pytest
from playwright.sync_api import expect

from people import NARROW
from test_accessibility import AS_ARABIC, UNFIT

QUESTION = "Where can I download my invoice?"
THANKS = "Thanks for telling us."
HELPED = "Customer: this helped"
DID_NOT_HELP = "Customer: this did not help"


class Rating:
    """The question below one answer."""

    def __init__(self, line, name="Was this helpful?"):
        self.group = line.get_by_role("group", name=name)
        self.yes = self.group.locator('[data-helpful="true"]')
        self.no = self.group.locator('[data-helpful="false"]')
        self.question = self.group.locator(".helpful__question")
        self.status = self.group.get_by_role("status")
        self.person = self.group.get_by_role("button", name="Talk to a person")

    def is_pressed(self, yes, no):
        expect(self.yes).to_have_attribute("aria-pressed", str(yes).lower())
        expect(self.no).to_have_attribute("aria-pressed", str(no).lower())


def ask(customer, question=QUESTION):
    """Asks, and returns what stands below the answer."""
    before = customer.said_by("bot").count()
    customer.say(question)
    expect(customer.said_by("bot")).to_have_count(before + 1)
    return Rating(customer.said_by("bot").nth(before))


@pytest.fixture
def rating(customer):
    """Below the answer to a customer's question."""
    return ask(customer.open_chat())


@pytest.fixture
def reader(rating, windows):
    """An agent who looks at it, and has nothing else to do."""
    return windows.agent("marta").log_in(state="away").open_first()


def test_the_last_word_of_a_customer_counts_and_is_kept(customer, rating, reader):
    keyboard = customer.page.keyboard
    expect(rating.yes).to_have_accessible_name("Yes, it helped")
    expect(rating.no).to_have_accessible_name("No, it did not")
    expect(rating.question).to_be_visible()
    expect(rating.status).to_be_empty()
    rating.is_pressed(yes=False, no=False)

    rating.yes.focus()
    keyboard.press("Tab")
    expect(rating.no).to_be_focused()
    keyboard.press("Space")
    rating.is_pressed(yes=False, no=True)
    expect(rating.no).to_be_focused()
    expect(rating.status).to_have_text(THANKS)
    expect(rating.question).to_be_hidden()
    expect(reader.event(DID_NOT_HELP)).to_have_count(1)

    customer.page.reload()
    expect(customer.dialog).to_be_visible()
    rating.is_pressed(yes=False, no=True)
    expect(rating.status).to_have_text(THANKS)

    rating.yes.focus()
    keyboard.press("Enter")
    rating.is_pressed(yes=True, no=False)
    expect(rating.person).to_be_hidden()
    expect(reader.event(HELPED)).to_have_count(1)
    # What is pressed already says nothing new.
    keyboard.press("Enter")
    rating.no.click()
    expect(reader.event(DID_NOT_HELP)).to_have_count(2)
    expect(reader.event(HELPED)).to_have_count(1)


def test_a_person_is_offered_when_it_did_not_help(customer, rating, marta):
    expect(rating.person).to_be_hidden()
    rating.yes.click()
    expect(rating.status).to_have_text(THANKS)
    expect(rating.person).to_be_hidden()

    rating.no.focus()
    customer.page.keyboard.press("Enter")
    expect(rating.person).to_be_visible()
    customer.page.keyboard.press("Tab")
    expect(rating.person).to_be_focused()
    customer.page.keyboard.press("Enter")
    expect(customer.field).to_be_focused()
    expect(rating.person).to_be_hidden()
    marta.accept()
    expect(marta.event(DID_NOT_HELP)).to_be_visible()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_contain_text("Marta")
    # Somebody is there; what was said stays, and can still be changed.
    rating.yes.click()
    expect(marta.event(HELPED)).to_have_count(2)


def test_pressing_no_twice_does_not_ask_for_a_person(customer, rating):
    mouse = customer.page.mouse
    rating.no.click()
    # When the log makes room for it, it can come to stand where "no" was.
    rating.person.hover()
    mouse.down(click_count=2)
    mouse.up(click_count=2)
    expect(rating.person).to_be_visible()
    expect(customer.field).not_to_be_focused()
    rating.person.click()
    expect(customer.field).to_be_focused()


def test_it_is_asked_of_answers_alone(customer, rating):
    groups = customer.chat.locator(".helpful")
    back = ask(customer, "How do I change my plan?")
    expect(customer.replies.last).to_have_attribute("data-choice", "human")
    expect(back.group).to_have_count(0)
    customer.ask_for_a_person()
    expect(customer.said_by("system")).not_to_have_count(0)
    expect(groups).to_have_count(1)


def test_every_answer_can_be_judged_and_only_the_newest_asks_in_words(customer, rating, reader):
    newest = ask(customer, "How do I invite a colleague?")
    expect(newest.question).to_be_visible()
    expect(rating.question).to_be_hidden()
    rating.no.click()
    expect(rating.status).to_have_text(THANKS)
    rating.is_pressed(yes=False, no=True)
    newest.is_pressed(yes=False, no=False)
    expect(reader.event(DID_NOT_HELP)).to_have_count(1)


def test_it_can_be_said_without_a_network(customer, rating, reader, windows):
    windows.allows_cuts = True
    customer.page.context.set_offline(True)
    customer.is_disconnected()
    rating.yes.click()
    rating.no.click()
    rating.is_pressed(yes=False, no=True)
    customer.page.context.set_offline(False)
    customer.is_connected()
    expect(reader.event(DID_NOT_HELP)).to_have_count(1)
    # The second thought has taken the place of the first.
    expect(reader.event(HELPED)).to_have_count(0)
    rating.is_pressed(yes=False, no=True)


def test_it_fits_a_phone_and_a_thumb(windows):
    customer = windows.customer(viewport=NARROW, has_touch=True).visit().open_chat()
    rating = ask(customer)
    rating.no.tap()
    expect(rating.person).to_be_visible()
    for target in (rating.yes, rating.no, rating.person):
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    assert customer.log.evaluate("log => log.scrollWidth > log.clientWidth") is False
    assert customer.chat.locator("html").evaluate(UNFIT) == []


def test_a_screen_reader_hears_the_answer_and_then_the_thanks(rating):
    expect(rating.group).to_have_attribute("aria-live", "off")
    expect(rating.question).to_have_attribute("aria-hidden", "true")
    rating.yes.click()
    expect(rating.status).to_have_text(THANKS)


def test_it_is_asked_in_the_language_of_the_page_and_from_its_side(windows):
    customer = windows.customer(locale="ar")
    customer.page.add_init_script(AS_ARABIC)
    customer.visit().open_chat()
    customer.say(QUESTION)
    rating = Rating(customer.said_by("bot"), name=re.compile("مفيد"))
    expect(rating.yes).to_have_accessible_name("نعم، ساعدني ذلك")
    assert rating.no.bounding_box()["x"] < rating.yes.bounding_box()["x"]
