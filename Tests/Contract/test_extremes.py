"""Values at the edge of what JSON can say, and frames made at random: answered, never fatal."""

import asyncio
import json
import random

import pytest
from peers import Agent, Customer, new_cid, request

NUMBERS = [
    "0", "-0", "-1", "1e0", "1.0", "1.5", "1e2", "1e300", "1e-300", "-1e300", "2147483648",
    "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551615"]
# Numbers that no program of ours can hold: the frame may be refused as a whole.
BEYOND = ["-9223372036854775809", "18446744073709551616", "1" * 400, "1e400"]
TIMES = [
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z",
    "2262-04-12T00:00:00Z", "9999-12-31T23:59:59.999Z", "2028-02-29T00:00:00Z",
    "2027-02-29T00:00:00Z", "2099-01-01T24:00:00Z", "2099-01-01T00:00:60Z",
    "٢٠٩٩-01-01T00:00:00Z"]


async def answered(peer, template, c, value):
    """Sends a frame with a value in the place of VALUE; the answer, of whatever kind."""
    peer.count = getattr(peer, "count", 0) + 1
    id = f"x{peer.count}"
    await peer.send_text(
        template.replace("VALUE", value).replace("CID", new_cid()).replace(
            '"t"', f'"id":"{id}","c":"{c}","t"', 1))
    answer = await peer.until(lambda frame: frame.get("re") == id or frame["t"] == "err"
                              and "re" not in frame, timeout=10)
    assert answer["t"] in ("ack", "err"), answer
    if answer["t"] == "err":
        assert answer["d"]["code"] != "internal", (template, value, answer)
    return answer


async def test_numbers_of_customers(shop):
    frames = [
        '{"t":"sync","d":{"after":VALUE}}', '{"t":"read","d":{"upto":VALUE}}',
        '{"t":"context","d":{"n":VALUE,"url_path":"/"}}', '{"t":"csat","d":{"score":VALUE}}',
        '{"t":"context","d":{"n":1,"url_path":"/","viewport":[VALUE,VALUE]}}',
        '{"t":"context","d":{"n":9,"url_path":"/","facts":{"a":VALUE}}}',
        '{"t":"track","d":{"name":"x","data":{"a":VALUE}}}']
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        for frame in frames:
            for value in NUMBERS:
                if not customer.is_open:
                    pytest.fail(f"the connection was closed before {frame} {value}")
                await answered(customer, frame, c, value)
        await customer.do("ping")


@pytest.mark.parametrize("value", BEYOND, ids=range(4))
async def test_numbers_beyond_64_bits(shop, value):
    async with shop.customer() as customer:
        await customer.send_text('{"t":"context","id":"1","d":{"n":%s,"url_path":"/"}}' % value)
        error = await customer.of_type("err")
        assert error["d"]["code"] == "invalid"
        assert "re" in error or await customer.closed() == 4400


async def test_numbers_and_times_of_agents(shop):
    frames = ['{"t":"sync","d":{"after":VALUE}}', '{"t":"read","d":{"upto":VALUE}}',
              '{"t":"sub","d":{"after":VALUE}}',
              '{"t":"reply","d":{"cid":"CID","text":"x","seen":VALUE}}']
    async with shop.conversation() as (customer, ann, c):
        for frame in frames:
            for value in NUMBERS:
                await answered(ann, frame, c, value)
        for time in TIMES:
            for frame in ('{"t":"snooze","d":{"until":VALUE}}',
                          '{"t":"status","d":{"status":"snoozed","until":VALUE}}'):
                await answered(ann, frame, c, json.dumps(time))
        await ann.do("ping")
        await ann.do("status", {"status": "open"}, c)


async def test_a_snooze_without_an_end(shop):
    async with shop.conversation() as (customer, ann, c):
        assert await ann.refused("status", {"status": "snoozed"}, c) in ("invalid", "conflict")


@pytest.mark.parametrize("value", NUMBERS)
async def test_numbers_in_hello(shop, value):
    opened = (await Customer(shop.server).session()).json
    customer = Customer(shop.server)
    await customer.connect(customer.origin)
    await customer.send_text(
        '{"t":"hello","id":"h","d":{"token":"%s","resume":[{"c":"%s","s":%s}],'
        '"context":{"n":%s,"url_path":"/"}}}' % (
            opened["token"], "cnv_01kajqz5m8e6tr4v9s2w7n0b3d", value, value))
    first = await customer.until(lambda frame: True)
    assert first["t"] in ("welcome", "err")
    await customer.close()


@pytest.mark.parametrize("value", ["0", "9223372036854775807", "9223372036854775808", "1e300"])
async def test_feeds(shop, value):
    ann = Agent(shop.server)
    ticket = await ann.ticket()
    await ann.connect(shop.base)
    await ann.send_text('{"t":"hello","id":"h","d":{"ticket":"%s","feed":%s}}' % (ticket, value))
    assert (await ann.until(lambda frame: True))["t"] in ("welcome", "err")
    await ann.close()


async def test_numbers_in_queries(shop):
    async with shop.conversation() as (customer, ann, c):
        for value in NUMBERS:
            for path in (f"/v1/conversations/{c}/events?after={value}",
                         f"/v1/conversations/{c}/events?limit={value}",
                         f"/v1/conversations?limit={value}", f"/v1/search?q=a&limit={value}"):
                assert (await ann.fetch(path)).status in (200, 400), path


