"""Files between a customer and an agent, kept by the real server."""

import re

from playwright.sync_api import expect

from stage import png

PHOTO = {"name": "Screenshot.png", "mimeType": "image/png", "buffer": png(800, 500)}
NOTES = {"name": "steps.txt", "mimeType": "text/plain", "buffer": b"One\nTwo\n"}


def tray(agent, name):
    return agent.page.get_by_role("list", name="Files to send").get_by_role("listitem").filter(
        has_text=name)


def in_conversation(customer, marta):
    customer.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(marta.page.locator("#attach")).to_be_visible()


def test_an_agent_sees_saves_and_sends_files(customer, marta):
    in_conversation(customer, marta)
    customer.chat.locator("#files").set_input_files([PHOTO, NOTES])
    expect(customer.chat.locator("#tray [data-state=done]")).to_have_count(2)
    customer.say("Look at this")
    entry = marta.page.locator(".entry--customer").filter(has_text="Look at this")
    photo = entry.get_by_role("link", name="Open image Screenshot.png")
    expect(photo.locator("img")).to_have_js_property("naturalWidth", 800)
    with marta.page.expect_download() as saving:
        entry.get_by_role("link", name="steps.txt").click()
    assert saving.value.suggested_filename == "steps.txt"
    assert saving.value.path().read_bytes() == b"One\nTwo\n"

    marta.page.locator("#files").set_input_files([NOTES])
    expect(tray(marta, "steps.txt")).to_have_attribute("data-state", "done")
    marta.page.locator("#send").click()
    expect(marta.page.locator("#tray")).to_be_hidden()
    sent = marta.page.locator(".entry--by-agent").last
    expect(sent.get_by_role("link", name="steps.txt")).to_have_attribute(
        "href", re.compile("^/v1/files/fil_"))
    expect(sent.locator(".bubble")).to_have_count(0)
    expect(customer.said_by("agent").get_by_role("link", name="steps.txt")).to_be_visible()
    marta.resolve()


def test_a_file_that_is_refused_holds_the_reply_back_until_it_is_removed(
        windows, customer, marta):
    # Browsers complain of every answer that refuses something.
    windows.allows_cuts = True
    in_conversation(customer, marta)
    page = {"name": "page.txt", "mimeType": "text/plain", "buffer": b"<!doctype html><p>"}
    marta.page.locator("#files").set_input_files([page])
    expect(tray(marta, "page.txt")).to_contain_text("not accepted")
    marta.page.locator("#reply-field").fill("Here it is")
    expect(marta.page.locator("#send")).to_be_disabled()
    tray(marta, "page.txt").get_by_role("button", name="Remove page.txt").click()
    marta.page.locator("#send").click()
    expect(customer.said_by("agent")).to_contain_text("Here it is")
    marta.resolve()


def test_files_stay_with_the_draft_of_their_conversation(customer, marta):
    in_conversation(customer, marta)
    marta.page.locator("#files").set_input_files([NOTES])
    expect(tray(marta, "steps.txt")).to_have_attribute("data-state", "done")
    # A note goes to the team alone, and no file with it.
    marta.page.locator("#mode-note").click()
    expect(marta.page.locator("#attach")).to_be_hidden()
    customer.chat.locator("#more").click()
    customer.chat.locator("#menu-fresh").click()
    customer.say("Something else: I want to talk to a person")
    marta.accept()
    expect(marta.message("Something else")).to_be_visible()
    expect(marta.page.locator("#tray")).to_be_hidden()
    expect(marta.page.locator("#attach")).to_be_visible()
    marta.resolve()
    marta.page.locator("#rows .row").filter(has_text="I want to talk to a person").first.click()
    expect(tray(marta, "steps.txt")).to_be_visible()
    marta.reply("For you")
    sent = marta.page.locator(".entry--by-agent").filter(has_text="For you")
    expect(sent.get_by_role("link", name="steps.txt")).to_be_visible()
    marta.resolve()
