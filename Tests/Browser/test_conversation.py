"""A customer and an agent, each in a window of their own."""

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
