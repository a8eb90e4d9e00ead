"""Frames that are not as they should be get the documented error and harm nobody else."""

import asyncio
import json
from pathlib import Path

import pytest
import websockets
from peers import new_cid

DEFINITIONS = Path(__file__).resolve().parents[2] / "Sources/Gateway/Wire/Messages"
SOMEBODY_ELSES = "cnv_01kajqz5m8e6tr4v9s2w7n0b3d"
CID = {"cid": "12345678"}

CUSTOMER_ERRORS = [
    # t, d, c, code, what the title names
    ("nonsense", {}, None, "unknown_type", None),
    ("reply", {**CID, "text": "x", "seen": 1}, SOMEBODY_ELSES, "unknown_type", None),
    ("note", {**CID, "text": "x"}, SOMEBODY_ELSES, "unknown_type", None),
    ("accept", {}, SOMEBODY_ELSES, "unknown_type", None),
    ("takeover", {}, SOMEBODY_ELSES, "unknown_type", None),
    ("sub", {}, SOMEBODY_ELSES, "unknown_type", None),
    ("presence", {"state": "online"}, None, "unknown_type", None),
    ("msg.send", {"text": "hi"}, None, "invalid", "cid"),
    ("msg.send", {"cid": "short", "text": "hi"}, None, "invalid", "cid"),
    ("msg.send", {"cid": "x" * 65, "text": "hi"}, None, "invalid", "cid"),
    ("msg.send", {"cid": "with_underscore", "text": "hi"}, None, "invalid", "cid"),
    ("msg.send", {"cid": 12345678, "text": "hi"}, None, "invalid", "cid"),
    ("msg.send", CID, None, "invalid", "text"),
    ("msg.send", {**CID, "text": ""}, None, "invalid", "text"),
    ("msg.send", {**CID, "text": None}, None, "invalid", "text"),
    ("msg.send", {**CID, "text": ["hi"]}, None, "invalid", "text"),
    ("msg.send", {**CID, "text": "x" * 8001}, None, "too_large", "text"),
    ("msg.send", {**CID, "text": "\N{GRINNING FACE}" * 8001}, None, "too_large", "text"),
    ("msg.send", {**CID, "text": "hi"}, SOMEBODY_ELSES, "not_found", None),
    ("msg.send", {**CID, "text": "hi"}, "rubbish", "not_found", None),
    ("msg.send", {**CID, "text": "hi"}, "msg_01kajqz5m8e6tr4v9s2w7n0b3d", "not_found", None),
    ("msg.send", {**CID, "text": "hi"}, "x" * 65, "invalid", "c"),
    ("human", {}, None, "invalid", "c"),
    ("human", {}, SOMEBODY_ELSES, "not_found", None),
    ("end", {}, None, "invalid", "c"),
    ("end", {}, SOMEBODY_ELSES, "not_found", None),
    ("csat", {"score": 5}, SOMEBODY_ELSES, "not_found", None),
    ("csat", {"score": 0}, SOMEBODY_ELSES, "invalid", "score"),
    ("csat", {"score": 6}, SOMEBODY_ELSES, "invalid", "score"),
    ("csat", {"score": "5"}, SOMEBODY_ELSES, "invalid", "score"),
    ("csat", {"score": 4.5}, SOMEBODY_ELSES, "invalid", "score"),
    ("csat", {}, SOMEBODY_ELSES, "invalid", "score"),
    ("sync", {"after": 0}, SOMEBODY_ELSES, "not_found", None),
    ("sync", {}, SOMEBODY_ELSES, "invalid", "after"),
    ("sync", {"after": -1}, SOMEBODY_ELSES, "invalid", "after"),
    ("typing", {}, SOMEBODY_ELSES, "invalid", "on"),
    ("typing", {"on": "yes"}, SOMEBODY_ELSES, "invalid", "on"),
    ("read", {}, SOMEBODY_ELSES, "invalid", "upto"),
    ("context", {"n": 1}, None, "invalid", "url_path"),
    ("context", {"url_path": "/"}, None, "invalid", "n"),
    ("context", {"n": -1, "url_path": "/"}, None, "invalid", "n"),
    ("context", {"n": 1, "url_path": "/", "facts": "x"}, None, "invalid", "facts"),
    ("context", {"n": 1, "url_path": "/", "viewport": [1]}, None, "invalid", "viewport"),
    ("choice", {**CID, "m": "msg_x", "choice": "x"}, None, "invalid", "c"),
    ("address", {"email": "nobody"}, SOMEBODY_ELSES, "invalid", "email"),
    ("address", {"email": "a@b.example"}, SOMEBODY_ELSES, "not_found", None),
    ("auth.refresh", {}, None, "invalid", "token"),
]

