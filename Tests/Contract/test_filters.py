"""Filters of plugins: what becomes of a message before it is kept."""

import asyncio
import json

import c_plugins
import pytest
from administration import Administrator
from conftest import TAUGHT
from peers import Agent, Customer, Server

CODE = r"""
INVOKE {
    if (says(in, "forbidden")) answer(call, "{\"do\":\"reject\",\"reason\":\"not here\"}");
    else if (says(in, "4111 1111")) answer(call, "{\"do\":\"replace\",\"text\":\"[card]\"}");
    else if (says(in, "\"from\":\"bot\"") && says(in, "parcel_status"))
        answer(call, "{\"do\":\"reject\",\"reason\":\"no promises\"}");
    else if (says(in, "dawdle")) return;
    else answer(call, "{\"do\":\"keep\"}");
}
"""


# Writes drafts, a part ahead of the whole.
WRITER = r"""
static void draft(maitred_call *call, const char *text) {
    char json[200];
    snprintf(json, sizeof json, "{\"text\":\"%s\",\"citations\":[],\"refused\":false}", text);
    host->part(host, call, slice("{\"text\":\"A part of it.\"}"));
    answer(call, json);
}
INVOKE {
    draft(call, says(in, "card number") ? "It is 4111 1111 1111 1111."
        : says(in, "a promise") ? "That is forbidden." : "Gladly.");
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugins")
    c_plugins.build(
        folder, "test.filter", CODE, permissions={"read": ["conversation.messages"]},
        contributes={"hooks": [
            {"on": "message.inbound", "mode": "filter", "deadline_ms": 100},
            {"on": "message.outbound", "mode": "filter", "deadline_ms": 100,
             "on_failure": "closed"},
            {"on": "reply.suggest", "mode": "filter", "deadline_ms": 2000}]})
    c_plugins.build(folder, "test.writer", WRITER, contributes={
        "hooks": [{"on": "reply.draft", "mode": "provide"}]})
    server = Server(environment={"MAITRED_PLUGIN_FOLDERS": str(folder)})
    server.set_up(intents=TAUGHT)
    (server.folder / "plugins.json").write_text(json.dumps({
        "test.filter": {"config": {}}, "test.writer": {"config": {}}}))
    server.start()

    async def up():
        root = await Administrator.sign_in(server)
        for id in ("test.filter", "test.writer"):
            while (await root.get(f"/v1/plugins/{id}"))["status"] != "running":
                await asyncio.sleep(0.02)

    asyncio.run(up())
    yield server
    server.close()


async def opened(server, text="Hello."):
    customer = Customer(server)
    await customer.open()
    c = (await customer.say(text))["c"]
    return customer, c


async def heard(customer, kind, mark=0):
    frame = await customer.until(
        lambda frame: frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == kind, after=mark)
    return frame["d"]["text"]


async def test_a_message_is_replaced_before_anybody_has_it(server):
    customer, c = await opened(server, "My card is 4111 1111 1111 1111.")
    assert await heard(customer, "customer") == "[card]"
    for place in server.folder.glob("maitred.sqlite*"):
        assert b"4111 1111" not in place.read_bytes()
    await customer.close()


async def test_a_message_that_is_rejected_is_not_kept_and_its_writer_reads_why(server):
    customer = Customer(server)
    await customer.open()
    refused = await customer.ask(
        "msg.send", {"cid": "11111111-1111-4111-8111-111111111111", "text": "forbidden words"})
    assert refused["t"] == "err" and refused["d"]["code"] == "unprocessable"
    assert "not here" in refused["d"]["title"]
    # The first message was refused: no conversation was begun by it.
    c = (await customer.say("How do I reset my password?"))["c"]
    await heard(customer, "bot")
    refused = await customer.ask(
        "msg.send", {"cid": "22222222-2222-4222-8222-222222222222", "text": "forbidden"}, c=c)
    assert refused["d"]["code"] == "unprocessable"
    texts = [frame["d"]["text"] for frame in customer.frames if frame["t"] == "msg.new"]
    assert not any("forbidden" in text for text in texts)
    await customer.close()


async def test_an_answer_of_the_assistant_that_is_held_back_brings_a_person(server):
    customer, c = await opened(server, "Where is my parcel?")
    frame = await customer.until(
        lambda frame: frame["t"] == "conv.upd" and frame["d"]["status"] == "queued")
    assert frame["c"] == c
    assert all(frame["d"]["from"]["kind"] != "bot" for frame in customer.frames
               if frame["t"] == "msg.new")
    await customer.close()


async def test_a_filter_that_dawdles_lets_pass_or_stops_as_its_manifest_says(server):
    customer, c = await opened(server, "dawdle please, and a person.")
    assert await heard(customer, "customer") == "dawdle please, and a person."
    server.command(
        "agent", "add", "cy@example.com", "--name", "Cy", "--role", "agent",
        "--password-stdin", stdin="correct horse battery\n", check=False)
    cy = Agent(server, "Cy")
    await cy.open("online")
    await cy.ask("takeover", {}, c=c)
    refused = await cy.ask(
        "reply", {"cid": "33333333-3333-4333-8333-333333333333", "text": "dawdle", "seen": 99},
        c=c)
    assert refused["t"] == "err" and refused["d"]["code"] == "unprocessable"
    kept = await cy.ask(
        "reply", {"cid": "44444444-4444-4444-8444-444444444444", "text": "Here I am.",
                  "seen": 99}, c=c)
    assert kept["t"] == "ack"
    assert await heard(customer, "agent") == "Here I am."
    await customer.close()
    await cy.close()


async def test_messages_keep_their_order_through_a_filter(server):
    customer, c = await opened(server)
    sent = [f"number {n}" for n in range(20)]
    await asyncio.gather(*(customer.say(text, c) for text in sent))
    # The acknowledgement goes out before the event.
    await customer.until(
        lambda frame: frame["t"] == "msg.new" and frame["d"]["text"] == sent[-1])
    heard = [frame["d"]["text"] for frame in customer.frames
             if frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "customer"]
    assert [text for text in heard if text.startswith("number")] == sent
    await customer.close()


@pytest.mark.parametrize("question, text, refused, reason", [
    ("Can you help me?", "Gladly.", False, None),
    ("What was my card number?", "[card]", False, None),
    ("Can I have a promise?", "", True, "not here"),
], ids=["kept", "replaced", "rejected"])
async def test_a_draft_is_filtered_before_an_agent_sees_any_of_it(
        server, question, text, refused, reason):
    customer, c = await opened(server, question)
    await heard(customer, "customer")
    root = await Administrator.sign_in(server)
    desk = Agent(server, "Root")
    await desk.open(presence=None)
    reply = await root.ask("POST", f"/v1/conversations/{c}/draft", {"stream": "draft-0001"})
    assert reply.status == 200, reply.json
    assert (reply.json["text"], reply.json["refused"]) == (text, refused)
    assert reply.json.get("reason") == reason
    # Parts would have gone out before the filter had seen the whole.
    await desk.settled()
    assert not any(frame["t"] == "suggest" for frame in desk.frames)
    await desk.close()
    await customer.close()
