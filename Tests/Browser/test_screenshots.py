"""Pictures of every page, for people to look at: in `screenshots/`, which is not committed."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from people import NARROW, WIDE
from test_accessibility import AS_ARABIC

FOLDER = Path(__file__).parent / "screenshots"
LOOKS = [("light", "light", WIDE), ("dark", "dark", WIDE), ("narrow", "light", NARROW)]


@pytest.fixture(autouse=True)
def folder():
    FOLDER.mkdir(exist_ok=True)


@pytest.mark.parametrize(("name", "scheme", "size"), LOOKS, ids=[look[0] for look in LOOKS])
def test_everything_can_be_looked_at(windows, name, scheme, size):
    look = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    customer = windows.customer(**look).visit()
    expect(customer.launcher).to_be_visible()
    take(customer, f"demo-{name}")
    customer.open_chat()
    expect(customer.log).to_contain_text("Ask me anything")
    take(customer, f"widget-begin-{name}")
    customer.visit("/demo/billing/invoices/INV-2041")
    customer.open_chat() if size is NARROW else customer.is_connected()
    customer.say("My card was declined")
    expect(customer.replies.first).to_be_visible()
    take(customer, f"widget-answer-{name}")

    marta = windows.agent("marta", **look)
    marta.page.goto(f"{marta.server.url}/console/")
    expect(marta.page.get_by_label("Password")).to_be_visible()
    take(marta, f"console-login-{name}")
    marta.log_in()
    customer.ask_for_a_person()
    expect(marta.offer).to_be_visible()
    take(marta, f"console-offer-{name}")
    take(customer, f"widget-queue-{name}")
    marta.accept().note("Bank says insufficient funds; they topped up today.")
    marta.reply("Hello Ida, I see the payment of INV-2041. I will start it again for you.")
    expect(customer.said_by("agent")).to_contain_text("INV-2041")
    customer.say("Thank you! Shall I keep this page open?")
    expect(marta.message("keep this page open")).to_be_visible()
    expect(marta.page.locator("#panel h3").first).to_be_attached()
    take(marta, f"console-thread-{name}")
    why = marta.page.locator("details:has(.why) > summary").first
    why.click()
    why.scroll_into_view_if_needed()
    take(marta, f"console-why-{name}")
    why.click()
    take(customer, f"widget-person-{name}")
    if size is NARROW:
        marta.page.get_by_role("button", name="About this conversation").or_(
            marta.page.locator("#details")).first.click()
        take(marta, "console-details-narrow")
        marta.page.locator("#panel-back").click()
        marta.page.locator("#back").click()
        take(marta, "console-list-narrow")
        marta.open_first()
    marta.resolve()
    expect(customer.chat.locator("#rating")).to_be_visible()
    take(customer, f"widget-rating-{name}")


def test_an_arabic_widget_can_be_looked_at(windows):
    customer = windows.customer(locale="ar", reduced_motion="reduce")
    customer.page.add_init_script(AS_ARABIC)
    customer.visit().open_chat()
    take(customer, "widget-begin-rtl")
    customer.say("Where can I download my invoice?")
    expect(customer.said_by("bot").first).to_be_visible()
    take(customer, "widget-answer-rtl")


def test_the_pictures_in_the_documentation_can_be_made_again(windows):
    """`widget.png` and `console.png` of Documentation/images are copies of these."""
    look = {"viewport": {"width": 1280, "height": 820}, "reduced_motion": "reduce"}
    customer = windows.customer(**look).visit("/demo/billing/invoices/INV-2041")
    customer.open_chat().say("My card was declined")
    expect(customer.replies.first).to_be_visible()
    marta = windows.agent("marta", **look).log_in()
    customer.ask_for_a_person()
    marta.accept().note("Bank says insufficient funds. They topped up this morning.")
    marta.reply("Hi Ida, I see the refused payment. Shall I start it again right now?")
    expect(customer.said_by("agent")).to_have_count(1)
    customer.say("Yes please! The account is topped up.")
    expect(marta.message("topped up")).to_be_visible()
    expect(marta.rows.first).to_contain_text("topped up")
    expect(marta.page.locator("#composer .suggested").first).to_be_visible()
    expect(marta.page.locator("#panel")).to_contain_text("/demo/billing/invoices/INV-2041")
    take(customer, "widget")
    take(marta, "console")


def take(person, name):
    """Waits until nothing moves any more: pictures of the same page are then the same."""
    person.page.evaluate("""() => Promise.all(
        document.getAnimations().filter((each) => each.effect.getTiming().iterations !== Infinity)
            .map((each) => each.finished.catch(() => {})))""")
    person.page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