AGENT_ERRORS = [
    ("nonsense", {}, None, "unknown_type", None),
    ("msg.send", {**CID, "text": "hi"}, None, "unknown_type", None),
    ("human", {}, SOMEBODY_ELSES, "unknown_type", None),
    ("csat", {"score": 5}, SOMEBODY_ELSES, "unknown_type", None),
    ("presence", {"state": "asleep"}, None, "invalid", "state"),
    ("presence", {}, None, "invalid", "state"),
    ("accept", {}, None, "invalid", "c"),
    ("accept", {}, SOMEBODY_ELSES, "not_found", None),
    ("decline", {}, SOMEBODY_ELSES, "not_found", None),
    ("sub", {}, None, "invalid", "c"),
    ("sub", {}, SOMEBODY_ELSES, "not_found", None),
    ("sync", {"after": 0}, SOMEBODY_ELSES, "not_found", None),
    ("reply", {**CID, "text": "x", "seen": 1}, None, "invalid", "c"),
    ("reply", {**CID, "text": "x", "seen": 1}, SOMEBODY_ELSES, "not_found", None),
    ("reply", {**CID, "text": "x"}, SOMEBODY_ELSES, "invalid", "seen"),
    ("reply", {**CID, "seen": 1}, SOMEBODY_ELSES, "invalid", "text"),
    ("reply", {"text": "x", "seen": 1}, SOMEBODY_ELSES, "invalid", "cid"),
    ("reply", {**CID, "text": "x" * 8001, "seen": 1}, SOMEBODY_ELSES, "too_large", "text"),
    ("note", {**CID, "text": "x" * 8001}, SOMEBODY_ELSES, "too_large", "text"),
    ("note", {**CID, "text": "x"}, SOMEBODY_ELSES, "not_found", None),
    ("takeover", {}, SOMEBODY_ELSES, "not_found", None),
    ("assign", {"agent": None}, SOMEBODY_ELSES, "not_found", None),
    ("assign", {}, SOMEBODY_ELSES, "invalid", "agent"),
    ("transfer", {}, SOMEBODY_ELSES, "invalid", None),
    ("transfer", {"skill": "billing"}, SOMEBODY_ELSES, "not_found", None),
    ("status", {"status": "bot"}, SOMEBODY_ELSES, "invalid", "status"),
    ("status", {"status": "resolved"}, SOMEBODY_ELSES, "not_found", None),
    ("snooze", {"until": "tomorrow"}, SOMEBODY_ELSES, "invalid", "until"),
    ("tag", {}, SOMEBODY_ELSES, "invalid", None),
    ("tag", {"add": ["x"]}, SOMEBODY_ELSES, "not_found", None),
    ("bot.return", {}, SOMEBODY_ELSES, "not_found", None),
]

STATUS = {
    "unknown_type": 400, "invalid": 400, "not_found": 404, "too_large": 413, "unauthenticated": 401}


def check(answer, code, names):
    assert answer["t"] == "err", answer
    d = answer["d"]
    assert d["code"] == code, d
    assert d["temporary"] is False and d["title"]
    assert d["status"] == STATUS[code] or code == "invalid" and d["status"] == 422
    if names:
        assert names in d["title"], f"the error does not name {names}: {d}"


