"""A customer and an agent, each in a window of their own."""

import re

from playwright.sync_api import expect


def test_a_question_is_answered_by_the_assistant_and_then_by_a_person(customer, marta):
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_contain_text("Invoices")

    customer.say("I want to talk to a person")
    marta.accept()
    expect(marta.offer).to_have_count(0)
    expect(marta.message("Where can I download my invoice?")).to_be_visible()
    expect(marta.event("Assistant stepped aside")).to_be_visible()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_contain_text("Marta")

    marta.reply("Hello, this is Marta. I am looking at it.")
    expect(customer.said_by("agent")).to_contain_text("this is Marta")
    customer.say("Thank you, I can wait")
    expect(marta.message("Thank you, I can wait")).to_be_visible()

    marta.resolve()
    rating = customer.chat.get_by_role("group", name="How was this conversation?")
    # The radio itself is hidden behind the face that labels it.
    rating.get_by_role("radio", name="Very good").check(force=True)
    customer.chat.get_by_label("Anything to add?").fill("Quick and kind")
    customer.chat.get_by_role("button", name="Send feedback").click()
    expect(customer.chat.get_by_text("Thank you for your feedback.")).to_be_visible()
    expect(marta.event("Rated 5 of 5")).to_contain_text("Quick and kind")


def test_an_offer_says_what_it_is_about_before_it_is_accepted(customer, marta):
    customer.go("Invoices").open_chat().say("My card was declined")
    expect(customer.said_by("bot")).to_have_count(1)
    customer.ask_for_a_person()
    briefing = marta.offer.get_by_role("group", name="Summary")
    expect(briefing).to_contain_text("What they want")
    expect(briefing).to_contain_text("My payment failed")
    expect(briefing).to_contain_text("/demo/billing/invoices")
    expect(marta.page.locator("#announce")).to_contain_text("New conversation offered")


def test_a_quick_reply_is_a_message_and_is_answered(customer):
    customer.open_chat().say("My card was declined")
    group = customer.chat.get_by_role("group", name="Suggested replies")
    choice = group.get_by_role("button").first
    title = choice.inner_text()
    choice.click()
    expect(customer.said_by("customer")).to_contain_text(["My card was declined", title])
    expect(customer.said_by("bot")).to_have_count(2)


def test_the_customer_knows_their_place_while_waiting(customer, windows):
    # Somebody is there, but has not said yes.
    marta = windows.agent("marta").log_in()
    customer.open_chat().say("I want to talk to a person")
    expect(customer.chat.get_by_text("next in line")).to_be_visible()
    marta.accept()
    expect(customer.chat.get_by_text("next in line")).to_be_hidden()


