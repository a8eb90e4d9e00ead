"""What a screen reader is told: roles, names and states."""

import re

import pytest
from playwright.sync_api import expect

from people import NARROW
from stage import FORM, frame_of, staged


def test_the_launcher_is_a_button_that_says_what_it_opens(customer):
    launcher = customer.page.get_by_role("button", name="Open chat")
    expect(launcher).to_have_attribute("aria-haspopup", "dialog")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    controlled = launcher.get_attribute("aria-controls")
    expect(customer.page.locator(f"#{controlled}")).to_have_role("dialog")
    launcher.click()
    expect(customer.launcher).to_have_accessible_name("Close chat")
    expect(customer.launcher).to_have_attribute("aria-expanded", "true")


def test_the_chat_is_a_labelled_dialog_that_leaves_the_page_in_reach(customer):
    customer.open_chat()
    expect(customer.dialog).to_be_visible()
    expect(customer.dialog).not_to_have_attribute("aria-modal", "true")
    expect(customer.page.locator("#maitred iframe")).to_have_attribute("title", "Chat")
    expect(customer.field).to_be_focused()
    assert customer.page.evaluate("document.body.inert") is False


def test_on_a_phone_the_chat_is_modal(windows):
    customer = windows.customer(viewport=NARROW, has_touch=True).visit().open_chat()
    expect(customer.dialog).to_have_attribute("aria-modal", "true")
    assert customer.page.evaluate("document.body.inert") is True
    box = customer.dialog.bounding_box()
    assert (box["width"], box["height"]) == (NARROW["width"], NARROW["height"])
    customer.chat.get_by_role("button", name="Close chat").click()
    expect(customer.launcher).to_be_focused()
    assert customer.page.evaluate("document.body.inert") is False


def test_the_transcript_is_a_log_and_the_composer_is_labelled(customer):
    customer.open_chat()
    log = customer.chat.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-relevant", "additions")
    expect(log).to_have_attribute("tabindex", "0")
    expect(customer.field).to_have_accessible_name("Write a message")
    expect(customer.chat.get_by_role("button", name="Send message")).to_be_disabled()


def test_the_suggested_questions_are_a_labelled_group_of_buttons(customer):
    customer.open_chat()
    questions = customer.chat.get_by_role("group", name="Suggested questions").get_by_role("button")
    expect(questions).to_have_count(4, timeout=3000)
    title = questions.first.inner_text()
    questions.first.click()
    expect(customer.line(title)).to_be_visible()
    expect(customer.field).to_be_focused()


def test_everything_that_can_be_pressed_has_a_name_and_a_size(customer, marta):
    customer.open_chat().say("My card was declined")
    expect(customer.said_by("bot")).to_have_count(1)
    assert customer.chat.locator("html").evaluate(UNFIT) == []
    customer.ask_for_a_person()
    expect(marta.offer).to_be_visible()
    assert marta.page.locator("html").evaluate(UNFIT) == []
    marta.accept()
    assert marta.page.locator("html").evaluate(UNFIT) == []


def test_every_bubble_finds_its_own_direction(customer):
    customer.open_chat().say("مرحبا، أين فاتورتي؟")
    arabic = customer.line("مرحبا").get_by_text("مرحبا")
    expect(arabic).to_have_css("direction", "rtl")
    customer.say("or in English")
    expect(customer.line("in English").get_by_text("in English")).to_have_css("direction", "ltr")


def test_an_arabic_page_has_an_arabic_chat(windows):
    customer = windows.customer(locale="ar")
    customer.page.add_init_script(AS_ARABIC)
    customer.visit()
    expect(customer.launcher).to_have_accessible_name("فتح المحادثة")
    customer.open_chat()
    expect(customer.chat.locator("html")).to_have_attribute("dir", "rtl")
    box = customer.launcher.bounding_box()
    assert box["x"] < 100


AS_ARABIC = """new MutationObserver((_, observer) => {
    if (!document.documentElement) return;
    document.documentElement.lang = "ar";
    document.documentElement.dir = "rtl";
    observer.disconnect();
}).observe(document, { childList: true })"""

# WCAG 2.2, 2.5.8: a target is at least 24 by 24 pixels, unless it is a link within text.
UNFIT = """(root) => [...root.querySelectorAll("button, select, input, textarea, a[href], summary")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.closest(".visually-hidden, p, li, .bubble"))
    .map((each) => ({ each, box: each.getBoundingClientRect(),
        name: each.ariaLabel || each.labels?.[0]?.textContent || each.textContent.trim() }))
    .filter(({ box, name }) => !name || box.width < 24 || box.height < 24)
    .map(({ each, box, name }) =>
        `${each.outerHTML.slice(0, 90)} "${name}" ${box.width}x${box.height}`)"""