async def every_error(peer, cases):
    faults = []
    for t, d, c, code, names in cases:
        try:
            check(await peer.ask(t, d, c, timeout=5), code, names)
        except (AssertionError, TimeoutError, ConnectionError) as fault:
            faults.append(f"{t} {str(d)[:60]} {str(c)[:30]}: {fault!r}"[:400])
    # The connection has survived all of it.
    await peer.do("ping")
    assert not faults, "\n".join(faults)


async def test_errors_of_customers(shop):
    async with shop.customer() as customer:
        await every_error(customer, CUSTOMER_ERRORS)
        assert not [frame for frame in customer.frames if frame["t"] == "msg.new"]


async def test_errors_of_agents(shop):
    async with shop.agent(presence=None) as ann:
        await every_error(ann, AGENT_ERRORS)


@pytest.mark.parametrize("t, d", [("typing", {"on": True}), ("read", {"upto": 1})])
@pytest.mark.parametrize("who", ["customer", "agent"])
async def test_signs_in_a_conversation_that_is_not_there(shop, who, t, d):
    async with shop.customer() if who == "customer" else shop.agent(presence=None) as peer:
        assert await peer.refused(t, d, SOMEBODY_ELSES) == "not_found"


def published_refusals():
    """The examples of the published definitions that a server must refuse."""
    for path in sorted(DEFINITIONS.glob("*.json")):
        definition = json.loads(path.read_text())
        for example in definition.get("examples", []):
            for direction in definition["direction"]:
                # hello and ids have tests of their own.
                is_ours = direction != "server" and definition["t"] != "hello"
                if "refused" in example and is_ours and example.get("names") != "id":
                    yield direction, example


async def test_the_published_examples_are_refused_as_they_say(shop):
    cases = {"customer": [], "agent": []}
    for direction, example in published_refusals():
        frame = example["frame"]
        d = json.loads(json.dumps(frame.get("d", {})))
        if repeat := example.get("repeat"):
            place, *rest = repeat["field"].split(".")
            holder = d
            for name in rest:
                holder, place = holder[place], name
            holder[place] = repeat["text"] * repeat["times"]
        cases[direction].append(
            (frame["t"], d, frame.get("c"), example["refused"], example.get("names")))
    assert len(cases["customer"]) > 10 and len(cases["agent"]) > 10
    async with shop.customer() as customer, shop.agent(presence=None) as agent:
        await every_error(customer, cases["customer"])
        await every_error(agent, cases["agent"])


async def test_text_of_8000_characters_is_not_too_large(shop):
    async with shop.customer() as customer:
        for text in ("x" * 8000, "ß" * 8000, "\N{GRINNING FACE}" * 8000):
            ack = await customer.say(text)
            message = await customer.of_type("msg.new", ack["c"])
            assert message["d"]["text"] == text


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "a\u0000b", "line\nline\r\n\ttab", "\u202eright to left",
    "e\u0301 \u00e9", "\U0001f469\u200d\U0001f4bb", "\\\"'\u2028\u2029", "a" + "\u0300" * 500])
async def test_text_comes_back_as_it_was(shop, text):
    async with shop.customer() as customer:
        answer = await customer.ask("msg.send", {"cid": new_cid(), "text": text})
        if "\0" in text and answer["t"] == "err":
            assert answer["d"]["code"] == "invalid"
            return
        assert answer["t"] == "ack", answer
        assert (await customer.of_type("msg.new", answer["c"]))["d"]["text"] == text
        stored = await customer.history(answer["c"])
        assert text in [frame["d"].get("text") for frame in stored]


@pytest.mark.parametrize("text", [
    "", "nonsense", "{", '{"t":"ping"', "[]", "null", '"ping"', "{}", '{"t":7,"id":"x"}',
    '{"t":"ping","d":{}}trailing', "[" * 5000,
    '{"t":"ping","d":{"a":' + "[" * 5000 + "]" * 5000 + "}}", '{"t":"ping","id":"\\ud800"}',
], ids=range(13))
async def test_a_frame_that_is_no_message(shop, text):
    async with shop.customer() as customer, shop.customer() as other:
        await customer.send_text(text)
        assert await customer.closed() == 4400
        error = customer.frames[-1]
        assert (error["t"], error["d"]["code"]) == ("err", "invalid") and "re" not in error
        await other.do("ping")


