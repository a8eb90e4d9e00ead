"""What plugins hear of conversations and do to them, on the built server: a plugin in C that is
told what to do by requests from outside."""

import asyncio
import json

import c_plugins
import pytest
from administration import Administrator
from conftest import TAUGHT
from peers import Agent, Customer, Server, request

PLUGIN = "test.wishes"
CODE = r"""
/* A copy of a member that is a text without escapes. */
static char *member(maitred_slice in, const char *name) {
    char key[64];
    int length = snprintf(key, sizeof key, "\"%s\":\"", name);
    char *start = memmem(in.ptr, in.len, key, (size_t)length);
    if (!start) return strdup("");
    start += length;
    char *end = memchr(start, '"', (size_t)((char *)in.ptr + in.len - start));
    return strndup(start, end ? (size_t)(end - start) : 0);
}
static void answered(void *context, int32_t status, maitred_slice out) {
    char json[64];
    snprintf(json, sizeof json, "{\"status\":%d}", status == MAITRED_OK ? 200 : 400 + status);
    host->complete(host, context, MAITRED_OK, slice(json));
}
/* Does in a conversation what the path says; which one stands in the query. */
static void wish(maitred_call *call, const char *what, maitred_slice in) {
    /* The query is "c=…". */
    const char *more = strcmp(what, "post") == 0
        ? "\"text\":\"Where is my parcel?\",\"id\":\"posted-1\""
        : strcmp(what, "tag") == 0 ? "\"add\":[\"vip\",\"late\"],\"remove\":[\"early\"]"
        : "\"title\":\"Orders\",\"facts\":{\"plan\":\"gold\",\"orders\":3}";
    char *json;
    if (asprintf(&json, "{\"conversation\":\"%s\",%s}", member(in, "query") + 2, more) < 0) abort();
    const maitred_service_1 *desk = host->get_service(host, MAITRED_CONVERSATIONS_SERVICE);
    desk->ask(host, desk, call, what, slice(json), answered, call);
}
/* Writes down what it is told; what says "stuck" it takes at the fourth time only. */
static void hear(maitred_call *call, maitred_slice in) {
    static int stuck;
    if (says(in, "stuck") && stuck++ < 3)
        return host->complete(host, call, MAITRED_TEMPORARY, slice("{}"));
    const maitred_log_1 *log = host->get_service(host, MAITRED_LOG_SERVICE);
    log->write(host, MAITRED_LOG_INFO, slice(member(in, "text")), slice(""));
    answer(call, "{}");
}
INVOKE {
    char *json;
    if (strncmp(method, "webhook/", 8) == 0) return wish(call, method + 8, in);
    if (strncmp(method, "observe/", 8) == 0) return hear(call, in);
    /* An enrichment: which moment it is, and which page. */
    if (asprintf(&json, "{\"title\":\"Moments\",\"facts\":{\"moment\":\"%s\",\"page\":\"%s\"}}",
                 method + 5, member(in, "url_path")) > 0) answer(call, json);
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugins")
    c_plugins.build(
        folder, PLUGIN, CODE,
        permissions={
            "read": ["conversation.meta", "conversation.messages", "conversation.page"],
            "write": ["conversation.post", "conversation.tag", "conversation.facts"],
            "webhook": True},
        contributes={
            "webhooks": [{"path": path} for path in ("post", "tag", "facts")],
            "hooks": [{"on": "conversation.opened", "mode": "enrich"},
                      {"on": "context.changed", "mode": "enrich"},
                      {"on": "message.created", "mode": "observe"}]})
    server = Server(environment={"MAITRED_PLUGIN_FOLDERS": str(folder)})
    server.set_up(intents=TAUGHT)
    (server.folder / "plugins.json").write_text(json.dumps({PLUGIN: {"config": {}}}))
    server.start()
    asyncio.run(running(server))
    yield server
    server.close()


async def running(server):
    root = await Administrator.sign_in(server)
    while (await root.get(f"/v1/plugins/{PLUGIN}"))["status"] != "running":
        await asyncio.sleep(0.02)
    return root


async def opened(server, text="How do I reset my password?", context=None):
    customer = Customer(server)
    await customer.open(context)
    c = (await customer.say(text))["c"]
    await customer.message_of("bot", c)
    return customer, c


async def wish(server, what, c):
    reply = await request("POST", f"{server.base}/v1/hooks/{PLUGIN}/{what}?c={c}", b"")
    return reply.status


async def events(server, c, type):
    agent = Agent(server)
    return [frame["d"] for frame in await agent.history(c)
            if frame["t"] == "event.new" and frame["d"]["type"] == type]


async def told(root, texts):
    """What the plugin has written down, once all of these are there."""
    while True:
        lines = (await root.get(f"/v1/plugins/{PLUGIN}/logs"))["lines"]
        heard = [line["text"].removeprefix("plugin says: : ") for line in lines]
        if set(texts) <= set(heard):
            return heard
        await asyncio.sleep(0.02)


async def test_what_a_plugin_posts_is_the_customers_word_and_is_answered_once(server):
    customer, c = await opened(server)
    mark = len(customer.frames)
    for _ in range(3):
        assert await wish(server, "post", c) == 200
    posted = await customer.message_of("customer", c, after=mark)
    assert posted["d"]["text"] == "Where is my parcel?"
    answer = await customer.message_of("bot", c, after=mark)
    assert "parcel" in answer["d"]["text"].lower()
    await customer.settled()
    said = [frame for frame in customer.frames[mark:]
            if frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "customer"]
    assert len(said) == 1
    await customer.close()


async def test_tags_and_facts_of_a_plugin_are_the_teams_and_not_the_customers(server):
    customer, c = await opened(server)
    for _ in range(2):
        assert await wish(server, "tag", c) == 200
        assert await wish(server, "facts", c) == 200
    # Said twice, they change once; what is not there is not taken away.
    [tagged] = await events(server, c, "tagged")
    assert tagged["add"] == ["vip", "late"] and tagged["remove"] == []
    facts = [event for event in await events(server, c, "facts") if event["title"] == "Orders"]
    assert facts[-1]["source"] == PLUGIN and facts[-1]["facts"] == {"plan": "gold", "orders": 3}
    root = await running(server)
    row = await root.get(f"/v1/conversations/{c}")
    assert sorted(row["tags"]) == ["late", "vip"]
    await customer.settled()
    assert "gold" not in json.dumps(customer.frames) and "vip" not in json.dumps(customer.frames)
    await customer.close()


@pytest.mark.parametrize("what", ["post", "tag", "facts"])
async def test_nothing_is_done_to_a_conversation_that_is_not_there(server, what):
    assert await wish(server, what, "cnv_01kajqy9s6exyt3h8b0d5v7g2k") == 402


async def test_a_customer_who_moves_on_is_looked_up_again_for_the_new_page(server):
    customer, c = await opened(server, context={"n": 1, "url_path": "/pricing"})

    async def moments():
        return [event["facts"] for event in await events(server, c, "facts")
                if event["title"] == "Moments"]

    assert await moments() == [{"moment": "conversation.opened", "page": "/pricing"}]
    await customer.do("context", {"n": 2, "url_path": "/billing"}, c)
    while len(await moments()) < 2:
        await asyncio.sleep(0.02)
    assert (await moments())[1:] == [{"moment": "context.changed", "page": "/billing"}]
    root = await running(server)
    briefing = await root.get(f"/v1/conversations/{c}/briefing")
    assert briefing["facts"][PLUGIN]["page"] == "/billing"
    await customer.close()


async def test_a_plugin_goes_on_where_it_was_when_the_server_was_killed(server):
    root = await running(server)
    customer, c = await opened(server, "How do I reset my password?")
    await customer.say("Where is my parcel?", c)
    await told(root, ["Where is my parcel?"])
    await customer.say("This one is stuck.", c)
    await customer.say("And this one waits behind it.", c)
    server.kill()
    await customer.close()
    server.start()
    root = await running(server)
    owed = ["This one is stuck.", "And this one waits behind it."]
    heard = [text for text in await told(root, owed) if text in owed]
    assert heard == owed
    lines = await told(root, owed)
    assert "How do I reset my password?" not in lines