def test_an_address_can_be_left_when_nobody_is_there(customer, windows):
    customer.open_chat().say("I want to talk to a person")
    field = customer.chat.get_by_role("textbox", name="Email address")
    field.fill("nobody")
    field.press("Enter")
    expect(field).to_have_accessible_description("Please enter an address such as "
                                                 "name@example.com.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.fill("ida@fjordfern.example")
    field.press("Enter")
    expect(customer.chat.get_by_text("We will write to ida@fjordfern.example")).to_be_visible()
    marta = windows.agent("marta").log_in(state="away").open_first()
    expect(marta.event("Left an address")).to_contain_text("ida@fjordfern.example")


def test_each_side_sees_that_the_other_writes(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    customer.field.press_sequentially("I was wond")
    expect(marta.page.locator("#typing")).to_contain_text("is writing")
    marta.field.press_sequentially("Let me")
    expect(customer.chat.locator(".typing")).to_be_visible()
    expect(customer.chat.get_by_text("Marta Lindqvist is writing")).to_be_attached()


def test_a_note_is_for_the_team_alone(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept().note("Be careful with this one").reply("How can I help?")
    expect(marta.page.locator("#timeline .entry--note")).to_contain_text("Be careful")
    expect(customer.said_by("agent")).to_contain_text("How can I help?")
    expect(customer.log).not_to_contain_text("Be careful")


def test_what_was_said_is_found_again(customer, marta):
    customer.open_chat().say("The walrus invoice is missing")
    expect(customer.said_by("bot")).to_have_count(1)
    marta.page.get_by_role("searchbox", name="Search messages and customers").fill("walrus")
    hit = marta.page.locator("#results .row--hit")
    expect(hit).to_contain_text("walrus")
    hit.click()
    expect(marta.message("The walrus invoice is missing")).to_be_visible()


def test_a_colleague_receives_what_is_transferred(customer, marta, windows):
    jonas = windows.agent("jonas").log_in(state="away")
    customer.open_chat().say("I want to talk to a person")
    marta.accept().reply("One moment")
    jonas.be("online")
    marta.page.get_by_role("button", name="Transfer", exact=True).click()
    dialog = marta.page.get_by_role("dialog", name="Transfer conversation")
    label = dialog.locator("option", has_text="Jonas").inner_text()
    dialog.get_by_label("To").select_option(label=label)
    dialog.get_by_role("button", name="Transfer").click()
    jonas.open_first()
    expect(jonas.message("One moment")).to_be_visible()
    expect(jonas.field).to_be_editable()
    jonas.reply("Jonas here")
    expect(customer.said_by("agent")).to_contain_text(["One moment", "Jonas here"])


def test_an_emoji_is_found_with_the_keyboard_and_goes_where_the_cursor_is(customer):
    customer.open_chat()
    keyboard = customer.page.keyboard
    customer.field.fill("Good  then")
    customer.field.evaluate("field => field.setSelectionRange(5, 5)")
    keyboard.press("Tab")
    expect(customer.chat.get_by_role("button", name="Attach files")).to_be_focused()
    keyboard.press("Tab")
    opener = customer.chat.get_by_role("button", name="Emoji")
    expect(opener).to_be_focused()
    keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    picker = customer.chat.get_by_role("dialog", name="Emoji")
    buttons = picker.get_by_role("button")
    expect(buttons.first).to_be_focused()
    for key, index in (("ArrowRight", 1), ("ArrowDown", 9), ("ArrowLeft", 8), ("ArrowUp", 0),
                       ("ArrowUp", 0), ("End", 60), ("Home", 0)):
        keyboard.press(key)
        expect(buttons.nth(index)).to_be_focused()
    keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(customer.dialog).to_be_visible()
    keyboard.press("Enter")
    keyboard.press("ArrowRight")
    chosen = buttons.nth(1).inner_text()
    keyboard.press("Enter")
    expect(picker).to_be_hidden()
    expect(customer.field).to_be_focused()
    expect(customer.field).to_have_value(f"Good {chosen} then")


def test_the_wish_for_a_person_is_kept_until_the_network_is_back(customer, marta, windows):
    windows.allows_cuts = True
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    customer.page.context.set_offline(True)
    customer.is_disconnected()
    customer.ask_for_a_person()
    expect(customer.chat.get_by_text("as soon as you are connected")).to_be_visible()
    customer.page.context.set_offline(False)
    marta.accept()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_contain_text("Marta")
    expect(customer.chat.get_by_text("as soon as you are connected")).to_be_hidden()


def test_a_person_is_one_step_away_before_and_while_the_assistant_speaks(customer, marta):
    customer.open_chat()
    person = customer.chat.get_by_role("button", name="Talk to a person")
    expect(person).to_be_visible()
    customer.say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    expect(person).to_be_visible()
    person.click()
    marta.accept()
    expect(person).to_be_hidden()
    expect(customer.chat.locator("#title")).to_have_text("Marta Lindqvist")


def test_a_return_to_the_assistant_is_shown(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_be_visible()
    marta.page.locator("#return").click()
    marta.page.locator("#return-dialog").get_by_role("button").last.click()
    expect(customer.chat.locator('.change[data-say="toBot"]')).to_have_text(
        "The assistant is back with you")
    expect(customer.chat.get_by_role("button", name="Talk to a person")).to_be_visible()


def test_the_conversation_can_be_kept_as_a_text(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept().reply("Hello, this is Marta.")
    expect(customer.said_by("agent")).to_have_count(1)
    customer.chat.get_by_role("button", name="More options").click()
    with customer.page.expect_download() as download:
        customer.chat.get_by_role("menuitem", name="Download conversation").click()
    assert re.fullmatch(r"conversation-\d{4}-\d\d-\d\d-\w{6}\.txt",
                        download.value.suggested_filename)
    text = download.value.path().read_text()
    assert re.search(r"\[.+\d\d:\d\d\] You:\n    I want to talk to a person", text)
    assert "Marta Lindqvist joined the conversation" in text
    assert re.search(r"\] Marta Lindqvist:\n    Hello, this is Marta\.", text)


def test_earlier_conversations_can_be_read_and_left_again(customer):
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    menu = customer.chat.get_by_role("button", name="More options")
    menu.click()
    customer.chat.get_by_role("menuitem", name="End conversation").click()
    expect(customer.chat.locator('.change[data-say="resolved"]')).to_be_visible()
    menu.click()
    customer.chat.get_by_role("menuitem", name="New conversation").click()
    customer.say("How do I invite a colleague?")
    expect(customer.said_by("bot")).to_have_count(1)

    menu.click()
    customer.chat.get_by_role("menuitem", name="Earlier conversations").click()
    back = customer.chat.get_by_role("button", name="Back to the conversation")
    expect(back).to_be_focused()
    rows = customer.chat.locator(".earlier__row")
    expect(rows.locator(".earlier__status")).to_have_text(["With the assistant", "Ended"])
    back.click()
    expect(customer.line("How do I invite a colleague?")).to_be_visible()
    expect(customer.field).to_be_focused()
    menu.click()
    customer.chat.get_by_role("menuitem", name="Earlier conversations").click()
    rows.last.click()
    expect(customer.line("Where can I download my invoice?")).to_be_visible()
    expect(customer.line("How do I invite a colleague?")).to_have_count(0)


COUNT_TONES = """() => {
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
        const { dataset } = document.documentElement;
        dataset.tones = Number(dataset.tones ?? 0) + 1;
        return start.apply(this, when);
    };
}"""


def has_rung(customer, times):
    """One ring is two tones."""
    expect(customer.chat.locator("html")).to_have_attribute("data-tones", str(2 * times))


def switch_sound(customer):
    customer.chat.get_by_role("button", name="More options").click()
    customer.chat.get_by_role("menuitemcheckbox", name="Sound for new messages").click()


def test_a_message_rings_only_when_it_is_wanted_and_not_seen(windows, marta):
    customer = windows.customer()
    customer.page.add_init_script(f"({COUNT_TONES})()")
    customer.visit().open_chat().say("I want to talk to a person")
    marta.accept()
    customer.chat.get_by_role("button", name="More options").click()
    expect(customer.chat.get_by_role("menuitemcheckbox")).to_have_attribute("aria-checked", "false")
    customer.page.keyboard.press("Escape")
    switch_sound(customer)
    # What was switched on is heard once.
    has_rung(customer, 1)
    marta.reply("You are looking at this")
    expect(customer.said_by("agent")).to_have_count(1)
    customer.launcher.click()
    marta.reply("and not at that")
    expect(customer.launcher).to_have_accessible_name("Open chat, 1 unread")
    has_rung(customer, 2)

    # It is remembered, but nothing rings before the customer has touched the chat.
    customer.page.reload()
    customer.is_connected()
    marta.reply("nor at this")
    expect(customer.launcher).to_have_accessible_name("Open chat, 2 unread")
    marta.reply("or this")
    expect(customer.launcher).to_have_accessible_name("Open chat, 3 unread")
    expect(customer.chat.locator("html")).not_to_have_attribute("data-tones", re.compile(""))
    customer.open_chat()
    customer.chat.get_by_role("button", name="More options").click()
    expect(customer.chat.get_by_role("menuitemcheckbox")).to_have_attribute("aria-checked", "true")