async def test_errors_without_id_have_no_re(shop):
    async with shop.customer() as customer:
        await customer.send("nonsense")
        error = await customer.of_type("err")
        assert "re" not in error and error["d"]["code"] == "unknown_type"
        await customer.do("ping")


@pytest.mark.parametrize("id", ["x" * 65, "", 7, {}], ids=["long", "empty", "number", "object"])
async def test_an_id_that_cannot_be_answered(shop, id):
    async with shop.customer() as customer:
        await customer.send_text(json.dumps({"t": "ping", "id": id}))
        error = await customer.of_type("err")
        assert "re" not in error and error["d"]["code"] == "invalid" and "id" in error["d"]["title"]


async def test_unknown_fields_are_ignored(shop, cid):
    async with shop.customer() as customer:
        await customer.send_text(json.dumps({
            "t": "msg.send", "id": "1", "later": {"x": 1},
            "d": {"cid": cid, "text": "hi", "mood": "fine"}}))
        assert (await customer.of_type("ack"))["re"] == "1"


@pytest.mark.parametrize("who", ["customer", "agent"])
async def test_a_frame_over_64_kb(shop, who):
    async with shop.customer() if who == "customer" else shop.agent(presence=None) as peer:
        await peer.send_text(json.dumps({"t": "ping", "id": "1", "d": {"x": "x" * 65_000}}))
        await peer.of_type("pong")
        try:
            await peer.send_text(json.dumps({"t": "ping", "id": "2", "d": {"x": "x" * 65_536}}))
        except ConnectionError:
            pass
        assert await peer.closed() == 4413


async def test_a_message_in_many_fragments(shop, cid):
    async with shop.customer() as customer:
        frame = json.dumps({"t": "msg.send", "id": "f", "d": {"cid": cid, "text": "ü" * 300}},
                           ensure_ascii=False)
        await customer.socket.send([frame[n:n + 7] for n in range(0, len(frame), 7)])
        assert (await customer.of_type("ack"))["re"] == "f"


async def test_binary_frames_are_refused(shop):
    async with shop.customer() as customer:
        await customer.socket.send(b'{"t":"ping","id":"1"}')
        assert await customer.closed() in (1003, 4400)
        assert not [frame for frame in customer.frames if frame.get("re") == "1"]


async def test_invalid_utf8_is_refused(shop):
    async with shop.customer() as customer:
        await customer.socket.send(b'{"t":"ping","id":"\xff"}', text=True)
        assert await customer.closed() in (1007, 4400)


async def test_one_answer_for_each_request(shop):
    """A hundred requests at once: every id is answered once."""
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        kinds = ["ping", "nonsense", "typing", "sync", "msg.send"]
        data = {"typing": {"on": True}, "sync": {"after": 0}}
        for number in range(100):
            t = kinds[number % len(kinds)]
            d = data.get(t, {"cid": new_cid(), "text": "hi"})
            await customer.send(t, d, c, f"q{number}")
        await customer.settled()
        await asyncio.sleep(0.2)
        answered = [frame["re"] for frame in customer.frames if "re" in frame]
        assert sorted(one for one in answered if one.startswith("q")) == sorted(
            f"q{number}" for number in range(100))


async def test_protocol_pings_are_answered(shop):
    async with shop.customer() as customer:
        pong = await customer.socket.ping(b"are you there")
        await asyncio.wait_for(pong, 5)


async def test_closing_is_answered(shop):
    async with shop.customer() as customer:
        await customer.close()
        assert customer.close_code == 1000
        with pytest.raises((websockets.ConnectionClosed, ConnectionError)):
            await customer.send("ping")
