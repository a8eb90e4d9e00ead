"""The triage core as a service: keys, readings, outcomes, the schema, and the commands around it."""

import json

import pytest
from conftest import TAUGHT
from jsonschema import Draft202012Validator
from peers import Server
from test_http import problem

TICKET = {"text": "how do I reset my password?"}


class Service:
    """A server with a key, and its schema."""

    def __init__(self, server, key):
        self.server = server
        self.key = key
        self.schema = None

    async def ask(self, shop_request, path, body, key=None):
        return await shop_request(
            "POST", self.server.base + path, body, {"authorization": f"Bearer {key or self.key}"})

    def validator(self, name):
        return Draft202012Validator(
            {"$ref": f"#/$defs/{name}", "$defs": self.schema["$defs"]})


@pytest.fixture(scope="module")
def service():
    server = Server()
    server.set_up(intents=TAUGHT)
    server.start()
    key = json.loads(server.command("key", "add", "desk", "--scope", "triage", "--json"))["key"]
    yield Service(server, key)
    server.close()


@pytest.fixture
def ask(service):
    from peers import request

    async def ask(path, body, key=None):
        if service.schema is None:
            service.schema = (await request("GET", service.server.base + "/v1/triage/schema")).json
        return await service.ask(request, path, body, key)
    return ask


async def test_a_reading_keeps_the_schema(service, ask):
    reply = await ask("/v1/triage", {**TICKET, "id": "T-1"})
    assert reply.status == 200, reply.body
    service.validator("response").validate(reply.json)
    reading = reply.json
    assert reading["id"] == "T-1" and reading["intent"] and reading["language"] == "en"
    assert reading["ranking"][0]["intent"] == reading["intent"]
    assert reading["is_sure"] == (reading["confidence"] >= reading["threshold"])
    assert reading["priority"]["level"] in {"normal", "low"}


async def test_a_batch_answers_in_order(service, ask):
    tickets = [{"text": f"my parcel number {n} is late", "id": str(n)} for n in range(100)]
    reply = await ask("/v1/triage", {"tickets": tickets})
    service.validator("response").validate(reply.json)
    assert [reading["id"] for reading in reply.json["readings"]] == [str(n) for n in range(100)]


async def test_context_contact_and_history_are_read(service, ask):
    reply = await ask("/v1/triage", {
        "text": "I will take you to court over this",
        "contact": {"name": "Ada", "email": "ada@example.com", "facts": {"tier": "gold"}},
        "page": {"page": "billing.invoice", "url_path": "/billing"},
        "history": [{"from": "customer", "text": "hello"}, {"from": "agent", "text": "hi Ada"}]})
    reading = reply.json
    service.validator("response").validate(reading)
    assert reading["action"] == "hand_off" and reading["rule"] == "distress"
    assert reading["distress"] == "legal" and reading["reason"]
    assert "page=billing.invoice" in reading["context"] and "tier=gold" in reading["context"]
    assert "legal" in reading["priority"]["because"]


REFUSED = [
    {}, {"text": ""}, {"text": 7}, {"text": "x", "texd": "y"}, {"tickets": []},
    {"tickets": [TICKET] * 101}, {"tickets": [TICKET], "text": "x"}, {"text": "x", "id": ""},
    {"text": "x", "contact": {"phone": "1"}}, {"text": "x", "page": "billing"},
    {"text": "x", "history": [{"from": "bot", "text": "x"}]},
    {"text": "x", "history": [{"from": "agent"}]}, [], "text"]


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: json.dumps(body)[:40])
async def test_what_the_schema_refuses_the_server_refuses(service, ask, body):
    reply = await ask("/v1/triage", body)
    assert not service.validator("request").is_valid(body)
    problem(reply, 400, "invalid")


async def test_a_text_that_is_too_long(ask):
    problem(await ask("/v1/triage", {"text": "x" * 8001}), 413, "too_large")


