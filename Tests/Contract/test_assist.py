"""A language model at the agent's side, and its opinion where the assistant is not sure: through the
llm-openai plugin, with the model played."""

import asyncio
import json
import sys

import c_plugins
import pytest
from administration import Administrator
from conftest import TAUGHT
from peers import ROOT, Agent, Customer, Server
from test_http import problem

sys.path.insert(0, str(ROOT / "Plugins/llm-openai/Tests"))
from played_openai import PlayedOpenAI  # noqa: E402

PLUGIN = "maitred.llm-openai"
WIKI = r"""
INVOKE {
    answer(call, "{\"passages\":[{\"title\":\"The wiki\",\"url\":\"https://wiki.example/lamps\","
        "\"text\":\"Lamps are exchanged within ninety days when they flicker.\"}]}");
}
"""
ARTICLE = """---
title: Get your money back
---
Yearly plans are refunded in full within thirty days of the payment. Refunds go back to the card you
paid with and usually arrive within five working days.
"""


class Assisted:
    def __init__(self, model, folder):
        self.model = model
        c_plugins.build(
            folder, "test.wiki", WIKI, contributes={"hooks": [
                {"on": "knowledge.search", "mode": "provide", "deadline_ms": 1000}]})
        folders = f"{ROOT}/Plugins,{folder}"
        self.server = Server(environment={"MAITRED_PLUGIN_FOLDERS": folders})
        self.server.set_up(intents=TAUGHT)
        articles = self.server.folder / "articles"
        articles.mkdir()
        (articles / "refunds.md").write_text(ARTICLE)
        self.server.command("import", "articles", articles)
        (self.server.folder / "plugins.json").write_text(json.dumps({PLUGIN: {
            "config": {"base_url": model.url, "api_key": model.key, "model": "gpt-played"},
            "allow_private_network": True}, "test.wiki": {}}))

    async def start(self):
        self.server.start()
        self.root = await Administrator.sign_in(self.server)
        while (await self.root.get(f"/v1/plugins/{PLUGIN}"))["status"] != "running":
            await asyncio.sleep(0.02)

    async def say(self, text):
        customer = Customer(self.server)
        await customer.open()
        c = (await customer.say(text))["c"]
        message = await customer.until(
            lambda frame: frame["t"] == "msg.new" and frame["d"]["from"]["kind"] != "customer")
        return customer, c, message["d"]


@pytest.fixture(scope="module")
def model():
    with PlayedOpenAI() as model:
        yield model


@pytest.fixture(scope="module")
def assisted(model, tmp_path_factory):
    assisted = Assisted(model, tmp_path_factory.mktemp("plugins"))
    asyncio.run(assisted.start())
    yield assisted
    assisted.server.close()


async def test_a_draft_is_shown_while_it_is_written(assisted, model):
    customer, c, _ = await assisted.say("I want my money back for a yearly plan.")
    model.say("Yearly plans are refunded in full within thirty days of the payment [1]. ",
              "Refunds ", "go back to the card you paid with [1].", after=2)
    root = Agent(assisted.server, "Root")
    await root.open(presence=None)
    asked = asyncio.create_task(assisted.root.ask(
        "POST", f"/v1/conversations/{c}/draft", {"stream": "draft-0001"}))
    first = await root.of_type("suggest", c)
    assert first["d"]["request"] == "draft-0001" and first["d"]["i"] == 0
    assert not asked.done()
    model.released.set()
    whole = (await asked).json["text"]
    pieces = [frame["d"] for frame in root.frames if frame["t"] == "suggest"]
    assert [piece["i"] for piece in pieces] == list(range(len(pieces)))
    assert "".join(piece["text"] for piece in pieces).strip() == whole.strip()
    await root.close()
    await customer.close()


