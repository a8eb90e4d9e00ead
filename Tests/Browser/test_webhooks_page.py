"""Webhooks at the console, and a language model at the agent's side."""

import json
import re
import sys

import pytest
from playwright.sync_api import expect

import server as servers
from hooks import Hooks, Receiver
from people import NARROW, WIDE
from stage import answer_to
from test_accessibility import UNFIT
from test_plugins_page import RIGHT_TO_LEFT, TOO_WIDE
from test_screenshots import FOLDER, take

sys.path.append(str(servers.ROOT / "Plugins/llm-openai/Tests"))
from played_openai import PlayedOpenAI  # noqa: E402

LLM = "maitred.llm-openai"


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def hooks(windows):
    return Hooks(windows.agent("marta").log_in(state="away"))


def test_one_is_added_tried_and_its_secret_shown_once(hooks, receiver):
    hooks.page.get_by_role("link", name="Webhooks").click()
    expect(hooks.page.get_by_role("heading", name="Webhooks", level=1)).to_be_focused()
    expect(hooks.page.get_by_role("heading", name="No webhooks yet")).to_be_visible()
    hooks.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    secret = hooks.add(f"{receiver.base}/hook", "A customer rates", description="CRM")
    expect(hooks.dialog).to_contain_text("It is not shown again")
    hooks.dialog.get_by_role("button", name="Copy").click()
    expect(hooks.dialog.get_by_role("status")).to_have_text("Copied.")
    assert hooks.page.evaluate("navigator.clipboard.readText()") == secret
    hooks.keep()
    expect(hooks.page.get_by_role("heading", name="CRM", level=1)).to_be_visible()
    expect(hooks.page).to_have_title(re.compile("CRM · Webhooks"))
    assert secret not in hooks.page.content()
    expect(hooks.deliveries).to_contain_text("Nothing has been sent yet")
    hooks.button("Send test").click()
    expect(hooks.rows()).to_contain_text("Delivered")
    head = hooks.rows().get_by_role("button", expanded=False)
    head.press("Enter")
    expect(hooks.rows()).to_contain_text("204")
    expect(hooks.rows().locator("pre")).to_contain_text('"type": "webhook.test"')
    assert receiver.types() == ["webhook.test"]
    hooks.page.get_by_role("link", name="All webhooks").click()
    row = hooks.page.locator(".webhook-row")
    expect(row.get_by_role("link")).to_be_focused()
    expect(row).to_contain_text("1 kind of event")
    expect(row).to_contain_text("On")


def test_what_failed_is_sent_again_one_by_one_or_all_since(hooks, receiver, windows):
    hooks.visit().add(f"{receiver.base}/hook")
    hooks.keep()
    receiver.fail(410)
    hooks.button("Send test").click()
    expect(hooks.rows()).to_contain_text("Failed")
    hooks.is_in_state("Stopped")
    expect(hooks.page.locator(".webhook__why")).to_contain_text("410")
    hooks.button("Switch on").click()
    hooks.is_in_state("On")
    hooks.rows().locator(".delivery__head").click()
    expect(hooks.rows().locator(".attempts .toned--bad")).to_have_text("410")
    hooks.rows().get_by_role("button", name="Send again").click()
    expect(hooks.rows()).to_contain_text("Delivered")
    expect(hooks.rows()).to_contain_text("2 attempts")
    # What is open stays open while it is drawn anew.
    expect(hooks.rows().locator(".attempts li")).to_have_count(2)
    receiver.fail(410)
    hooks.button("Send test").click()
    hooks.is_in_state("Stopped")
    hooks.button("Switch on").click()
    hooks.deliveries.get_by_label("Show").select_option("Failed")
    expect(hooks.rows()).to_have_count(1)
    hooks.button("Send all again").click()
    expect(hooks.deliveries).to_contain_text("1 delivery is sent again")
    expect(hooks.deliveries).to_contain_text("No delivery is in that state")
    hooks.deliveries.get_by_label("Show").select_option("All")
    expect(hooks.rows().filter(has_text="Delivered")).to_have_count(2)


