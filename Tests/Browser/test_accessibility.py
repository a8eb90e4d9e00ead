"""What a screen reader is told: roles, names and states."""

from playwright.sync_api import expect

from people import NARROW


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
