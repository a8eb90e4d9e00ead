"""Customers who write from elsewhere: a plugin opens conversations for them and goes on with them."""

import asyncio
import json

import c_plugins
import pytest
from administration import Administrator
from conftest import TAUGHT, Shop
from peers import Server, new_cid, request

CODE = r"""
#define SMS(TO) "{\"contact\":{\"external_id\":\"sms:" TO "\"},\"text\":\"I need a person\"," \
    "\"id\":\"arrived-" TO "\",\"reply_to\":\"" TO "\"}"
static void answered(void *context, int32_t status, maitred_slice out) {
    char json[600];
    snprintf(json, sizeof json, "{\"status\":%d,\"body\":\"%s\"}", status == MAITRED_OK ? 200 : 500,
             status == MAITRED_OK ? "taken" : "refused");
    host->complete(host, context, MAITRED_OK, slice(json));
}
/* Writes down what it is to send: to "later" at the third try, to "nowhere" never. */
static void deliver(maitred_call *call, maitred_slice in) {
    static int tries;
    const maitred_log_1 *log = host->get_service(host, MAITRED_LOG_SERVICE);
    if (says(in, "\"to\":\"nowhere\""))
        return host->complete(host, call, MAITRED_INVALID, slice("{\"message\":\"no such number\"}"));
    if (says(in, "\"to\":\"later\"") && tries++ < 2)
        return host->complete(host, call, MAITRED_TEMPORARY, slice("{}"));
    log->write(host, MAITRED_LOG_INFO, in, slice(""));
    answer(call, "{\"id\":\"sms-1\"}");
}
INVOKE {
    if (strcmp(method, "provide/channel.send") == 0) return deliver(call, in);
    const maitred_service_1 *desk = host->get_service(host, MAITRED_CONVERSATIONS_SERVICE);
    const char *letter = says(in, "second")
        ? "{\"contact\":{\"email\":\"ada@mail.example\"},\"text\":\"A second letter.\",\"id\":\"letter-2\"}"
        : says(in, "sms:later") ? SMS("later")
        : says(in, "sms:nowhere") ? SMS("nowhere")
        : "{\"contact\":{\"email\":\"ada@mail.example\",\"name\":\"Ada\"},"
          "\"text\":\"Where is my parcel?\",\"id\":\"letter-1\"}";
    desk->ask(host, desk, call, "open", slice(letter), answered, call);
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugins")
    c_plugins.build(
        folder, "test.letters", CODE,
        permissions={"write": ["conversation.post"], "webhook": True},
        contributes={"webhooks": [{"path": "in"}],
                     "hooks": [{"on": "channel.send", "mode": "provide"}]})
    server = Server(environment={"MAITRED_PLUGIN_FOLDERS": str(folder)})
    server.set_up(intents=TAUGHT)
    (server.folder / "plugins.json").write_text(json.dumps({"test.letters": {"config": {}}}))
    server.start()
    yield server
    server.close()


async def running(server):
    root = await Administrator.sign_in(server)
    while (await root.get("/v1/plugins/test.letters"))["status"] != "running":
        await asyncio.sleep(0.02)
    return root


async def arrive(server, body):
    """Has the plugin be told something; returns once it has passed it on."""
    reply = await request("POST", f"{server.base}/v1/hooks/test.letters/in", body)
    assert (reply.status, reply.body) == (200, b"taken")


async def delivered(root, number, count):
    """What was sent to a number, once there are so many."""
    while True:
        lines = (await root.get("/v1/plugins/test.letters/logs"))["lines"]
        texts = [line["text"] for line in lines if f'"to":"{number}"' in line["text"]]
        found = [json.loads(text[text.index("{"):]) for text in texts]
        if len(found) >= count:
            return found
        await asyncio.sleep(0.02)


async def test_answers_go_to_where_the_customer_wrote_from_each_once(server):
    root = await running(server)
    await arrive(server, b"sms:later")
    async with Shop(server).agent() as ann:
        offer = await ann.of_type("offer")
        c = offer["d"]["c"]
        await ann.do("accept", c=c)
        reply = await ann.do("reply", {"cid": new_cid(), "text": "Good morning.", "seen": 99}, c)
        sent = await delivered(root, "later", 2)
        events = (await root.get(f"/v1/conversations/{c}/events?after=0"))["events"]
        said = [event["d"] for event in events
                if event["t"] == "msg.new" and event["d"]["from"]["kind"] != "customer"]
        # The notice that a person is being found, then the person: as in the log, in its order.
        assert [(one["id"], one["text"]) for one in sent] == [(one["m"], one["text"]) for one in said]
        assert sent[-1]["id"] == reply["d"]["m"] and sent[-1]["conversation"] == c
        assert sent[-1]["from"] == {"kind": "agent", "name": "Ann"}
        assert {one["via"] for one in said} == {"test.letters"}
        asked = await ann.of_type("msg.new", c)
        assert asked["d"]["via"] == "test.letters" and "name" not in asked["d"]["from"]
        # Somebody has to reach those whom nothing reaches: the team is told.
        await arrive(server, b"sms:nowhere")
        offer = await ann.until(lambda frame: frame["t"] == "offer" and frame["d"]["c"] != c)
        other = offer["d"]["c"]
        await ann.do("sub", {"after": 0}, other)
        note = await ann.until(lambda frame: frame.get("c") == other and frame["t"] == "event.new"
                               and frame["d"]["type"] == "note")
        assert "not delivered, because no such number" in note["d"]["text"], note
        assert len(await delivered(root, "later", 2)) == 2


async def test_a_letter_opens_one_conversation_however_often_it_is_delivered(server):
    root = await running(server)
    path = f"{server.base}/v1/hooks/test.letters/in"
    replies = await asyncio.gather(*(request("POST", path, b"first") for _ in range(4)))
    assert {(reply.status, reply.body) for reply in replies} == {(200, b"taken")}

    async def rows():
        rows = (await root.get("/v1/conversations"))["conversations"]
        return [row for row in rows if row["contact"].get("email")]

    found = await rows()
    assert len(found) == 1 and found[0]["contact"]["email"] == "ada@mail.example", found
    c = found[0]["c"]

    async def events():
        return (await root.get(f"/v1/conversations/{c}/events?after=0"))["events"]

    # The assistant answers it as it would anybody.
    while not any(event["t"] == "msg.new" and event["d"]["from"]["kind"] == "bot"
                  for event in await events()):
        await asyncio.sleep(0.02)
    said = [event["d"]["text"] for event in await events()
            if event["t"] == "msg.new" and event["d"]["from"]["kind"] == "customer"]
    assert said == ["Where is my parcel?"]
    # Another letter of the same person is another matter.
    assert (await request("POST", path, b"second")).status == 200
    assert len(await rows()) == 2
