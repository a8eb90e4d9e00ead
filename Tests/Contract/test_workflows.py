"""Processes that the assistant runs: a refund through the Stripe plugin, from the customer's words
to the played Stripe and back, by the rules that a workflow and the operator's policy set."""

import asyncio
import json
import sys

import pytest
from peers import ROOT, Customer, new_cid
from test_actions import STRIPE, Billing

sys.path.insert(0, str(ROOT / "Plugins/billing-stripe/Tests"))
from played_stripe import PlayedStripe  # noqa: E402

REFUND = """
title: Refund a payment
intents: [refund]
steps:
  payment: {ask: Which payment is it?, code: ch_0*}
  amount: {ask: How much shall come back?, form: amount}
  may:
    check:
      - {when: amount > 3000, then: too_much}
    otherwise: sure
  sure: {confirm: "Refund {{money(amount)}} of {{payment}}?"}
  refund:
    do: stripe.refund
    with: {payment: "{{payment}}", amount: "{{amount}}"}
  done: {end: "Done. {{refund.summary}}"}
  too_much: {hand_off: The amount is for a person to decide.}
"""


@pytest.fixture(scope="module")
def stripe():
    with PlayedStripe() as api:
        yield api


@pytest.fixture(scope="module")
def ada(stripe):
    return stripe.add_customer("ada@example.com")


@pytest.fixture(scope="module")
def billing(stripe, tmp_path_factory):
    billing = Billing(stripe)
    folder = tmp_path_factory.mktemp("workflows")
    (folder / "refund.yaml").write_text(REFUND)
    billing.server.command("import", "workflows", folder)
    asyncio.run(billing.start())
    yield billing
    billing.server.close()


async def allow(billing, *actors):
    policies = {"stripe.refund": {"allow": list(actors)}} if actors else {}
    await billing.root.ask("PUT", f"/v1/plugins/{STRIPE}/policies", {"policies": policies})


class Talk:
    """A customer whom the product has signed in, and what the assistant says to them."""

    def __init__(self, billing, **identity_of):
        self.customer = Customer(billing.server, **identity_of)
        self.heard = 0

    async def __aenter__(self):
        await self.customer.open()
        self.c = None
        return self

    async def __aexit__(self, *_):
        await self.customer.close()

    async def say(self, text, kind="bot"):
        """Says something; returns the next message of the assistant, or of another kind."""
        mark = len(self.customer.frames)
        ack = await self.customer.say(text, self.c)
        self.c = ack["c"]
        return (await self.customer.message_of(kind, self.c, after=mark))["d"]


def known(billing, email="ada@example.com"):
    from peers import identity

    return Talk(billing, identity=identity(billing.server.site, new_cid(), email=email))


async def events(billing, c, kind):
    log = (await billing.root.get(f"/v1/conversations/{c}/events?after=0"))["events"]
    return [event["d"] for event in log
            if event["t"] == "event.new" and event["d"]["type"] == kind]


async def up_to_the_question(talk, charge, amount):
    assert "Which payment" in (await talk.say("Can I get a refund?"))["text"]
    assert "How much" in (await talk.say(f"{charge}"))["text"]
    return await talk.say(f"{amount}.")


async def test_money_is_for_people_and_the_person_finds_everything_filled_in(billing, stripe, ada):
    charge, made = stripe.pay(ada, 1500), len(stripe.made_refunds())
    async with known(billing) as talk:
        asked = await up_to_the_question(talk, charge, "12.50")
        assert asked["text"] == f"Refund 12.50 of {charge}?"
        assert [choice["title"] for choice in asked["choices"]] == ["Yes", "No"]
        await talk.say("Yes.", kind="system")
        steps = await events(billing, talk.c, "workflow")
        assert steps[-1]["state"] == "handed_off" and steps[-1]["action"] == "stripe.refund"
        left = {"payment": charge, "amount": 1250}
        assert steps[-1]["input"] == left
        assert len(stripe.made_refunds()) == made
        briefing = await billing.root.get(f"/v1/conversations/{talk.c}/briefing")
        assert briefing["collected"]["payment"] == charge
        assert "Refund a payment" in briefing["why"]["text"]
        done = await billing.run("stripe.refund", talk.c, left)
        assert done.json["state"] == "done" and len(stripe.made_refunds()) == made + 1


async def test_where_the_operator_lets_it_the_assistant_refunds_once_and_says_so(
        billing, stripe, ada):
    charge, made = stripe.pay(ada, 1500), len(stripe.made_refunds())
    await allow(billing, "bot", "agent")
    async with known(billing) as talk:
        await up_to_the_question(talk, charge, "15")
        told = await talk.say("Yes, please.")
        assert told["text"].startswith("Done.") and told["from"]["kind"] == "bot"
        assert len(stripe.made_refunds()) == made + 1
        acts = await billing.acts(talk.c)
        assert [(act["by"]["kind"], act["state"]) for act in acts] == [("bot", "done")]
        states = [step["state"] for step in await events(billing, talk.c, "workflow")]
        assert states[-1] == "done" and set(states[:-1]) == {"running"}
    await allow(billing)