def test_it_is_changed_given_a_new_secret_and_removed(hooks, receiver, windows):
    windows.allows_cuts = True
    first = hooks.visit().add(f"{receiver.base}/hook")
    hooks.keep()
    address = hooks.settings.get_by_label("Address", exact=True)
    address.fill("nowhere")
    hooks.button("Save").click()
    expect(address).to_be_focused()
    expect(address).to_have_accessible_description(re.compile("begins with https"))
    address.fill("https://user:secret@example.com/x")
    hooks.button("Save").click()
    expect(address).to_have_accessible_description(re.compile("url"))
    expect(address).to_have_attribute("aria-invalid", "true")
    address.fill("https://example.com/x")
    hooks.settings.get_by_label("Tags change").check()
    hooks.button("Save").click()
    expect(hooks.settings).to_contain_text("Saved.")
    expect(hooks.page.get_by_role("heading", level=1)).to_have_text("example.com/x")
    kept = hooks.fact("/v1/webhooks")["webhooks"][0]
    assert kept["types"] == ["conversation.tagged"] and kept["url"] == "https://example.com/x"
    hooks.button("New secret").click()
    hooks.dialog.get_by_role("button", name="New secret").click()
    secret = hooks.dialog.get_by_label("Secret", exact=True)
    expect(secret).to_have_value(re.compile("whsec_"))
    assert secret.input_value() != first
    expect(hooks.dialog).to_contain_text("The old secret signs as well until")
    hooks.dialog.get_by_role("button", name="I have kept it").click()
    hooks.button("Remove").click()
    hooks.dialog.get_by_role("button", name="Cancel").click()
    hooks.button("Remove").click()
    hooks.dialog.get_by_role("button", name="Remove").click()
    expect(hooks.page.get_by_role("heading", name="No webhooks yet")).to_be_visible()


def test_a_new_one_that_is_refused_stays_to_be_corrected(hooks, windows):
    windows.allows_cuts = True
    hooks.visit()
    hooks.button("Add webhook").click()
    address = hooks.dialog.get_by_label("Address", exact=True)
    expect(address).to_be_focused()
    address.fill("https://user:secret@example.com/x")
    hooks.page.keyboard.press("Enter")
    expect(address).to_have_accessible_description(re.compile("url"))
    expect(address).to_have_value("https://user:secret@example.com/x")
    assert hooks.fact("/v1/webhooks")["webhooks"] == []


def test_a_server_that_does_not_answer_is_asked_again(hooks, windows):
    windows.allows_cuts = True
    hooks.page.route("**/v1/webhooks", lambda route: route.abort())
    hooks.visit()
    expect(hooks.page.get_by_text("could not be fetched")).to_be_visible()
    hooks.page.unroute("**/v1/webhooks")
    hooks.button("Try again").click()
    expect(hooks.page.get_by_role("heading", name="No webhooks yet")).to_be_visible()
    hooks.page.goto(f"{hooks.url}#webhooks/whk_99")
    expect(hooks.page.get_by_text("There is no webhook “whk_99”")).to_be_visible()


def test_agents_have_no_such_page_and_supervisors_look_only(windows, hooks, receiver):
    hooks.visit().add(f"{receiver.base}/hook")
    hooks.keep()
    hook = hooks.page.url.rpartition("/")[2]
    priya = windows.agent("priya").log_in(state="away")
    priya.page.goto(f"{priya.server.url}/console/#webhooks")
    expect(priya.page.locator("#inbox")).to_be_visible()
    expect(priya.page.get_by_role("link", name="Webhooks")).to_have_count(0)
    look = Hooks(windows.agent("jonas").log_in(state="away")).visit()
    expect(look.page.locator(".webhook-row")).to_have_count(1)
    expect(look.button("Add webhook")).to_have_count(0)
    look.visit(hook)
    expect(look.page.get_by_text("Only admins change webhooks")).to_be_visible()
    expect(look.settings.get_by_label("Address", exact=True)).to_be_disabled()
    expect(look.button("Remove").or_(look.button("Save"))).to_have_count(0)


# A language model at the agent's side


