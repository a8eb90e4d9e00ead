"""Actions that a draft proposes: the Stripe plugin's, to a played model through llm-openai. What is
proposed is checked and shown, and is done only when an agent has it done."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import c_plugins
import pytest
from administration import Administrator
from conftest import TAUGHT
from peers import ROOT, Customer, Server, identity, new_cid
from test_http import problem

sys.path += [str(ROOT / f"Plugins/{name}/Tests") for name in ("llm-openai", "billing-stripe")]
from played_openai import PlayedOpenAI  # noqa: E402
from played_stripe import KEY, PlayedStripe  # noqa: E402

MODEL, STRIPE, CENSOR = "maitred.llm-openai", "maitred.billing-stripe", "test.censor"
ARTICLE = """---
title: Get your money back
---
Yearly plans are refunded in full within thirty days of the payment.
"""
SAID = "Yearly plans are refunded in full within thirty days of the payment [1]."
CENSORING = r"""
INVOKE { answer(call, says(in, "payment") ? "{\"do\":\"reject\",\"reason\":\"not now\"}"
                                          : "{\"do\":\"keep\"}"); }
"""


class Shop:
    """A server with a model and a till, both played, and an agent who may do less than others."""

    def __init__(self, model, stripe, folder):
        self.model, self.stripe = model, stripe
        c_plugins.build(
            folder, CENSOR, CENSORING, permissions={"read": ["conversation.messages"]},
            contributes={"hooks": [
                {"on": "reply.suggest", "mode": "filter", "deadline_ms": 2000}]})
        self.server = Server(environment={"MAITRED_PLUGIN_FOLDERS": f"{ROOT}/Plugins,{folder}"})
        self.server.set_up(intents=TAUGHT)
        articles = self.server.folder / "articles"
        articles.mkdir()
        (articles / "refunds.md").write_text(ARTICLE)
        self.server.command("import", "articles", articles)
        (self.server.folder / "plugins.json").write_text(json.dumps({
            MODEL: {"config": {"base_url": model.url, "api_key": model.key,
                               "model": "gpt-played"}, "allow_private_network": True},
            STRIPE: {"config": {"api_key": KEY, "api_base": stripe.base, "refund_limit": 2000},
                     "allow_private_network": True}}))

    async def start(self):
        self.server.start()
        self.root = await Administrator.sign_in(self.server)
        self.ann = await Administrator.sign_in(self.server, "Ann", "agent")
        for id in (MODEL, STRIPE):
            await self.runs(id)

    async def runs(self, id):
        while (await self.root.get(f"/v1/plugins/{id}"))["status"] != "running":
            await asyncio.sleep(0.02)

    @asynccontextmanager
    async def conversation(self):
        """With Ada, who has paid 5000."""
        customer = Customer(self.server, identity=identity(
            self.server.site, new_cid(), email="ada@example.com"))
        await customer.open()
        c = (await customer.say("I want my money back for a yearly plan."))["c"]
        await customer.until(
            lambda frame: frame["t"] == "msg.new" and frame["d"]["from"]["kind"] != "customer")
        yield c
        await customer.close()

    async def draft(self, c, *calls, agent=None, said=SAID):
        """A draft for which the model wants tools called."""
        self.model.say(said, calls=calls, finish="tool_calls" if calls else "stop")
        reply = await (agent or self.ann).ask("POST", f"/v1/conversations/{c}/draft", {})
        assert reply.status == 200, reply.json
        return reply.json

    def offered(self):
        """The tools of the model's latest question, by name."""
        chat = self.model.chats[-1]
        return {tool["function"]["name"]: tool["function"] for tool in chat.get("tools", [])}

    async def acts(self, c):
        events = (await self.root.get(f"/v1/conversations/{c}/events?after=0"))["events"]
        return [event["d"] for event in events
                if event["t"] == "event.new" and event["d"]["type"] == "action"]

    async def figure(self, outcome):
        metrics = (await self.root.ask("GET", "/metrics")).body.decode()
        name = f'maitred_proposals_total{{outcome="{outcome}"}} '
        return next(int(line[len(name):]) for line in metrics.splitlines()
                    if line.startswith(name))

    @asynccontextmanager
    async def policies(self, **policies):
        path, names = f"/v1/plugins/{STRIPE}/policies", {"refund": "stripe.refund"}
        set_to = {names[name]: policy for name, policy in policies.items()}
        assert (await self.root.ask("PUT", path, {"policies": set_to})).status == 200
        yield
        await self.root.ask("PUT", path, {"policies": {}})


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with PlayedOpenAI() as model, PlayedStripe() as stripe:
        shop = Shop(model, stripe, tmp_path_factory.mktemp("plugins"))
        shop.charge = stripe.pay(stripe.add_customer("ada@example.com"), 5000)
        asyncio.run(shop.start())
        yield shop
        shop.server.close()