@pytest.mark.parametrize("body", [
    {}, {"site": 7}, {"site": ""}, {"site": None}, {"site": "x" * 500}, {"site": ["a"]},
    {"site": "KEY", "visitor": {}}, {"site": "KEY", "visitor": 7},
    {"site": "KEY", "visitor": "x" * 5000}, {"site": "KEY", "identity": 7},
    {"site": "KEY", "identity": "x" * 9000}, [], "text", 7, None, b"", b"{", b"\xff\xfe",
    b'{"site":"\\ud800"}', b"[" * 10_000], ids=range(20))
async def test_bodies_of_sessions(shop, body):
    if isinstance(body, dict) and body.get("site") == "KEY":
        body = {**body, "site": shop.server.site["key"]}
    if body is None or isinstance(body, (str, int)):
        body = json.dumps(body).encode()
    reply = await request("POST", shop.base + "/v1/widget/sessions", body,
                          {"origin": "http://shop.example"})
    assert 400 <= reply.status < 500, (reply.status, reply.body)
    assert reply.json["code"] in ("invalid", "not_found", "unauthenticated", "too_large")
    assert reply.headers["access-control-allow-origin"] == "http://shop.example"


VALUES = [
    None, True, False, 0, 1, -1, 1.5, 2**63 - 1, "", "x", "cnv_01kajqz5m8e6tr4v9s2w7n0b3d",
    "\u0000", "\ud7ff", "x" * 300, [], {}, [None], {"a": {"b": []}}, ["x"] * 50]
TYPES = [
    "hello", "auth.refresh", "conv.start", "msg.send", "msg.retry", "choice", "typing", "read",
    "context", "csat", "human", "end", "sync", "ping", "address", "form.submit", "track",
    "presence", "accept", "decline", "sub", "unsub", "reply", "note", "assign", "takeover",
    "transfer", "status", "snooze", "tag", "bot.return", "draft", "view", "whisper", "join"]
FIELDS = [
    "token", "ticket", "cid", "text", "choice", "m", "on", "upto", "n", "url_path", "title",
    "page", "facts", "locale", "viewport", "score", "comment", "after", "email", "form", "values",
    "name", "data", "state", "reason", "seen", "agent", "skill", "note", "status", "until", "add",
    "remove", "instruction", "resume", "feed", "epoch", "context"]


def frame_at_random(chance, conversations, number):
    likely = {
        "cid": new_cid(), "text": "some words", "on": True, "upto": 2, "n": chance.randint(0, 99),
        "url_path": "/x", "score": 3, "after": 0, "email": "a@b.example", "seen": 5,
        "state": "online", "status": "open", "skill": "billing", "add": ["x"]}
    d = {name: chance.choice(VALUES) if chance.random() < 0.3 or name not in likely
         else likely[name]
         for name in chance.sample(FIELDS, chance.randint(0, 8))}
    for name in likely:
        if chance.random() < 0.5:
            d.setdefault(name, likely[name])
    frame = {"t": chance.choice(TYPES), "id": f"z{number}", "d": d}
    if chance.random() < 0.8:
        frame["c"] = chance.choice(conversations)
    return frame


@pytest.mark.parametrize("who", ["customer", "agent"])
async def test_frames_at_random(shop, who):
    """Two thousand frames, half of them nearly right: each is answered, nobody else is harmed."""
    chance = random.Random(7)
    async with shop.customer() as calm, shop.customer() as other:
        conversations = [(await calm.say("hello"))["c"], (await other.say("hello"))["c"], "x",
                         "cnv_01kajqz5m8e6tr4v9s2w7n0b3d"]
        sent = 0
        while sent < 2000:
            async with shop.customer() if who == "customer" else shop.agent() as wild:
                if who == "customer":
                    conversations[1] = (await wild.say("hi"))["c"]
                batch = []
                for _ in range(100):
                    sent += 1
                    batch.append(f"z{sent}")
                    frame = frame_at_random(chance, conversations, sent)
                    try:
                        await wild.send_text(json.dumps(frame))
                    except ConnectionError:
                        break
                try:
                    await wild.settled()
                except ConnectionError:
                    assert wild.close_code in (4400, 4401), wild.close_code
                    continue
                await asyncio.sleep(0.05)
                answers = [frame["re"] for frame in wild.frames if frame.get("re", "")[:1] == "z"]
                twice = [frame for frame in wild.frames if answers.count(frame.get("re")) > 1]
                assert not twice, twice
                late = 100
                while set(batch) - {frame.get("re") for frame in wild.frames} and late:
                    late -= 1
                    await asyncio.sleep(0.05)
                unanswered = set(batch) - {frame.get("re") for frame in wild.frames}
                assert not unanswered, f"{len(unanswered)} frames were not answered"
                internal = [frame for frame in wild.frames if frame["t"] == "err"
                            and frame["d"]["code"] == "internal"]
                assert not internal, internal[:3]
        # What is left of the conversation is sound.
        await calm.say("still here", conversations[0])
        await calm.settled()
        last = 0
        for frame in await calm.history(conversations[0]):
            assert frame["p"] == last
            last = frame["s"]