ARTICLE = """---
title: Get your money back
---
Yearly plans are refunded in full within thirty days of the payment. Refunds go back to the card you
paid with and usually arrive within five working days.
"""
ASKED = "I want my money back for a yearly plan."
SAID = "Yearly plans are refunded in full within thirty days of the payment"


@pytest.fixture
def model():
    with PlayedOpenAI() as model:
        yield model


@pytest.fixture
def server(workspace, tmp_path, request):
    """With a language model for those who ask for one."""
    running = workspace.copy(tmp_path / "data")
    if "model" in request.fixturenames:
        model = request.getfixturevalue("model")
        articles = tmp_path / "articles"
        articles.mkdir()
        (articles / "refunds.md").write_text(ARTICLE)
        running.order("import", "articles", articles)
        settings = running.folder / "plugins.json"
        config = {"base_url": model.url, "api_key": model.key, "model": "gpt-played"}
        settings.write_text(json.dumps({
            **json.loads(settings.read_text()),
            LLM: {"config": config, "allow_private_network": True}}))
    running.start()
    yield running
    running.kill()


@pytest.fixture
def talk(model, windows):
    """A conversation that marta has taken over, with a language model at her side."""
    marta = windows.agent("marta").log_in()
    windows.customer().visit().open_chat().say(ASKED)
    marta.open_first().take_over()
    expect(marta.page.get_by_role("button", name="Draft", exact=True)).to_be_visible(timeout=20_000)
    return marta


def composer(agent):
    return agent.page.locator("#composer")


def draft(agent):
    agent.page.get_by_role("button", name="Draft", exact=True).click()


def test_a_draft_is_put_to_what_is_written_and_never_sent(talk, model):
    model.say(f"{SAID} [1].")
    talk.field.fill("Hello Ida,")
    draft(talk)
    expect(talk.field).to_have_value(f"Hello Ida,\n{SAID}.")
    expect(composer(talk)).to_contain_text("Read it before you send it")
    expect(composer(talk).get_by_role("list", name="It rests on")).to_contain_text(
        "Get your money back")
    expect(talk.field).to_be_focused()
    expect(talk.message(SAID)).to_have_count(0)
    assert talk.page.locator("html").evaluate(UNFIT) == []
    FOLDER.mkdir(exist_ok=True)
    take(talk, "draft")
    composer(talk).get_by_role("button", name="Undo").click()
    expect(talk.field).to_have_value("Hello Ida,")
    expect(composer(talk).get_by_role("list", name="It rests on")).to_have_count(0)
    model.say(f"{SAID} [1].")
    talk.field.fill("")
    draft(talk)
    expect(talk.field).to_have_value(f"{SAID}.")
    talk.page.get_by_role("button", name="Send", exact=True).click()
    expect(talk.message(SAID)).to_have_count(1)
    expect(composer(talk).get_by_role("list", name="It rests on")).to_have_count(0)


def test_a_draft_that_nothing_supports_is_refused_with_the_reason(talk, model):
    model.say("We will also send you a free bicycle [1].")
    draft(talk)
    expect(composer(talk).get_by_role("status").first).to_contain_text("No draft:")
    expect(talk.field).to_have_value("")


def test_a_draft_can_be_cancelled_and_stays_with_its_conversation(talk, model):
    held = []
    talk.page.route("**/draft", lambda route: held.append(route))
    draft(talk)
    expect(composer(talk)).to_contain_text("A reply is being drafted")
    composer(talk).get_by_role("button", name="Cancel").click()
    expect(composer(talk)).to_contain_text("Cancelled.")
    draft(talk)
    talk.page.get_by_role("button", name="Note", exact=True).click()
    expect(composer(talk)).not_to_contain_text("A reply is being drafted")
    talk.page.get_by_role("button", name="Reply", exact=True).click()
    expect(composer(talk)).not_to_contain_text("A reply is being drafted")
    expect(talk.field).to_have_value("")


@pytest.mark.parametrize(("status", "words"), [
    (502, "could not do it: the model is asleep"), (503, "not available right now"),
    (504, "took too long"), (0, "could not be reached")])