def by_itself(windows, server):
    """The chat in a window of its own: there its accessibility tree is the whole one."""
    page = windows.customer().visit().page
    site = page.locator("script[data-site]").get_attribute("data-site")
    page.goto(f"{server.url}/widget/v1/frame?site={site}")
    expect(page.locator("html")).to_have_attribute("data-connection", "online")
    return page


def tree_of(page):
    """What the browser tells assistive technology: role, name and properties of each node."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [{
        "role": node.get("role", {}).get("value"), "name": node.get("name", {}).get("value", ""),
        **{each["name"]: each["value"].get("value") for each in node.get("properties", [])},
    } for node in nodes if not node.get("ignored")]


PRESSED = {"button", "link", "textbox", "radio", "checkbox", "combobox", "menuitem",
           "menuitemcheckbox"}


def test_the_accessibility_tree_names_everything_that_can_be_used(windows, server):
    page = by_itself(windows, server)
    page.get_by_label("Write a message").fill("My card was declined")
    page.keyboard.press("Enter")
    expect(page.locator('.line[data-kind="bot"]')).to_have_count(1)
    page.get_by_role("button", name="More options").click()
    nodes = tree_of(page)
    assert [node for node in nodes if node["role"] in PRESSED and not node["name"].strip()] == []
    roles = {node["role"]: node for node in nodes}
    assert roles["log"]["name"] == "Conversation"
    assert roles["log"]["live"] == "polite"
    assert roles["log"]["relevant"] == "additions"
    assert roles["log"]["focusable"] is True
    assert roles["main"]["name"] == "Chat with Tideline"
    assert {"menu", "menuitem", "menuitemcheckbox", "article", "heading"} <= set(roles)
    switch = roles["menuitemcheckbox"]
    assert (switch["name"], switch["checked"]) == ("Sound for new messages", "false")


def test_the_focus_goes_through_the_chat_in_the_order_of_reading(customer):
    customer.open_chat().say("My card was declined")
    expect(customer.said_by("bot")).to_have_count(1)
    customer.chat.get_by_role("button", name="More options").focus()
    seen = []
    for _ in range(14):
        seen.append(frame_of(customer).evaluate(
            "(({ id, className, localName }) => id || className || localName)"
            "(document.activeElement)"))
        if seen[-1] == "human":
            break
        customer.page.keyboard.press("Tab")
    steps = [step for index, step in enumerate(seen) if step not in seen[:index]]
    order = [step for step in steps
             if step in ("more", "close", "log", "helpful__thumb", "reply", "message", "emoji",
                         "send", "human")]
    wanted = ["more", "close", "log", "helpful__thumb", "reply", "message", "emoji", "human"]
    assert [step for step in wanted if step in order] == order
    assert {"more", "close", "log", "reply", "message", "emoji", "human"} <= set(order)


def test_a_new_message_does_not_take_the_focus(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_be_visible()
    menu = customer.chat.get_by_role("button", name="More options")
    menu.focus()
    marta.reply("Hello there")
    expect(customer.said_by("agent")).to_have_count(1)
    expect(menu).to_be_focused()


def test_who_writes_is_told_in_a_region_of_its_own_and_after_a_pause(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_be_visible()
    marta.field.press_sequentially("Let me")
    expect(customer.chat.locator(".typing")).to_have_attribute("aria-hidden", "true")
    status = customer.chat.get_by_role("status").filter(has_text="Marta Lindqvist is writing")
    expect(status).to_be_attached()
    assert status.evaluate("status => status.closest('[role=log]')") is None


def test_letters_outside_a_field_are_no_shortcuts(customer):
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    customer.log.focus()
    before = customer.chat.locator("main").inner_text()
    customer.page.keyboard.type("abcdefghijklmnopqrstuvwxyz?/#!")
    expect(customer.dialog).to_be_visible()
    expect(customer.log).to_be_focused()
    assert customer.chat.locator("main").inner_text() == before


# Contrast by WCAG 2 of every text with what is painted behind it, as the browser paints it.
FAINT = """(root) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const read = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], below) =>
        [r, g, b].map((side, index) => side * a + below[index] * (1 - a));
    const behind = (element) => {
        const layers = [];
        for (let each = element; each; each = each.parentElement) {
            layers.push(read(getComputedStyle(each).backgroundColor));
        }
        return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
    };
    const light = (colour) => {
        const [r, g, b] = colour.map((side) => side / 255)
            .map((side) => side <= 0.04045 ? side / 12.92 : ((side + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = [];
    for (const element of (root.shadowRoot ?? root).querySelectorAll(":is(body, .root) *")) {
        const words = [...element.childNodes].filter((node) => node.nodeType === 3)
            .map((node) => node.data.trim()).join("");
        if (!words || !element.checkVisibility({ opacityProperty: true })) continue;
        if (element.closest(":disabled, .visually-hidden, script")) continue;
        const background = behind(element);
        const text = over(read(getComputedStyle(element).color), background);
        const [high, low] = [light(text), light(background)].sort((a, b) => b - a);
        const contrast = (high + 0.05) / (low + 0.05);
        if (contrast < 4.5) faint.push(`${element.className} "${words}" ${contrast.toFixed(2)}`);
    }
    return faint;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["#0d6662", "#ffd400", "#e9edf0", "#ff6b6b", "#777777"])
def test_every_text_can_be_read_whatever_the_brand(windows, colour, scheme):
    customer = staged(windows, config={"site": {"colour": colour}}, color_scheme=scheme,
                      reduced_motion="reduce")
    customer.launcher.click()
    customer.is_connected()
    html = customer.chat.locator("html")
    expect(customer.chat.locator(".suggestion").first).to_be_visible()
    assert html.evaluate(FAINT) == []
    customer.say("My card was declined")
    expect(customer.said_by("bot")).to_have_count(1)
    customer.wire.message("agent", "Have a look", files=[
        {"name": "bill.pdf", "type": "application/pdf", "size": 1000}])
    customer.wire.say("form.show", **FORM)
    customer.chat.get_by_role("button", name="Continue").click()
    expect(customer.said_by("agent")).to_have_count(1)
    assert html.evaluate(FAINT) == []


def test_in_forced_colours_everything_keeps_its_outline(windows):
    customer = staged(windows)
    customer.page.emulate_media(forced_colors="active")
    customer.launcher.click()
    customer.is_connected()
    customer.say("My card was declined")
    expect(customer.replies.first).to_be_visible()
    html = customer.chat.locator("html")
    assert html.evaluate("() => matchMedia('(forced-colors: active)').matches") is True
    edges = """(root) => [".line--own .bubble", ".line--other .bubble", ".reply", ".composer",
        ".composer__send", ".header__avatar"].filter((part) => {
            const style = getComputedStyle(root.querySelector(part));
            return style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1;
        })"""
    assert html.evaluate(edges) == []
    customer.replies.first.focus()
    customer.page.keyboard.press("Tab")
    focused = "(root) => getComputedStyle(document.activeElement).outlineStyle"
    assert html.evaluate(focused) != "none"


def test_nothing_moves_for_who_wants_no_motion(windows):
    customer = windows.customer(reduced_motion="reduce").visit().open_chat()
    customer.say("My card was declined")
    expect(customer.said_by("bot")).to_have_count(1)
    moving = """() => document.getAnimations()
        .filter((each) => Number(each.effect.getComputedTiming().duration) > 1).length"""
    assert frame_of(customer).evaluate(moving) == 0
    slow = """(root) => [...root.querySelectorAll("*")].filter((each) =>
        getComputedStyle(each).transitionDuration.split(",")
            .some((part) => parseFloat(part) > 0.001)
    ).length"""
    assert customer.chat.locator("html").evaluate(slow) == 0


def test_what_is_asked_is_told_without_taking_the_focus(customer):
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    customer.chat.get_by_role("button", name="More options").click()
    customer.chat.get_by_role("menuitem", name="End conversation").click()
    told = customer.chat.get_by_role("status").filter(has_text="How was this conversation?")
    expect(told).to_be_attached()
    expect(customer.chat.get_by_role("radio", name="Good", exact=True)).not_to_be_focused()


def test_a_form_has_labels_and_its_faults_are_told_with_the_field(windows, server):
    page = by_itself(windows, server)
    page.locator("#human").click()
    field = page.get_by_role("textbox", name="Email address")
    field.fill("nobody")
    field.press("Enter")
    nodes = [node for node in tree_of(page) if node["name"] == "Email address"]
    box = next(node for node in nodes if node["role"] == "textbox")
    assert box["invalid"] == "true"
    expect(field).to_have_accessible_description(re.compile("name@example.com"))
