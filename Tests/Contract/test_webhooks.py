"""Outgoing webhooks: Standard Webhooks, from the log, at least once."""

import asyncio
import base64
import hashlib
import hmac
import json
import time

import pytest
from administration import Administrator
from conftest import TAUGHT
from peers import Customer, Server, request
from plugin_bench import PlayedAPI, Reply
from test_http import problem


class Receiver(PlayedAPI):
    """Another program's endpoint: answers 204 and keeps what came."""

    def answer(self, sent):
        return Reply(204)

    def events(self, type=None):
        with self.lock:
            bodies = [(sent, json.loads(sent.body)) for sent in self.requests]
        return [(sent, body) for sent, body in bodies if type in (None, body["type"])]

    async def until(self, count, type=None, limit=15):
        end = time.monotonic() + limit
        while len(self.events(type)) < count:
            assert time.monotonic() < end, [body["type"] for _, body in self.events()]
            await asyncio.sleep(0.02)
        return self.events(type)


def signatures(secret, sent):
    """What the standard says each secret's signature is."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{sent.headers['webhook-id']}.{sent.headers['webhook-timestamp']}.".encode()
    mac = hmac.new(key, text + sent.body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


@pytest.fixture(scope="module")
def server():
    server = Server()
    server.set_up(intents=TAUGHT)
    server.start()
    yield server
    server.close()


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


async def endpoint(server, receiver, **settings):
    """A new endpoint: its owner, id and secret."""
    root = await Administrator.sign_in(server)
    reply = await root.ask("POST", "/v1/webhooks", {
        "url": receiver.base + "/hook", "allows_private_network": True, **settings})
    assert reply.status == 201, reply.json
    return root, reply.json["id"], reply.json["secret"]


async def converse(server, text="How do I reset my password?"):
    customer = Customer(server)
    await customer.open()
    c = (await customer.say(text))["c"]
    await customer.message_of("bot", c)
    await customer.close()
    return c


async def test_tells_signed_what_happened_after_it_was_added_and_nothing_before(server, receiver):
    before = await converse(server)
    root, id, secret = await endpoint(server, receiver)
    c = await converse(server)
    events = await receiver.until(2, "message.created")
    assert before not in {body["data"]["conversation"] for _, body in receiver.events()}
    for sent, body in receiver.events():
        assert sent.headers["webhook-signature"] == signatures(secret, sent)
        assert abs(int(sent.headers["webhook-timestamp"]) - time.time()) < 60
        assert set(body) == {"type", "timestamp", "data"} and len(sent.body) <= 20_480
        assert body["data"]["conversation"] == c and c in body["data"]["url"]
    assert [body["data"]["from"]["kind"] for _, body in events] == ["customer", "bot"]
    types = [body["type"] for _, body in receiver.events()]
    assert types[0] == "conversation.started" and "decision.made" in types
    ids = [sent.headers["webhook-id"] for sent, _ in receiver.events()]
    assert len(ids) == len(set(ids))
    await root.ask("DELETE", f"/v1/webhooks/{id}")


async def test_tells_an_endpoint_only_the_types_it_asked_for(server, receiver):
    root, id, _ = await endpoint(server, receiver, types=["conversation.started"])
    await converse(server)
    c = await converse(server)
    events = await receiver.until(2)
    assert {body["type"] for _, body in events} == {"conversation.started"}
    assert events[-1][1]["data"]["conversation"] == c
    await root.ask("DELETE", f"/v1/webhooks/{id}")


async def test_tries_again_with_the_same_id_and_body_until_it_is_taken(server, receiver):
    root, id, secret = await endpoint(server, receiver, types=["conversation.started"])
    receiver.fail(503)
    await converse(server)
    first, second = [sent for sent, _ in await receiver.until(2)]
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body and second.at - first.at >= 4.5
    assert second.headers["webhook-signature"] == signatures(secret, second)

    async def delivered():
        found = await root.get(f"/v1/webhooks/{id}/deliveries?state=delivered")
        return found["deliveries"]

    while not (kept := await delivered()):
        await asyncio.sleep(0.02)
    assert [attempt["status"] for attempt in kept[0]["attempts"]] == [503, 204]
    await root.ask("DELETE", f"/v1/webhooks/{id}")


async def test_a_receiver_that_is_gone_is_left_alone_and_can_be_switched_on_again(
        server, receiver):
    root, id, _ = await endpoint(server, receiver, types=["conversation.started"])
    receiver.fail(410)
    await converse(server)
    await receiver.until(1)

    async def state():
        hooks = (await root.get("/v1/webhooks"))["webhooks"]
        return next(hook for hook in hooks if hook["id"] == id)

    while (await state()).get("enabled", True):
        await asyncio.sleep(0.02)
    assert "410" in (await state())["disabled_because"]
    reply = await root.ask("PATCH", f"/v1/webhooks/{id}", {"enabled": True})
    assert reply.json["enabled"] and "disabled_because" not in reply.json
    # What failed meanwhile is not lost: it is sent again on request, and by time.
    failed = (await root.get(f"/v1/webhooks/{id}/deliveries?state=failed"))["deliveries"]
    reply = await root.ask(
        "POST", f"/v1/webhooks/{id}/deliveries/{failed[0]['id']}/replay", {})
    assert reply.status == 200
    first, second = [sent for sent, _ in await receiver.until(2)]
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    await root.ask("DELETE", f"/v1/webhooks/{id}")


async def test_signs_with_both_secrets_for_a_day_after_one_was_replaced(server, receiver):
    root, id, old = await endpoint(server, receiver, types=["conversation.started"])
    new = (await root.ask("POST", f"/v1/webhooks/{id}/rotate", {})).json["secret"]
    assert new != old
    await root.ask("POST", f"/v1/webhooks/{id}/test", {})
    sent, body = (await receiver.until(1))[0]
    assert body["type"] == "webhook.test"
    assert sent.headers["webhook-signature"].split() == [
        signatures(new, sent), signatures(old, sent)]
    await root.ask("DELETE", f"/v1/webhooks/{id}")


async def test_what_was_owed_when_the_server_died_is_sent_when_it_is_back(receiver):
    server = Server()
    server.set_up(intents=TAUGHT)
    server.start()
    try:
        await endpoint(server, receiver, types=["message.created"])
        receiver.fail(503, times=100)
        c = await converse(server)
        await receiver.until(1)
        server.kill()
        with receiver.lock:
            receiver._faults.clear()
            receiver.requests.clear()
        server.start()
        events = await receiver.until(2, limit=30)
        assert {body["data"]["from"]["kind"] for _, body in events} == {"customer", "bot"}
        assert {body["data"]["conversation"] for _, body in events} == {c}
    finally:
        server.close()


async def test_neither_redirects_nor_private_addresses_are_followed(server, receiver):
    root = await Administrator.sign_in(server)
    reply = await root.ask("POST", "/v1/webhooks", {"url": receiver.base + "/hook"})
    id = reply.json["id"]
    await root.ask("POST", f"/v1/webhooks/{id}/test", {})

    async def attempts():
        found = (await root.get(f"/v1/webhooks/{id}/deliveries"))["deliveries"]
        return found and found[0]["attempts"]

    while not (made := await attempts()):
        await asyncio.sleep(0.02)
    assert "addressRefused" in made[0]["error"] and not receiver.requests
    await root.ask("PATCH", f"/v1/webhooks/{id}", {"allows_private_network": True})
    receiver.fail(302, times=1)
    await root.ask("POST", f"/v1/webhooks/{id}/test", {})
    await receiver.until(1)
    assert len(receiver.requests) == 1
    await root.ask("DELETE", f"/v1/webhooks/{id}")


@pytest.mark.parametrize("body, word", [
    ({"url": "ftp://example.com/x"}, "url"), ({}, "url"),
    ({"url": "https://example.com/x", "types": ["nonsense"]}, "nonsense"),
    ({"url": "https://user:secret@example.com/x"}, "url"),
])
async def test_says_what_is_wrong_with_an_endpoint(server, body, word):
    root = await Administrator.sign_in(server)
    reply = await root.ask("POST", "/v1/webhooks", body)
    problem(reply, 422, "unprocessable")
    assert word in reply.json["detail"]


async def test_webhooks_are_for_admins_and_supervisors_may_look(server):
    agent = await Administrator.sign_in(server, "Ann", "agent")
    problem(await agent.ask("GET", "/v1/webhooks"), 403, "forbidden")
    supervisor = await Administrator.sign_in(server, "Sue", "supervisor")
    assert "webhooks" in await supervisor.get("/v1/webhooks")
    problem(
        await supervisor.ask("POST", "/v1/webhooks", {"url": "https://example.com"}), 403,
        "forbidden")
    assert (await request("GET", server.base + "/v1/webhooks")).status == 401
