"""What the agent learns of where the customer is and who they are."""

import base64
import hashlib
import hmac
import json
import secrets
import time

from playwright.sync_api import expect

from embedding import host, product  # noqa: F401 (fixtures)


def test_the_agent_follows_the_customer_from_page_to_page(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(marta.page_moves("Dashboard")).to_be_visible()
    # Within the demo's part, by the history alone; the server passes it on at once.
    customer.go("Projects")
    expect(marta.page_moves("Projects")).to_be_visible(timeout=3000)
    # Into another part of it: the page is loaded anew, with the chat on it.
    customer.go("Plan")
    expect(marta.page_moves("Plan")).to_be_visible()
    expect(marta.panel).to_contain_text("/demo/billing/plan")
    expect(marta.panel.locator(".trail")).to_contain_text("Projects")
    expect(customer.lines.first).to_be_visible()


def test_the_agent_sees_the_pages_before_the_first_message(host, marta):
    host.serve().visit()
    host.open_chat()
    for title in ("Prices", "Compare", "Checkout"):
        host.page.evaluate("""title => {
            history.pushState(null, "", `/${title.toLowerCase()}`);
            document.title = title;
        }""", title)
        host.is_told(lambda told, title=title: told["title"] == title)
    host.say("I want to talk to a person")
    marta.accept()
    trail = marta.panel.locator(".trail li")
    expect(trail).to_have_count(3)
    for visit, title in zip(trail.all(), ("Compare", "Prices", "Own page"), strict=True):
        expect(visit).to_contain_text(title)
    expect(marta.panel).to_contain_text("/checkout")
    expect(marta.page_moves("Checkout")).to_be_visible()


def test_pages_from_before_the_chat_was_opened_are_part_of_it(host, marta):
    host.serve().visit()
    expect(host.page.locator("#maitred iframe")).to_be_attached()
    for title in ("Prices", "Compare"):
        host.page.evaluate("""title => {
            history.pushState(null, "", `/${title.toLowerCase()}`);
            document.title = title;
            // A page is told of once it has stood for a moment.
            return new Promise((resolve) => setTimeout(resolve, 500));
        }""", title)
    host.open_chat().say("I want to talk to a person")
    marta.accept()
    trail = marta.panel.locator(".trail li")
    expect(trail.first).to_contain_text("Prices")
    expect(trail.last).to_contain_text("Own page")


def test_the_page_in_front_of_the_customer_is_part_of_the_answer(customer):
    customer.visit("/demo/billing/invoices/INV-2041").open_chat()
    customer.say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_contain_text("INV-2041")


def test_an_identified_customer_comes_with_the_record_of_the_crm(windows, marta, server, tmp_path):
    customer = windows.customer().visit()
    site = customer.page.locator("script[data-site]").get_attribute("data-site")
    key = secrets.token_hex(32)
    (tmp_path / "key").write_text(key)
    server.order("site", "key", "add", site, "--algorithm", "HS256", "--kid", "test",
                 "--file", tmp_path / "key")
    token = signed(key, "test", sub="u-1", aud=site, exp=int(time.time()) + 600,
                   name="Elena Marsh", email="elena@northlight.example")
    customer.page.evaluate("token => maitred('identify', () => token)", token)

    customer.open_chat().say("I want to talk to a person")
    expect(marta.offer).to_contain_text("Elena Marsh")
    expect(marta.offer).to_contain_text("Northlight Studio")
    marta.accept()
    record = marta.panel.locator("section").filter(has_text="Northlight Studio")
    expect(record).to_contain_text("gold")
    expect(marta.panel).to_contain_text("elena@northlight.example")
    expect(marta.event("Facts from Customer record")).to_be_visible()


def signed(key, kid=None, **claims):
    """A JWT as a customer's own server makes it."""
    head = {"alg": "HS256", "typ": "JWT", **({"kid": kid} if kid else {})}
    parts = [encoded(head), encoded(claims)]
    tag = hmac.new(key.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64.urlsafe_b64encode(tag).rstrip(b"=").decode()])


def encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