async def test_only_a_key_opens_it(service, ask):
    for key in ["", "mtd_" + "x" * 43, "nonsense"]:
        problem(await ask("/v1/triage", TICKET, key or "-"), 401, "unauthenticated")
    listed = service.server.command("key", "list")
    assert "desk" in listed and service.key not in listed
    other = json.loads(
        service.server.command("key", "add", "other", "--scope", "triage", "--json"))["key"]
    assert (await ask("/v1/triage", TICKET, other)).status == 200
    service.server.command("key", "remove", "other")
    problem(await ask("/v1/triage", TICKET, other), 401, "unauthenticated")
    refused = service.server.command("key", "add", "desk", "--scope", "triage", check=False)
    assert refused.returncode and "already" in refused.stderr


async def test_what_is_reported_is_learned_once_and_can_be_taken_back(service, ask):
    text = "please water the ferns in the lobby"
    before = (await ask("/v1/triage", {"text": text})).json
    report = {"text": text, "outcome": "meant", "intent": "plants", "id": "r-1"}
    service.validator("outcomes").validate(report)
    for _ in range(2):
        assert (await ask("/v1/triage/outcomes", report)).status == 202
    after = (await ask("/v1/triage", {"text": text})).json
    assert after["ranking"][0]["intent"] == "plants"
    assert after["versions"]["outcomes"] == before["versions"]["outcomes"] + 1
    assert after["nearest"]["text"] == text
    state = json.loads(service.server.command(
        "triage", "rollback", before["versions"]["outcomes"], "--json"))
    assert state["core"] == before["versions"]["core"]
    again = (await ask("/v1/triage", {"text": text})).json
    assert again["ranking"] == before["ranking"] and again["confidence"] == before["confidence"]


@pytest.mark.parametrize("body", [
    {"text": "x"}, {"text": "x", "outcome": "good"}, {"text": "x", "outcome": "meant"},
    {"text": "x", "outcome": "meant", "intent": "No Name"}, {"outcomes": []},
    {"text": "x", "outcome": "none", "mood": 1}], ids=json.dumps)
async def test_a_report_that_is_none(service, ask, body):
    problem(await ask("/v1/triage/outcomes", body), 400, "invalid")
    assert not service.validator("outcomes").is_valid(body)


async def test_learning_survives_a_restart(service, ask):
    report = {"text": "the lamp over the stairs flickers", "outcome": "meant", "intent": "lamps"}
    assert (await ask("/v1/triage/outcomes", report)).status == 202
    before = (await ask("/v1/triage", {"text": "stairs lamp"})).json
    service.server.kill()
    service.server.start()
    after = (await ask("/v1/triage", {"text": "stairs lamp"})).json
    for reading in (before, after):
        reading.pop("decision")
    assert after == before and after["intent"] == "lamps"


async def test_a_suite_says_what_does_not_go_as_expected(service, tmp_path):
    suite = tmp_path / "suite.csv"
    suite.write_text("text,expect\nI want to talk to a human,person\n")
    passed = service.server.command("triage", "check", suite, check=False)
    assert passed.returncode == 0 and "1 of 1 as expected." in passed.stdout
    suite.write_text("text,expect\nI want to talk to a human,clarify\n")
    failed = service.server.command("triage", "check", suite, check=False)
    assert failed.returncode == 1 and "line 2: I want to talk to a human" in failed.stdout


async def test_what_nobody_taught_is_grouped(service, ask):
    for colour in ["red", "blue", "green", "white"]:
        report = {"text": f"my {colour} kayak paddle is cracked", "outcome": "none"}
        assert (await ask("/v1/triage/outcomes", report)).status == 202
    groups = json.loads(service.server.command("triage", "unknowns", "--json"))
    assert groups[0]["messages"] >= 4 and "kayak" in groups[0]["words"]
    assert "kayak" in groups[0]["examples"][0]


async def test_how_sure_to_be_can_be_set(service, ask):
    intent = (await ask("/v1/triage", TICKET)).json["intent"]
    service.server.command("triage", "precision", 0.999, "--intent", intent)
    assert (await ask("/v1/triage", TICKET)).json["target"] == 0.999
    service.server.command("triage", "mode", intent, "suggest")
    reading = (await ask("/v1/triage", TICKET)).json
    assert reading["action"] != "answer" and reading["suggested_answer"]
    refused = service.server.command("triage", "mode", "no_such", "act", check=False)
    assert refused.returncode and "no intent" in refused.stderr
