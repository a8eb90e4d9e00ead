"""What is said in Slack and done in Linear, and comes to the customer: through the server's
webhooks and the plugins, into the conversation and out at the customer's socket."""

import asyncio
import json
import sys

import pytest
from administration import Administrator
from conftest import TAUGHT
from peers import ROOT, Agent, Customer, Server, new_cid, request

sys.path[:0] = [str(ROOT / f"Plugins/{name}/Tests") for name in ("notify-slack", "bugs-linear")]
from played_linear import KEY, TEAM, PlayedLinear, sign  # noqa: E402
from played_slack import PlayedSlack  # noqa: E402

SLACK, LINEAR = "maitred.notify-slack", "maitred.bugs-linear"
LINEAR_SECRET = "lin_wh_played"


@pytest.fixture(scope="module")
def slack():
    with PlayedSlack() as api:
        yield api


@pytest.fixture(scope="module")
def linear():
    with PlayedLinear() as api:
        yield api


@pytest.fixture(scope="module")
def server(slack, linear):
    server = Server()
    server.set_up(intents=TAUGHT, agents=("Ann", "Ben"))
    (server.folder / "plugins.json").write_text(json.dumps({
        SLACK: {
            "config": {
                "bot_token": slack.TOKEN, "api_base": slack.base, "signing_secret": slack.SECRET,
                "handoffs_channel": "C000000000",
                "reply_agent_email": [{"slack_user": "U0ANN", "email": "ann@example.com"}]},
            "allow_private_network": True},
        LINEAR: {
            "config": {"api_key": KEY, "team_id": TEAM, "api_base": linear.base,
                       "webhook_secret": LINEAR_SECRET, "close_message": "Fixed: {title}"},
            "allow_private_network": True}}))
    server.start()

    async def up():
        root = await Administrator.sign_in(server)
        for id in (SLACK, LINEAR):
            while (await root.get(f"/v1/plugins/{id}"))["status"] != "running":
                await asyncio.sleep(0.02)

    asyncio.run(up())
    yield server
    server.close()


async def until(find):
    """What is found, once there is something."""
    while not (found := find()):
        await asyncio.sleep(0.02)
    return found


def thread(slack, ts):
    return [message["text"] for message in slack.messages("support", thread=ts)]


async def waiting(server, slack):
    """A customer who waits for a person, their conversation, and the thread it is followed in."""
    known = {message["ts"] for message in slack.messages("support")}
    customer = Customer(server)
    await customer.open()
    c = (await customer.say("I want to talk to a person."))["c"]
    [ts] = await until(
        lambda: [one["ts"] for one in slack.messages("support") if one["ts"] not in known])
    # Told in order: once this is there, the thread before it is remembered.
    await customer.say("Are you there?", c)
    await until(lambda: any("Are you there?" in text for text in thread(slack, ts)))
    return customer, c, ts


async def says(server, slack, text, **more):
    """Has a member write in Slack; returns what the server answered Slack."""
    body = slack.says(text, **more)
    reply = await request(
        "POST", f"{server.base}/v1/hooks/{SLACK}/events", body.encode(), slack.signed(body))
    return reply.status


def texts(peer, kind, c):
    return [frame["d"]["text"] for frame in peer.frames
            if frame["t"] == "msg.new" and frame["c"] == c and frame["d"]["from"]["kind"] == kind]


async def test_a_reply_in_slack_reaches_the_customer_as_the_agents_own(server, slack):
    customer, c, ts = await waiting(server, slack)
    assert await says(server, slack, "Hi, it is *on its way*.", thread=ts) == 200
    said = await customer.message_of("agent", c)
    assert said["d"]["text"] == "Hi, it is *on its way*."
    assert said["d"]["from"]["name"] == "Ann"
    owner = [frame["d"]["owner"] for frame in customer.frames
             if frame["t"] == "conv.upd" and frame["c"] == c][-1]
    assert owner["kind"] == "agent" and owner["name"] == "Ann"
    # It is not told to the thread that it came from; what follows is.
    await customer.say("Thank you!", c)
    await until(lambda: any("Thank you!" in text for text in thread(slack, ts)))
    assert not any("on its way" in text for text in thread(slack, ts))
    await customer.close()


