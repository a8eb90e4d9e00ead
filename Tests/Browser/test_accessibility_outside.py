"""What is around the chat, in the page's own document: launcher, badge, panel, "cannot be reached".

It is in a shadow root, which the page's accessibility tree includes.
"""

import pytest
from playwright.sync_api import expect

from test_accessibility import FAINT, tree_of


def node(page, role):
    """The only node of a role in the page's tree, by its properties; None without one."""
    found = [each for each in tree_of(page) if each["role"] == role]
    assert len(found) <= 1, found
    return found[0] if found else None


def the_launcher(page):
    [button] = [each for each in tree_of(page) if each["role"] == "button"
                and each.get("hasPopup") == "dialog"]
    return button


@pytest.fixture
def unreachable(windows):
    """Opens the chat of a customer to whom the server sends no frame; the box says so."""
    def opened(**options):
        windows.allows_cuts = True
        customer = windows.customer(**options)
        customer.page.route("**/widget/v1/frame?*", lambda route: route.abort())
        customer.visit()
        customer.launcher.click()
        expect(customer.page.locator("#maitred .failed")).to_be_visible()
        return customer

    yield opened
    # An error page in the frame's place is not the chat's origin, which Chromium remarks upon.
    windows.problems[:] = [each for each in windows.problems if "target origin" not in each]


def test_the_pages_tree_has_the_launcher_and_while_it_is_open_the_dialog(customer):
    launcher = the_launcher(customer.page)
    assert (launcher["name"], launcher["expanded"]) == ("Open chat", False)
    assert launcher["focusable"] is True
    assert node(customer.page, "dialog") is None

    customer.open_chat()
    launcher = the_launcher(customer.page)
    assert (launcher["name"], launcher["expanded"]) == ("Close chat", True)
    dialog = node(customer.page, "dialog")
    assert dialog["name"] == "Chat" and not dialog.get("modal")
    assert node(customer.page, "Iframe")["name"] == "Chat"

    customer.launcher.click()
    expect(customer.dialog).to_be_hidden()
    assert node(customer.page, "dialog") is None


def test_the_number_on_the_badge_is_told_once_in_the_launchers_name(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_be_visible()
    customer.launcher.click()
    marta.reply("Found it").reply("All is well now")
    expect(customer.page.locator("#maitred .badge")).to_have_text("2")
    assert the_launcher(customer.page)["name"] == "Open chat, 2 unread"
    assert [each["name"] for each in tree_of(customer.page) if each["name"].strip() == "2"] == []


def test_a_chat_that_cannot_be_reached_is_told_and_can_be_left(unreachable):
    page = unreachable().page
    dialog = node(page, "dialog")
    assert dialog["name"] == "Chat"
    [status] = [each for each in tree_of(page) if each["role"] == "status"]
    assert status["live"] == "polite"
    texts = [each["name"] for each in tree_of(page) if each["role"] == "StaticText"]
    assert "The chat cannot be reached at the moment." in texts
    buttons = {each["name"] for each in tree_of(page) if each["role"] == "button"}
    assert {"Try again", "Close chat"} <= buttons
    expect(page.locator("#maitred .again")).to_be_focused()


# Contrast of what is drawn with what it is drawn on: 3 to 1 for pictures (WCAG 2.2, 1.4.11).
FAINT_PICTURE = """(button) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const light = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((side) => side / 255)
            .map((side) => side <= 0.04045 ? side / 12.92 : ((side + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const style = getComputedStyle(button);
    const [high, low] = [light(style.color), light(style.backgroundColor)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["#0d6662", "#ffd400", "#e9edf0", "#ff6b6b", "#777777"])
def test_launcher_badge_and_box_can_be_read_whatever_the_brand(unreachable, colour, scheme):
    customer = unreachable(color_scheme=scheme, reduced_motion="reduce")
    customer.page.evaluate("colour => maitred('boot', { colour })", colour)
    badge = customer.page.locator("#maitred .badge")
    badge.evaluate("badge => Object.assign(badge, { hidden: false, textContent: '2' })")
    expect(customer.launcher).to_have_css("background-color", rgb(colour))
    assert customer.page.locator("#maitred").evaluate(FAINT) == []
    assert customer.launcher.evaluate(FAINT_PICTURE) >= 3


def rgb(colour):
    return f"rgb({', '.join(str(int(colour[at:at + 2], 16)) for at in (1, 3, 5))})"


MOVING = """(root) => root.shadowRoot.getAnimations()
    .filter((each) => Number(each.effect.getComputedTiming().duration) > 1)
    .map((each) => each.effect.target.className)"""
SLOW = """(root) => [...root.shadowRoot.querySelectorAll("*")].filter((each) =>
    getComputedStyle(each).transitionDuration.split(",").some((part) => parseFloat(part) > 0.001)
).map((each) => each.className)"""


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_none_of_it_moves_for_who_wants_no_motion(windows, motion):
    customer = windows.customer(reduced_motion=motion)
    held = []
    customer.page.route("**/widget/v1/frame?*", lambda route: held.append(route))
    customer.visit()
    root = customer.page.locator("#maitred")
    customer.launcher.click()
    expect(customer.page.locator("#maitred .dots")).to_have_css("opacity", "1")
    # For everybody else the dots do move while it loads.
    assert (root.evaluate(MOVING) == []) is (motion == "reduce")
    assert (root.evaluate(SLOW) == []) is (motion == "reduce")
    for route in held:
        route.continue_()
    expect(customer.field).to_be_visible()
    customer.launcher.click()
    if motion == "reduce":
        assert root.evaluate(MOVING) == []