async def test_a_draft_rests_on_our_own_articles_and_names_them(assisted, model):
    assert await assisted.root.get("/v1/assist") == {
        "draft": True, "summary": True, "translate": True}
    customer, c, _ = await assisted.say("I want my money back for a yearly plan.")
    model.say("Yearly plans are refunded in full within thirty days of the payment [1].")
    reply = await assisted.root.ask("POST", f"/v1/conversations/{c}/draft", {})
    assert reply.status == 200, reply.json
    assert "thirty days" in reply.json["text"] and not reply.json["refused"]
    assert [citation["title"] for citation in reply.json["citations"]] == ["Get your money back"]
    await customer.close()


async def test_a_draft_may_rest_on_what_a_plugin_finds(assisted, model):
    customer, c, _ = await assisted.say("My lamp flickers, can I exchange it?")
    model.say("Lamps are exchanged within ninety days when they flicker [1].")
    with model.lock:
        before = len(model.requests)
    reply = await assisted.root.ask("POST", f"/v1/conversations/{c}/draft", {})
    asked = json.loads(model.requests[before].json["messages"][1]["content"])
    number = next(
        n for n, one in enumerate(asked["passages"], 1) if one.get("title") == "The wiki")
    if number != 1:
        model.say(f"Lamps are exchanged within ninety days when they flicker [{number}].")
        reply = await assisted.root.ask("POST", f"/v1/conversations/{c}/draft", {})
    assert not reply.json["refused"], reply.json
    assert [(one["title"], one["url"]) for one in reply.json["citations"]] == [
        ("The wiki", "https://wiki.example/lamps")]
    await customer.close()


async def test_a_draft_that_no_article_supports_is_refused(assisted, model):
    customer, c, _ = await assisted.say("I want my money back for a yearly plan.")
    model.say("We will also send you a free bicycle [1].")
    reply = await assisted.root.ask("POST", f"/v1/conversations/{c}/draft", {})
    assert reply.status == 200 and reply.json["refused"] and reply.json["text"] == ""
    assert reply.json["reason"]
    await customer.close()


async def test_a_model_that_is_down_is_a_clear_error_and_costs_the_conversation_nothing(
        assisted, model):
    customer, c, _ = await assisted.say("How do I reset my password?")
    model.fail(500, times=10)
    reply = await assisted.root.ask("POST", f"/v1/conversations/{c}/summary", {})
    problem(reply, 502, "upstream_error")
    with model.lock:
        model._faults.clear()
    ack = await customer.say("And where is my parcel?", c)
    assert ack["c"] == c
    await customer.close()


async def test_where_the_assistant_is_not_sure_the_customer_is_asked_what_the_model_thinks(
        assisted, model):
    assisted.server.command(
        "agent", "add", "bea@example.com", "--name", "Bea", "--role", "agent",
        "--password-stdin", stdin="correct horse battery\n", check=False)
    bea = Agent(assisted.server, "Bea")
    await bea.open("online")
    model.say(json.dumps({"candidates": [{"intent": "parcel_status", "probability": 0.8}]}))
    customer, c, message = await assisted.say("Are your drivers friendly to dogs?")
    assert message["from"]["kind"] == "bot", message
    assert [choice["id"] for choice in message["choices"]] == ["parcel_status", "human"]
    # The customer decides: what they pick is answered.
    await customer.ask(
        "choice", {"m": message["m"], "choice": "parcel_status",
                   "cid": "11111111-2222-4333-8444-555555555555"}, c=c)
    answer = await customer.until(
        lambda frame: frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "bot"
        and frame["d"]["m"] != message["m"])
    assert "parcel" in answer["d"]["text"].lower()
    decided = [frame["d"] for frame in await bea.history(c)
               if frame["t"] == "event.new" and frame["d"]["type"] == "decided"]
    assert [event["rule"] for event in decided] == ["second_opinion", "customer_chose"]
    await customer.close()
    await bea.close()


async def test_without_an_opinion_in_time_it_goes_to_a_person_as_before(assisted, model):
    model.fail(500, times=6)
    customer, c, message = await assisted.say("Xylophone zebra quantum marmalade.")
    with model.lock:
        model._faults.clear()
    assert message["from"]["kind"] != "bot" or not message.get("choices")
    assert (await assisted.root.get(f"/v1/conversations/{c}"))["status"] == "queued"
    await customer.close()
