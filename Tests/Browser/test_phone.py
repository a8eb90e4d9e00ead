"""The chat on a phone, and in small windows."""

import pytest
from playwright.sync_api import expect

from people import NARROW
from stage import FORM, talking
from test_accessibility import UNFIT

PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
ESCAPED = """(root) => {
    const { clientWidth, clientHeight } = root;
    return [...root.querySelectorAll("button, textarea, input, a")]
        .filter((each) => each.checkVisibility() && !each.closest(".visually-hidden, #log"))
        .map((each) => each.getBoundingClientRect())
        .filter(({ left, right, top, bottom }) =>
            left < -1 || right > clientWidth + 1 || top < -1 || bottom > clientHeight + 1).length;
}"""


def test_the_focus_stays_in_the_chat_while_it_covers_the_page(windows):
    customer = windows.customer(viewport=NARROW, has_touch=True).visit().open_chat()
    expect(customer.dialog).to_have_attribute("aria-modal", "true")
    places = set()
    for _ in range(24):
        customer.page.keyboard.press("Tab")
        places.add(customer.page.evaluate(
            "document.activeElement?.id || document.activeElement?.tagName"))
    assert places <= {"maitred", "BODY"}, "the page behind the chat was reached"
    assert customer.page.evaluate("document.body.inert") is True


def test_everything_on_a_phone_is_within_reach_of_a_thumb(windows):
    customer = talking(windows, **PHONE)
    customer.wire.say("form.show", **FORM)
    expect(customer.chat.locator("#prechat")).to_be_visible()
    html = customer.chat.locator("html")
    assert html.evaluate(UNFIT) == []
    assert html.evaluate("root => root.scrollWidth > root.clientWidth") is False


def test_a_field_does_not_make_a_phone_zoom_in(windows):
    customer = talking(windows, **PHONE)
    customer.wire.say("form.show", **FORM)
    fields = customer.chat.locator("textarea:visible, input:visible, select:visible")
    expect(fields).not_to_have_count(0)
    for field in fields.all():
        size = field.evaluate("field => parseFloat(getComputedStyle(field).fontSize)")
        assert size >= 16, field.evaluate("field => field.id")


# At 200 % a window of 1280 by 800 is one of half the size, in CSS pixels.
@pytest.mark.parametrize("size", [(640, 400), (320, 480)], ids=["zoomed", "narrow"])
def test_nothing_is_cut_off_in_a_small_window(windows, size):
    customer = talking(windows, viewport={"width": size[0], "height": size[1]})
    html = customer.chat.locator("html")
    assert html.evaluate("root => root.scrollWidth > root.clientWidth") is False
    expect(customer.field).to_be_in_viewport()
    expect(customer.chat.locator("#human")).to_be_in_viewport()
    assert html.evaluate(ESCAPED) == 0
    customer.chat.locator("#emoji").click()
    expect(customer.chat.locator(".emoji__one").first).to_be_in_viewport()
    customer.page.keyboard.press("Escape")
    customer.wire.say("form.show", **FORM)
    send = customer.chat.get_by_role("button", name="Continue")
    send.scroll_into_view_if_needed()
    expect(send).to_be_in_viewport()
    expect(customer.field).to_be_in_viewport()