async def test_a_reply_that_slack_sends_again_is_said_once_and_takes_nothing_from_a_colleague(
        server, slack):
    customer, c, ts = await waiting(server, slack)
    assert await says(server, slack, "One moment.", thread=ts) == 200
    await customer.message_of("agent", c)
    ben = Agent(server, "Ben")
    await ben.open("online")
    await ben.do("takeover", c=c)
    assert await says(server, slack, "One moment.", thread=ts) == 200
    answer = await ben.reply(c, "Ben here.", seen=99)
    assert answer["t"] == "ack", answer
    await customer.until(
        lambda frame: frame["t"] == "msg.new" and frame["d"]["text"] == "Ben here.")
    await customer.settled()
    assert texts(customer, "agent", c) == ["One moment.", "Ben here."]
    await ben.do("presence", {"state": "offline"})
    await ben.close()
    await customer.close()


async def test_a_note_in_slack_is_for_the_team_alone(server, slack):
    customer, c, ts = await waiting(server, slack)
    assert await says(server, slack, "note: ask finance", thread=ts) == 200
    ann = Agent(server, "Ann")
    notes = await until_noted(ann, c)
    assert [note["text"] for note in notes] == ["ann@example.com, in Slack: ask finance"]
    await customer.settled()
    assert "finance" not in json.dumps(customer.frames)
    await customer.close()


async def until_noted(agent, c):
    while True:
        events = [frame["d"] for frame in await agent.history(c) if frame["t"] == "event.new"]
        if notes := [event for event in events if event["type"] == "note"]:
            return notes
        await asyncio.sleep(0.02)


async def test_what_is_not_signed_by_slack_reaches_nobody(server, slack):
    customer, c, ts = await waiting(server, slack)
    body = slack.says("I am Ann, trust me.", thread=ts)
    path = f"{server.base}/v1/hooks/{SLACK}/events"
    for headers in ({}, slack.signed(body, secret="another"), slack.signed(body + " ")):
        reply = await request("POST", path, body.encode(), headers)
        assert reply.status == 401, headers
    assert await says(server, slack, "This one is.", thread=ts) == 200
    await customer.message_of("agent", c)
    assert texts(customer, "agent", c) == ["This one is."]
    await customer.close()


async def test_a_bug_that_is_closed_in_linear_is_told_to_the_customer_who_reported_it(
        server, linear):
    customer = Customer(server)
    await customer.open()
    c = (await customer.say("How do I reset my password?"))["c"]
    await customer.message_of("bot", c)
    root = await Administrator.sign_in(server)
    filed = await root.ask(
        "POST", "/v1/actions/linear.file_bug",
        {"conversation": c, "input": {"title": "Checkout button does nothing in Safari",
                                      "description": "It cannot be pressed."}},
        idempotency_key=new_cid())
    assert filed.json["state"] == "done", filed.json
    [issue] = linear.issues.values()

    async def deliver(body, secret=LINEAR_SECRET):
        reply = await request(
            "POST", f"{server.base}/v1/hooks/{LINEAR}/events", body.encode(), sign(body, secret))
        return reply.status

    assert await deliver(linear.move(issue, "In Progress")) == 200
    closed = linear.move(issue, "Done")
    assert await deliver(closed, "lin_wh_forged") == 401
    assert await deliver(closed) == 200
    told = await customer.message_of("system", c)
    assert told["d"]["text"] == "Fixed: Checkout button does nothing in Safari"
    assert told["d"]["from"]["name"] == "Linear"
    # Told again, and of an issue that is closed already: nothing more is said.
    assert await deliver(closed) == 200
    assert await deliver(linear.event(issue)) == 200
    await customer.settled()
    assert len(texts(customer, "system", c)) == 1
    await customer.close()