async def test_the_model_is_offered_the_actions_that_the_agent_could_have_done(shop):
    async with shop.conversation() as c:
        draft = await shop.draft(c)
        assert draft["text"] and draft["proposals"] == []
        offered = shop.offered()
        assert set(offered) == {"stripe_charges", "stripe_refund", "stripe_cancel_subscription",
                                "stripe_update_card_link"}
        refund = offered["stripe_refund"]
        assert refund["description"].startswith("Refund")
        assert refund["parameters"]["required"] == ["payment"]
        assert "x-order" not in json.dumps(refund)
        assert refund["parameters"]["properties"]["amount"]["minimum"] == 1


async def test_a_proposal_is_shown_and_nothing_is_done_until_an_agent_has_it_done(shop):
    made = len(shop.stripe.made_refunds())
    async with shop.conversation() as c:
        draft = await shop.draft(c, ("stripe_refund", {"payment": shop.charge, "amount": 3000}))
        assert not draft["refused"] and "thirty days" in draft["text"]
        proposal = draft["proposals"][0]
        assert draft["proposals"] == [{
            "action": "stripe.refund", "title": proposal["title"], "effect": "money",
            "question": proposal["question"], "input": proposal["input"]}]
        assert proposal["title"].startswith("Refund")
        assert "3000" in proposal["question"]
        assert proposal["input"]["payment"] == shop.charge
        assert proposal["input"]["amount"] == 3000
        assert await shop.acts(c) == []
        assert len(shop.stripe.made_refunds()) == made
        # The agent sends it as if they had filled in the form: asked first, as always.
        path, key = "/v1/actions/stripe.refund", new_cid()
        order = {"conversation": c, "input": proposal["input"]}
        asked = await shop.ann.ask("POST", path, order, idempotency_key=key)
        problem(asked, 409, "needs_confirmation")
        assert asked.json["detail"] == proposal["question"]
        assert await shop.acts(c) == []
        done = await shop.ann.ask(
            "POST", path, {**order, "confirmation": asked.json["confirmation"]},
            idempotency_key=key)
        assert done.json["state"] == "done", done.json
        assert [act["by"]["name"] for act in await shop.acts(c)] == ["Ann"]
        assert len(shop.stripe.made_refunds()) == made + 1


async def test_what_only_supervisors_may_is_neither_offered_to_an_agent_nor_shown(shop):
    call = ("stripe_refund", {"payment": shop.charge, "amount": 100})
    async with shop.conversation() as c, shop.policies(refund={"allow": ["supervisor"]}):
        assert (await shop.draft(c, call))["proposals"] == []
        assert "stripe_refund" not in shop.offered() and "stripe_charges" in shop.offered()
        draft = await shop.draft(c, call, agent=shop.root)
        assert [one["action"] for one in draft["proposals"]] == ["stripe.refund"]


@pytest.mark.parametrize("input", [
    {"payment": 7}, {"amount": 100}, {"payment": "ch_1", "amount": -1},
    {"payment": "ch_1", "colour": "red"}])
async def test_an_input_that_does_not_pass_the_schema_is_left_out_and_counted(shop, input):
    async with shop.conversation() as c:
        rejected, shown = await shop.figure("rejected"), await shop.figure("shown")
        draft = await shop.draft(c, ("stripe_refund", input), ("stripe_charges", {"limit": 3}))
        assert [(one["action"], one["input"]) for one in draft["proposals"]] == [
            ("stripe.charges", {"limit": 3})]
        assert await shop.figure("rejected") == rejected + 1
        assert await shop.figure("shown") == shown + 1


async def test_a_draft_that_no_article_supports_is_refused_and_its_proposal_is_shown(shop):
    async with shop.conversation() as c:
        draft = await shop.draft(
            c, ("stripe_charges", {}), said="We will also send you a free bicycle [1].")
        assert draft["refused"] and draft["text"] == ""
        assert [(one["action"], one["input"]) for one in draft["proposals"]] == [
            ("stripe.charges", {"limit": 10})]


async def test_with_a_draft_that_a_filter_rejects_go_its_proposals(shop):
    async with shop.conversation() as c:
        assert len((await shop.draft(c, ("stripe_charges", {})))["proposals"]) == 1
        path = f"/v1/plugins/{CENSOR}"
        reply = await shop.root.ask("POST", f"{path}/enable", {"agreed": True})
        assert reply.status == 200, reply.json
        await shop.runs(CENSOR)
        draft = await shop.draft(c, ("stripe_charges", {}))
        assert draft["refused"] and draft["reason"] == "not now"
        assert draft["proposals"] == []
        await shop.root.ask("POST", f"{path}/disable", {})


async def test_a_model_that_cannot_have_tools_writes_drafts_all_the_same(shop):
    shop.model.without_tools = (400, "gpt-played does not support tools")
    async with shop.conversation() as c:
        draft = await shop.draft(c)
        assert not draft["refused"] and draft["proposals"] == []
        assert shop.offered() == {}
