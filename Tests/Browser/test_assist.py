"""A language model at the agent's side: what it writes is seen as it is written."""

import json
import re

import pytest
from playwright.sync_api import expect

import server as servers
import writer
from test_accessibility import UNFIT
from test_screenshots import FOLDER, take

ACT = """async (name) => {
    const { csrf } = await (await fetch("/v1/auth/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf,
                      "Idempotency-Key": crypto.randomUUID() };
    const answer = await fetch(`/v1/actions/writer.${name}`, { method: "POST", headers,
                                                               body: '{"input":{}}' });
    return (await answer.json()).state;
}"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder with the plugin that writes."""
    built = tmp_path_factory.mktemp("writer")
    writer.build(built)
    return built


@pytest.fixture
def server(workspace, folder, tmp_path, monkeypatch):
    folders = [str(servers.ROOT / "Plugins"), str(folder)]
    monkeypatch.setenv("MAITRED_PLUGIN_FOLDERS", ",".join(folders))
    running = workspace.copy(tmp_path / "data")
    settings = running.folder / "plugins.json"
    plugins = {**json.loads(settings.read_text()), "test.writer": {"config": {}}}
    settings.write_text(json.dumps(plugins))
    running.start()
    yield running
    running.kill()


@pytest.fixture
def shopper(windows):
    return windows.customer().visit().open_chat().say("I want to talk to a person")


@pytest.fixture
def talk(windows, shopper):
    marta = windows.agent("marta").log_in()
    marta.accept()
    expect(marta.page.locator("#draft")).to_be_visible()
    return marta


def preview(agent, within="#composer"):
    return agent.page.locator(f"{within} .assist__preview")


def act(agent, name):
    """Has the plugin do one of its actions."""
    assert agent.page.evaluate(ACT, name) == "done"


def said(message):
    return message.locator(".bubble:visible")


# Drafts and summaries


def test_a_draft_is_seen_as_it_is_written_and_then_put_to_the_reply(talk):
    talk.page.locator("#draft").click()
    expect(preview(talk)).to_have_text("Yearly plans")
    # Nothing is put to the reply before it is whole, and nothing of it is read aloud.
    expect(talk.field).to_have_value("")
    expect(preview(talk)).to_have_attribute("aria-hidden", "true")
    FOLDER.mkdir(exist_ok=True)
    take(talk, "draft-growing")
    act(talk, "finish")
    expect(talk.field).to_have_value("Yearly plans are renewed by themselves.")
    expect(preview(talk)).to_be_hidden()
    expect(talk.page.get_by_role("status").filter(has_text="The draft is in your reply")
           ).to_have_count(1)


def test_a_draft_that_is_cancelled_goes_away(talk):
    talk.page.locator("#draft").click()
    expect(preview(talk)).to_have_text("Yearly plans")
    talk.page.get_by_role("button", name="Cancel").click()
    expect(preview(talk)).to_be_hidden()
    expect(preview(talk)).to_have_text("")
    expect(talk.page.get_by_role("status").filter(has_text="Cancelled.")).to_be_visible()


def test_a_draft_that_is_refused_goes_away_and_says_why(talk, shopper):
    shopper.say("It is unheard of")
    expect(talk.message("unheard of")).to_be_visible()
    talk.page.locator("#draft").click()
    expect(preview(talk)).to_have_text("Yearly plans")
    act(talk, "finish")
    expect(talk.page.get_by_text("No draft: No article is about it")).to_be_visible()
    expect(preview(talk)).to_be_hidden()
    expect(talk.field).to_have_value("")


def test_a_summary_is_seen_as_it_is_written(talk):
    talk.page.locator("#summarise").click()
    expect(preview(talk, "#panel")).to_have_text("Asks about")
    act(talk, "finish")
    expect(talk.page.locator(".summarised__text")).to_have_text("Asks about yearly plans.")
    expect(preview(talk, "#panel")).to_be_hidden()


# Translations


def test_a_message_is_translated_and_its_original_is_one_click_away(talk, shopper):
    sent = []
    talk.page.on("request", lambda each: each.url.endswith("/translate")
                 and sent.append(each.post_data_json))
    shopper.say("Wo ist mein Paket?")
    message = talk.messages.filter(has=talk.page.get_by_text("Wo ist mein Paket?"))
    message.get_by_role("button", name="Translate", exact=True).press("Enter")
    expect(said(message)).to_have_text("Where is my parcel?")
    assert sent == [{"text": "Wo ist mein Paket?", "to": "en-GB"}]
    original = message.get_by_role("button", name="Show original")
    expect(original).to_be_focused()
    original.press("Enter")
    expect(said(message)).to_have_text(["Wo ist mein Paket?", "Where is my parcel?"])
    # Asked for once, however often it is looked at.
    message.get_by_role("button", name="Hide original").press("Enter")
    expect(said(message)).to_have_text("Where is my parcel?")
    assert len(sent) == 1
    assert talk.page.locator("html").evaluate(UNFIT) == []
    take(talk, "translated")


def test_all_that_a_customer_writes_is_translated_once_somebody_asks(talk, shopper):
    first = talk.messages.filter(has=talk.page.locator(".translation__button")).first
    first.get_by_role("button", name="Translate", exact=True).click()
    talk.page.get_by_role("button", name="Translate all").click()
    expect(talk.page.get_by_text("What the customer writes here is translated.")).to_be_visible()
    shopper.say("Wo ist mein Paket?")
    message = talk.messages.filter(has=talk.page.get_by_text("Wo ist mein Paket?"))
    expect(said(message)).to_have_text("Where is my parcel?")
    talk.page.get_by_role("button", name="Stop translating").click()
    expect(said(message)).to_have_text(["Wo ist mein Paket?", "Where is my parcel?"])


def test_a_translation_that_fails_says_why_and_can_be_asked_for_again(talk, shopper, windows):
    windows.allows_cuts = True
    shopper.say("Alles kaputt")
    message = talk.messages.filter(has=talk.page.get_by_text("Alles kaputt"))
    message.get_by_role("button", name="Translate", exact=True).click()
    expect(message).to_contain_text(re.compile("language model could not do it: .*model is off"))
    expect(said(message)).to_have_text("Alles kaputt")
    expect(message.get_by_role("button", name="Translate", exact=True)).to_be_enabled()


# Other channels


def test_what_came_by_another_channel_says_so_and_so_does_the_answer(windows):
    marta = windows.agent("marta").log_in()
    act(marta, "letter")
    marta.accept()
    expect(marta.message("I wrote a letter").locator(".entry__foot")).to_contain_text("by Writer")
    marta.reply("Here I am, Ida.")
    expect(marta.message("Here I am").locator(".entry__foot")).to_contain_text("by Writer")
    take(marta, "by-channel")
