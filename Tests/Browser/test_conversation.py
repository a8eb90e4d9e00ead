"""A customer and an agent, each in a window of their own."""

from playwright.sync_api import expect


def test_a_question_is_answered_by_the_assistant_and_then_by_a_person(customer, marta):
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_contain_text("Billing")

    customer.say("I want to talk to a person")
    expect(marta.offer).to_contain_text("Accept")
    expect(marta.offer.locator(".offer__briefing")).to_contain_text("Dashboard")

    marta.accept()
    expect(marta.offer).to_have_count(0)
    expect(marta.entry("Where can I download my invoice?")).to_be_visible()
    expect(marta.entry("Assistant stepped aside")).to_be_visible()
    expect(customer.chat.locator('.change[data-say="joined"]')).to_contain_text("Marta")

    marta.reply("Hello, this is Marta. I am looking at it.")
    expect(customer.said_by("agent")).to_contain_text("this is Marta")
    customer.say("Thank you, I can wait")
    expect(marta.entry("Thank you, I can wait")).to_be_visible()

    marta.page.get_by_role("button", name="Resolve").click()
    rating = customer.chat.get_by_role("group", name="How was this conversation?")
    rating.get_by_role("radio", name="Very good").check(force=True)
    customer.chat.get_by_label("Anything to add?").fill("Quick and kind")
    customer.chat.get_by_role("button", name="Send feedback").click()
    expect(customer.chat.get_by_text("Thank you for your feedback.")).to_be_visible()
    expect(marta.entry("Rated 5 of 5")).to_contain_text("Quick and kind")