async def test_a_rule_of_the_workflow_holds_whatever_the_customer_says(billing, stripe, ada):
    charge, made = stripe.pay(ada, 9000), len(stripe.made_refunds())
    await allow(billing, "bot", "agent")
    async with known(billing) as talk:
        await talk.say("Can I get a refund?")
        await talk.say(charge)
        await talk.say("90.00.", kind="system")
        assert len(stripe.made_refunds()) == made
        briefing = await billing.root.get(f"/v1/conversations/{talk.c}/briefing")
        assert "for a person to decide" in briefing["why"]["text"]
    await allow(billing)


async def test_a_payment_of_somebody_else_is_not_refunded(billing, stripe, ada):
    eve = stripe.add_customer("eve@shop.example")
    charge, made = stripe.pay(ada, 1500), len(stripe.made_refunds())
    await allow(billing, "bot", "agent")
    async with known(billing, email=eve["email"] if isinstance(eve, dict) else "eve@shop.example") \
            as talk:
        await up_to_the_question(talk, charge, "15")
        await talk.say("Yes.", kind="system")
        assert len(stripe.made_refunds()) == made
        assert [act["state"] for act in await billing.acts(talk.c)] == ["failed"]
    await allow(billing)


async def test_a_server_killed_while_it_refunds_does_it_once_and_tells_the_customer(
        billing, stripe, ada):
    charge, made = stripe.pay(ada, 1000), len(stripe.made_refunds())
    await allow(billing, "bot", "agent")
    async with known(billing) as talk:
        await up_to_the_question(talk, charge, "10")
        stripe.at("POST", "/v1/refunds").slow(1.5)
        asked = len(stripe.asked("POST", "/v1/refunds"))
        await talk.customer.say("Yes.", talk.c)
        while len(stripe.asked("POST", "/v1/refunds")) == asked:
            await asyncio.sleep(0.01)
        billing.server.kill()
        await billing.start()
        acts = []
        while not acts:
            acts = await billing.acts(talk.c)
            await asyncio.sleep(0.05)
        while (await events(billing, talk.c, "workflow"))[-1]["state"] == "running":
            await asyncio.sleep(0.05)
        assert len(stripe.made_refunds()) == made + 1
        assert [act["state"] for act in acts] == ["done"]
        log = (await billing.root.get(f"/v1/conversations/{talk.c}/events?after=0"))["events"]
        told = [event["d"]["text"] for event in log
                if event["t"] == "msg.new" and event["d"]["text"].startswith("Done.")]
        assert len(told) == 1
    await allow(billing)


async def test_a_stranger_is_not_asked_but_brought_to_a_person(billing):
    async with Talk(billing) as talk:
        await talk.say("Can I get a refund?", kind="system")
        briefing = await billing.root.get(f"/v1/conversations/{talk.c}/briefing")
        assert briefing["why"]["code"] == "not_identified"
        assert await events(billing, talk.c, "workflow") == []


async def test_workflows_are_listed_shown_drawn_and_removed(billing, tmp_path):
    server = billing.server
    listed = json.loads(server.command("workflow", "list", "--json"))
    assert [(each["name"], each["intents"]) for each in listed] == [("refund", ["refund"])]
    assert server.command("workflow", "show", "refund").strip() == REFUND.strip()
    drawn = server.command("workflow", "draw", "refund")
    assert drawn.startswith("flowchart TD") and "amount > 3000" in drawn
    (tmp_path / "parcel.yaml").write_text(
        "title: Parcel\nintents: [parcel_status]\nsteps:\n  over: {end: It is on its way.}\n")
    assert "1 of them new" in server.command("import", "workflows", tmp_path)
    assert "parcel" in server.command("workflow", "list")
    server.command("workflow", "remove", "parcel")
    again = server.command("workflow", "remove", "parcel", check=False)
    assert again.returncode != 0 and "maitred workflow list" in again.stderr


@pytest.mark.parametrize("text, said", [
    ("title: A\nintents: [no_such]\nsteps:\n  over: {end: true}\n", "no intent “no_such”"),
    ("title: A\nintents: [refund]\nsteps:\n  over: {end: true}\n", "“refund” is the workflow"),
    ("title: A\nsteps:\n  one: {say: Hello, then: tow}\n  two: {end: true}\n",
     "did you mean 'two'?"),
])
async def test_a_workflow_that_cannot_work_is_refused_with_what_to_mend(
        billing, tmp_path, text, said):
    (tmp_path / "another.yaml").write_text(text)
    done = billing.server.command("import", "workflows", tmp_path, check=False)
    assert done.returncode != 0 and said in done.stderr
    assert "another" not in billing.server.command("workflow", "list")
