"""Pictures of the chat in every variant, for people to look at: in `screenshots/`."""

import re

import pytest
from playwright.sync_api import expect

from people import NARROW
from stage import FORM, png, talking
from test_languages import page_in
from test_screenshots import folder, take  # noqa: F401

CLOSED = {"open": False, "opens_at": "2099-11-30T08:00:00Z", "timezone": "Europe/Berlin",
          "text": "Mon to Fri, 9 to 17"}
VARIANTS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "rtl": {"locale": "ar", "script": page_in("ar")},
    "german": {"locale": "de", "script": page_in("de"), "config": {"hours": CLOSED}},
    "phone": {"viewport": NARROW, "has_touch": True, "is_mobile": True},
    "zoomed": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "yellow": {"config": {"site": {"colour": "#ffd400"}, "reply_s": 240}},
}
PHOTO = {"name": "photo.png", "mimeType": "image/png", "buffer": png(600, 400)}
LINKS = re.compile(r"/v1/files/links$")
# Milliseconds: after a picture of the page Chromium now and then loses a press on a frame.
QUICK = 3000
UPLOADS = {"limit": 26_214_400, "types": ["image/png", "application/pdf"]}


def press(button, came_about):
    """Presses until it has come about, three times at most: here it is about how things look."""
    for _ in range(2):
        button.click()
        try:
            return came_about()
        except AssertionError:
            continue
    button.click()
    came_about()


def show(button, part):
    press(button, lambda: expect(part).to_be_visible(timeout=QUICK))


@pytest.mark.parametrize("name", VARIANTS)
def test_the_chat_can_be_looked_at(windows, name):
    options = dict(VARIANTS[name])
    config = {**options.pop("config", {}), "uploads": UPLOADS}
    customer = talking(windows, config=config, reduced_motion="reduce", **options)
    context, wire = customer.page.context, customer.wire
    context.route(LINKS, lambda route: route.fulfill(json={
        "links": {each: f"/v1/files/{each}?e=1" for each in route.request.post_data_json["ids"]},
        "expires_at": "2099-01-01T00:00:00Z"}))
    context.route(re.compile(r"/v1/files/fil_"), lambda route: route.fulfill(
        body=PHOTO["buffer"], content_type="image/png"))
    context.route(re.compile(r"/v1/uploads\?"), lambda route: None)

    wire.message("agent", "Here is the invoice, and what the page looks like for me.", files=[
        {"id": "fil_1", "name": "photo.png", "type": "image/png", "size": 34_000,
         "width": 600, "height": 400},
        {"id": "fil_2", "name": "INV-2041.pdf", "type": "application/pdf", "size": 184_000}])
    wire.message("agent", "How billing works", blocks=[{
        "type": "link_card", "url": "https://docs.example.com/billing",
        "title": "How billing works", "text": "Invoices, VAT numbers and who receives a copy."}])
    expect(customer.chat.locator(".files__picture img")).to_have_js_property("complete", True)
    take(customer, f"chat-files-{name}")

    customer.chat.locator("#files").set_input_files([PHOTO, {
        "name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}])
    wire.say("msg.delta", m="msg_x", i=0, text="Let me look that up. The invoice of November")
    expect(customer.chat.locator('[data-kind="draft"]')).to_be_visible()
    expect(customer.chat.locator(".tray canvas")).to_be_visible()
    take(customer, f"chat-tray-{name}")
    for left in (1, 0):
        removes = customer.chat.locator(".tray__remove")
        press(removes.last, lambda left=left: expect(removes).to_have_count(left, timeout=QUICK))
    wire.say("msg.delta", m="msg_x", end="dropped")
    expect(customer.chat.locator('[data-kind="draft"]')).to_have_count(0)

    show(customer.chat.locator("#emoji"), customer.chat.locator("#emoji-panel"))
    take(customer, f"chat-emoji-{name}")
    customer.page.keyboard.press("Escape")
    wire.say("form.show", **FORM)
    customer.chat.locator("#prechat-email").fill("ida")
    customer.chat.locator("#prechat [type=submit]").click()
    take(customer, f"chat-form-{name}")
    show(customer.chat.locator("#more"), customer.chat.locator("#menu-earlier"))
    take(customer, f"chat-menu-{name}")
    show(customer.chat.locator("#menu-earlier"), customer.chat.locator(".earlier__row").first)
    take(customer, f"chat-earlier-{name}")
