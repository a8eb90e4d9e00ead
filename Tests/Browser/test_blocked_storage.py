"""What is kept where the browser keeps nothing of other sites, as Debian's Chromium does."""

import pytest
from playwright.sync_api import expect

from network import far_server, its_ledger, its_network  # noqa: F401
from people import Customer
from stage import frame_of
from test_outbox import is_sent

STORES = """() => {
    try {
        return Boolean(localStorage);
    } catch {
        return false;
    }
}"""


@pytest.fixture(autouse=True)
def cuts(windows):
    windows.allows_cuts = True


@pytest.fixture
def customer(windows):
    """A customer who has said "one", in a browser of which we know that it blocks."""
    customer = windows.customer().visit().open_chat().say("one")
    is_sent(customer, "one")
    assert frame_of(customer).evaluate(STORES) is False
    return customer


def test_the_customer_is_known_again_by_a_cookie_for_this_product_alone(customer):
    alone = frame_of(customer).url
    cookies = customer.page.context.cookies(alone)
    assert any("visitor" in cookie["name"] for cookie in cookies)
    for cookie in cookies:
        assert cookie["partitionKey"].startswith("http://shop.localhost")
    customer.page.reload()
    expect(customer.line("one")).to_be_visible()
    other = customer.page.context.new_page()
    other.goto(alone)
    assert other.evaluate("document.cookie") == ""


def test_a_draft_lives_as_long_as_its_page(customer):
    customer.field.fill("half a thou")
    customer.launcher.click()
    customer.open_chat()
    expect(customer.field).to_have_value("half a thou")
    customer.page.reload()
    expect(customer.line("one")).to_be_visible()
    expect(customer.field).to_have_value("")


def test_an_unsent_message_lives_as_long_as_a_tab_is_open(customer, network, ledger):
    other = Customer(customer.page.context.new_page(), customer.server).visit().open_chat()
    expect(other.line("one")).to_be_visible()
    network.refuse_sockets()
    customer.is_disconnected()
    customer.say("two")
    expect(other.line("two")).to_have_attribute("data-mark", "clock")
    customer.page.close()
    network.mend()
    is_sent(other, "one", "two")
    assert ledger.written() == ["one", "two"]


def test_an_unsent_message_ends_with_the_last_tab(customer, network, ledger):
    network.refuse_sockets()
    customer.is_disconnected()
    customer.say("two")
    context = customer.page.context
    customer.page.close()
    network.mend()
    again = Customer(context.new_page(), customer.server).visit().open_chat()
    is_sent(again, "one")
    again.say("three")
    is_sent(again, "one", "three")
    assert ledger.written() == ["one", "three"]
