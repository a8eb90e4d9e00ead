"""Actions, panels and plugins' settings over HTTP: a refund through the Stripe plugin, from an agent's
click to the played Stripe and back into the log."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from urllib.parse import quote

import pytest
from administration import Administrator
from conftest import TAUGHT
from peers import ROOT, Customer, Server, identity, new_cid, request
from test_http import problem

sys.path.insert(0, str(ROOT / "Plugins/billing-stripe/Tests"))
from played_stripe import KEY, PlayedStripe, signature  # noqa: E402

STRIPE = "maitred.billing-stripe"
WEBHOOK_SECRET = "whsec_played"


class Billing:
    """A server with the Stripe plugin switched on, and the Stripe it speaks to."""

    def __init__(self, api):
        self.api = api
        self.server = Server()
        self.server.set_up(intents=TAUGHT)
        (self.server.folder / "plugins.json").write_text(json.dumps({STRIPE: {
            "config": {"api_key": KEY, "webhook_secret": WEBHOOK_SECRET, "api_base": api.base,
                       "refund_limit": 2000},
            "allow_private_network": True}}))

    async def start(self):
        self.server.start()
        self.root = await Administrator.sign_in(self.server)
        while (await self.plugin())["status"] != "running":
            await asyncio.sleep(0.02)

    async def plugin(self):
        return await self.root.get(f"/v1/plugins/{STRIPE}")

    @asynccontextmanager
    async def conversation(self, email="ada@example.com"):
        customer = Customer(
            self.server, identity=identity(self.server.site, new_cid(), email=email))
        await customer.open()
        c = (await customer.say("How do I reset my password?"))["c"]
        await customer.message_of("bot", c)
        yield c
        await customer.close()

    async def run(self, name, c, input, key=None, agent=None, **more):
        return await (agent or self.root).ask(
            "POST", f"/v1/actions/{name}", {"conversation": c, "input": input, **more},
            idempotency_key=key or new_cid())

    async def acts(self, c):
        events = (await self.root.get(f"/v1/conversations/{c}/events?after=0"))["events"]
        return [event["d"] for event in events
                if event["t"] == "event.new" and event["d"]["type"] == "action"]


@pytest.fixture(scope="module")
def stripe():
    with PlayedStripe() as api:
        yield api


@pytest.fixture(scope="module")
def billing(stripe):
    billing = Billing(stripe)
    asyncio.run(billing.start())
    yield billing
    billing.server.close()


@pytest.fixture(scope="module")
def ada(stripe):
    return stripe.add_customer("ada@example.com")


async def test_a_refund_is_done_once_however_often_the_click_is_sent(billing, stripe, ada):
    charge = stripe.pay(ada, 1500)
    async with billing.conversation() as c:
        before, key = len(stripe.made_refunds()), new_cid()
        input = {"payment": charge, "amount": 1500}
        replies = await asyncio.gather(
            *(billing.run("stripe.refund", c, input, key) for _ in range(4)))
        assert {reply.status for reply in replies} == {200}, [reply.json for reply in replies]
        assert len({reply.json["run"] for reply in replies}) == 1
        assert len(stripe.made_refunds()) == before + 1
        acts = await billing.acts(c)
        assert [(act["action"], act["state"]) for act in acts] == [("stripe.refund", "done")]
        assert acts[0]["by"]["name"] == "Root" and acts[0]["input"]["amount"] == 1500


async def test_above_the_limit_somebody_must_agree_to_exactly_this(billing, stripe, ada):
    charge = stripe.pay(ada, 9000)
    async with billing.conversation() as c:
        key, input = new_cid(), {"payment": charge, "amount": 5000}
        asked = await billing.run("stripe.refund", c, input, key)
        problem(asked, 409, "needs_confirmation")
        assert "5000" in asked.json["detail"]
        token, made = asked.json["confirmation"], len(stripe.made_refunds())
        # A yes to this is no yes to more.
        other = await billing.run(
            "stripe.refund", c, {"payment": charge, "amount": 9000}, key, confirmation=token)
        problem(other, 409, "needs_confirmation")
        assert len(stripe.made_refunds()) == made
        done = await billing.run("stripe.refund", c, input, key, confirmation=token)
        assert done.status == 200 and done.json["state"] == "done"
        assert len(stripe.made_refunds()) == made + 1


async def test_what_the_provider_refuses_is_said_and_kept(billing, stripe, ada):
    eve = stripe.add_customer("eve@example.com")
    charge = stripe.pay(eve, 1500)
    async with billing.conversation() as c:
        reply = await billing.run("stripe.refund", c, {"payment": charge, "amount": 100})
        assert reply.status == 200 and reply.json["state"] == "failed"
        assert reply.json["error"]["code"] == "plugin_failed" and reply.json["error"]["message"]
        assert [act["state"] for act in await billing.acts(c)] == ["failed"]


async def test_a_server_killed_in_the_middle_refunds_once_and_says_so_afterwards(
        billing, stripe, ada):
    charge = stripe.pay(ada, 1000)
    async with billing.conversation() as c:
        key, input = new_cid(), {"payment": charge, "amount": 1000}
        made = len(stripe.made_refunds())
        # The refund is made at once; its answer comes late.
        stripe.at("POST", "/v1/refunds").slow(1.5)
        click = asyncio.create_task(billing.run("stripe.refund", c, input, key))
        while not stripe.asked("POST", "/v1/refunds"):
            await asyncio.sleep(0.01)
        billing.server.kill()
        with pytest.raises(Exception):
            await click
        await billing.start()
        # The server takes the run up by itself; the agent's browser sends its click again as well.
        again = await billing.run("stripe.refund", c, input, key)
        assert again.status == 200 and again.json["state"] == "done", again.json
        assert len(stripe.made_refunds()) == made + 1
        assert len(await billing.acts(c)) == 1


@pytest.mark.parametrize("input, word", [
    ({"payment": "ch_1", "amount": "much"}, "input.amount"), ({"amount": -1}, "input"),
    ({"payment": "ch_1", "colour": "red"}, "input.colour"),
])
async def test_a_form_filled_in_wrongly_calls_nobody(billing, stripe, input, word):
    async with billing.conversation() as c:
        asked = len(stripe.asked("POST", "/v1/refunds"))
        reply = await billing.run("stripe.refund", c, input)
        problem(reply, 422, "unprocessable")
        assert any(word in fault for fault in reply.json["faults"])
        assert len(stripe.asked("POST", "/v1/refunds")) == asked


async def test_actions_need_a_key_a_conversation_that_exists_and_a_signed_in_agent(billing):
    reply = await billing.root.ask("POST", "/v1/actions/stripe.refund", {"input": {}})
    problem(reply, 400, "invalid")
    reply = await billing.run("stripe.refund", "cnv_01kajqy9s6exyt3h8b0d5v7g2k", {})
    problem(reply, 404, "not_found")
    async with billing.conversation() as c:
        problem(await billing.run("no.such", c, {}), 404, "not_found")
    reply = await request("POST", billing.server.base + "/v1/actions/stripe.refund", {})
    assert reply.status == 401


async def test_panels_and_buttons_stand_beside_the_conversation(billing, stripe, ada):
    stripe.subscribe(ada, "Business")
    async with billing.conversation() as c:
        panels = (await billing.root.get(f"/v1/conversations/{c}/panels"))["panels"]
        assert [panel["plugin"] for panel in panels] == [STRIPE]
        assert panels[0]["error"] is None and panels[0]["blocks"]
        # One whose time has come is drawn by itself.
        for wanted, count in ((f"{STRIPE}/{panels[0]['id']}", 1), ("nobody/nothing", 0)):
            path = f"/v1/conversations/{c}/panels?panel={quote(wanted, safe='')}"
            assert len((await billing.root.get(path))["panels"]) == count
        types = {block["type"] for block in panels[0]["blocks"]}
        assert types <= {"text", "fields", "table", "badge", "link", "button", "form", "divider"}
        actions = (await billing.root.get("/v1/actions"))["actions"]
        refund = next(action for action in actions if action["name"] == "stripe.refund")
        assert refund["effect"] == "money" and refund["input"]["type"] == "object"


async def test_another_servers_request_reaches_the_plugin_only_with_its_signature(
        billing, stripe, ada):
    path = f"{billing.server.base}/v1/hooks/{STRIPE}/events"
    body = json.dumps({"id": f"evt_{new_cid()}", "type": "charge.updated", "object": "event",
                       "created": 1, "data": {"object": {}}})
    good = {"stripe-signature": signature(body, WEBHOOK_SECRET, None)}
    assert (await request("POST", path, body.encode(), good)).status == 200
    assert (await request("POST", path, body.encode())).status == 401
    forged = {"stripe-signature": signature(body, "whsec_other", None)}
    assert (await request("POST", path, body.encode(), forged)).status == 401
    assert (await request("POST", path + "x", body.encode(), good)).status == 404


async def test_a_configuration_that_is_refused_changes_nothing(billing):
    before = await billing.plugin()
    reply = await billing.root.ask("PUT", f"/v1/plugins/{STRIPE}/config", {
        "config": {"refund_limit": "plenty", "colour": "red"}})
    problem(reply, 422, "unprocessable")
    assert len(reply.json["faults"]) == 2
    after = await billing.plugin()
    assert after["config"] == before["config"] and after["status"] == "running"
    assert after["restarts"] == before["restarts"]


async def test_a_configuration_takes_over_and_secrets_are_never_shown(billing, stripe):
    reply = await billing.root.ask("PUT", f"/v1/plugins/{STRIPE}/config", {
        "config": {"api_base": stripe.base, "refund_limit": 2500}})
    assert reply.status == 200, reply.json
    plugin = await billing.plugin()
    assert plugin["config"]["refund_limit"] == 2500
    assert sorted(plugin["secrets_set"]) == ["api_key", "webhook_secret"]
    text = json.dumps([plugin, await billing.root.get("/v1/plugins")])
    assert KEY not in text and WEBHOOK_SECRET not in text
    health = await billing.root.ask("POST", f"/v1/plugins/{STRIPE}/health", {})
    assert health.json == {"ok": True}
    for name in ("maitred.sqlite", "maitred.sqlite-wal"):
        place = billing.server.folder / name
        if place.exists():
            assert KEY.encode() not in place.read_bytes()


async def test_plugins_are_changed_by_admins_seen_by_supervisors_and_used_by_agents(billing):
    agent = await Administrator.sign_in(billing.server, "Ann", "agent")
    supervisor = await Administrator.sign_in(billing.server, "Sue", "supervisor")
    problem(await agent.ask("GET", "/v1/plugins"), 403, "forbidden")
    assert (await agent.get("/v1/actions"))["actions"]
    assert (await supervisor.get("/v1/plugins"))["plugins"]
    reply = await supervisor.ask("POST", f"/v1/plugins/{STRIPE}/disable", {})
    problem(reply, 403, "forbidden")


async def test_switched_off_it_does_nothing_and_on_again_it_works(billing, stripe, ada):
    await billing.root.ask("POST", f"/v1/plugins/{STRIPE}/disable", {})
    assert (await billing.root.get("/v1/actions"))["actions"] == []
    async with billing.conversation() as c:
        problem(await billing.run("stripe.refund", c, {"payment": "ch_1"}), 404, "not_found")
    reply = await billing.root.ask("POST", f"/v1/plugins/{STRIPE}/enable", {"agreed": True})
    assert reply.json["status"] == "running"
    assert any(
        action["name"] == "stripe.refund"
        for action in (await billing.root.get("/v1/actions"))["actions"])


async def test_what_was_done_is_answered_the_same_when_nobody_may_do_it_any_more(
        billing, stripe, ada):
    charge, path = stripe.pay(ada, 700), f"/v1/plugins/{STRIPE}/policies"
    async with billing.conversation() as c:
        key, input = new_cid(), {"payment": charge, "amount": 700}
        done = await billing.run("stripe.refund", c, input, key)
        assert done.json["state"] == "done"
        await billing.root.ask("PUT", path, {"policies": {"stripe.refund": {"allow": []}}})
        problem(await billing.run("stripe.refund", c, input), 403, "forbidden")
        again = await billing.run("stripe.refund", c, input, key)
        assert again.status == 200 and again.json["run"] == done.json["run"]
    await billing.root.ask("PUT", path, {"policies": {}})


async def test_an_operator_may_keep_an_action_to_supervisors(billing, stripe, ada):
    agent = await Administrator.sign_in(billing.server, "Ann", "agent")
    charge = stripe.pay(ada, 500)
    policy = {"stripe.refund": {"allow": ["supervisor"]}}
    reply = await billing.root.ask(
        "PUT", f"/v1/plugins/{STRIPE}/policies", {"policies": policy})
    assert reply.json["policies"] == policy
    async with billing.conversation() as c:
        input = {"payment": charge, "amount": 500}
        problem(await billing.run("stripe.refund", c, input, agent=agent), 403, "forbidden")
        assert (await billing.run("stripe.refund", c, input)).json["state"] == "done"
    reply = await billing.root.ask(
        "PUT", f"/v1/plugins/{STRIPE}/policies",
        {"policies": {"stripe.refund": {"allow": ["everybody"]}, "no.such": {}}})
    problem(reply, 422, "unprocessable")
    assert len(reply.json["faults"]) == 2
    await billing.root.ask("PUT", f"/v1/plugins/{STRIPE}/policies", {"policies": {}})