def test_what_did_not_work_is_said_in_words(talk, windows, status, words):
    windows.allows_cuts = True
    talk.page.route(re.compile("/(draft|summary)$"), lambda route: route.fulfill(
        status=status, json={"code": "x", "detail": "the model is asleep"}) if status
        else route.abort())
    draft(talk)
    expect(composer(talk).get_by_role("alert")).to_contain_text(words)
    talk.page.get_by_role("button", name="Summarise").click()
    expect(talk.panel.get_by_role("alert").filter(has_text=words)).to_be_visible()


def test_a_conversation_is_summarised_on_request(talk, model):
    model.say("Ida wants a refund of a yearly plan.")
    talk.page.get_by_role("button", name="Summarise").click()
    expect(talk.panel).to_contain_text("Ida wants a refund of a yearly plan.")
    expect(talk.panel).to_contain_text("By the language model")
    expect(talk.page.get_by_role("button", name="Summarise again")).to_be_visible()


def test_without_a_language_model_nothing_of_it_is_seen(windows):
    marta = windows.agent("marta").log_in()
    windows.customer().visit().open_chat().say(ASKED)
    with marta.page.expect_response("**/v1/assist"):
        marta.open_first().take_over()
    expect(marta.page.locator("#draft")).to_be_hidden()
    expect(marta.page.locator("#summarise")).to_be_hidden()


# Accounts of plugins


def test_a_plugin_is_connected_to_an_account_elsewhere(windows):
    marta = windows.agent("marta").log_in(state="away")
    page = marta.page

    def with_account(route):
        plugin = answer_to(route.request)
        plugin["contributes"]["oauth"] = ["shop"]
        route.fulfill(json=plugin)

    page.route("**/v1/plugins/maitred.crm-csv", with_account)
    page.route("**/v1/plugins/maitred.crm-csv/oauth/shop", lambda route: route.fulfill(
        json={"url": f"{marta.server.url}/demo/?state=1"}))
    page.goto(f"{marta.server.url}/console/#plugins/maitred.crm-csv")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Connect: shop").click()
    assert opened.value.url.endswith("?state=1") or opened.value.url == "about:blank"
    assert opened.value.evaluate("window.opener") is None
    link = page.get_by_role("link", name="Sign in to shop")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


LOOKS = [("light", "light", WIDE, ""), ("dark", "dark", WIDE, ""),
         ("narrow", "light", NARROW, ""), ("rtl", "light", WIDE, RIGHT_TO_LEFT)]


@pytest.mark.parametrize(("name", "scheme", "size", "script"), LOOKS, ids=[x[0] for x in LOOKS])
def test_the_pages_fit_and_can_be_looked_at(windows, receiver, name, scheme, size, script):
    FOLDER.mkdir(exist_ok=True)
    marta = windows.agent("marta", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    marta.page.add_init_script(script)
    hooks = Hooks(marta.log_in(state="away")).visit()
    take(marta, f"webhooks-empty-{name}")
    hooks.button("Add webhook").click()
    take(marta, f"webhook-new-{name}")
    hooks.button("Cancel").click()
    hooks.add("https://hooks.example.com/maitred/with/a/rather/long/path?key=value",
              "Tags change", description="Data warehouse")
    hooks.keep()
    hooks.visit().add(f"{receiver.base}/hook", description="Customer relations")
    take(marta, f"webhook-secret-{name}")
    hooks.keep()
    hooks.button("Send test").click()
    expect(hooks.rows()).to_contain_text("Delivered")
    receiver.fail(410, "gone for good")
    hooks.button("Send test").click()
    hooks.is_in_state("Stopped")
    expect(hooks.rows().first).to_contain_text("Failed")
    hooks.rows().first.locator(".delivery__head").click()
    take(marta, f"webhook-{name}")
    assert hooks.page.locator("#webhooks").evaluate(TOO_WIDE) is False
    assert hooks.page.locator("html").evaluate(UNFIT) == []
    hooks.visit()
    expect(hooks.page.locator(".webhook-row")).to_have_count(2)
    take(marta, f"webhooks-{name}")
    assert hooks.page.locator("#webhooks").evaluate(TOO_WIDE) is False
    assert hooks.page.locator("html").evaluate(UNFIT) == []
