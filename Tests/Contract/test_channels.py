"""Customers who write from elsewhere: a plugin opens conversations for them and goes on with them."""

import asyncio
import json

import c_plugins
import pytest
from administration import Administrator
from conftest import TAUGHT
from peers import Server, request

CODE = r"""
static void answered(void *context, int32_t status, maitred_slice out) {
    char json[600];
    snprintf(json, sizeof json, "{\"status\":%d,\"body\":\"%s\"}", status == MAITRED_OK ? 200 : 500,
             status == MAITRED_OK ? "taken" : "refused");
    host->complete(host, context, MAITRED_OK, slice(json));
}
INVOKE {
    const maitred_service_1 *desk = host->get_service(host, MAITRED_CONVERSATIONS_SERVICE);
    const char *letter = says(in, "second")
        ? "{\"contact\":{\"email\":\"ada@mail.example\"},\"text\":\"A second letter.\",\"id\":\"letter-2\"}"
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
        contributes={"webhooks": [{"path": "in"}]})
    server = Server(environment={"MAITRED_PLUGIN_FOLDERS": str(folder)})
    server.set_up(intents=TAUGHT)
    (server.folder / "plugins.json").write_text(json.dumps({"test.letters": {"config": {}}}))
    server.start()
    yield server
    server.close()


async def test_a_letter_opens_one_conversation_however_often_it_is_delivered(server):
    root = await Administrator.sign_in(server)
    while (await root.get("/v1/plugins/test.letters"))["status"] != "running":
        await asyncio.sleep(0.02)
    path = f"{server.base}/v1/hooks/test.letters/in"
    replies = await asyncio.gather(*(request("POST", path, b"first") for _ in range(4)))
    assert {(reply.status, reply.body) for reply in replies} == {(200, b"taken")}

    async def rows():
        return (await root.get("/v1/conversations"))["conversations"]

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
