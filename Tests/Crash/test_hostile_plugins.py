"""Plugins that mean harm do none to live conversations; hostile_run.py tries many more of them."""

import asyncio
import copy
import socket

import pytest
from hostile_judge import judge
from hostile_plugins import PLUGINS, QUICK, Workshop
from hostile_trial import REFUSAL, Pace, Trial, Workspace

PACE = Pace(customers=25, turns=1, spread=1.5)
NAMED = {plugin.name: plugin for plugin in PLUGINS}
HARMLESS = ["crash", "hang", "stop", "frames", "garbage", "kv", "filter_silent"]


@pytest.fixture(scope="module")
def workspace():
    workspace = Workspace(PACE.customers)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def workshop():
    workshop = Workshop()
    yield workshop
    workshop.close()


@pytest.mark.parametrize("name", HARMLESS)
async def test_conversations_go_on_beside_a_plugin_that_means_harm(workspace, workshop, name):
    trial = await Trial(workspace, workshop, NAMED[name], PACE).run()
    assert not trial.verdict(), "\n".join(trial.verdict())
    assert trial.figures["acknowledged"] == PACE.customers


async def test_a_filter_that_fails_closed_refuses_clearly_until_it_is_off(workspace, workshop):
    trial = await Trial(workspace, workshop, NAMED["filter_closed"], PACE).run()
    # Once it is switched off the next message is taken; the verdict says if it was not.
    assert not trial.verdict(), "\n".join(trial.verdict())
    refused = [message for message in trial.evidence.messages if not message.acks]
    assert [message.refusals for message in refused] == [[REFUSAL]] * PACE.customers
    stored = {frame["d"].get("cid") for frames in trial.evidence.team.values() for frame in frames}
    assert not stored & {message.cid for message in refused}


# ---- The controls ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quiet(workspace, workshop):
    """What a few customers noted on a server without a hostile plugin."""
    pace = Pace(customers=3, turns=2, spread=0, pause=(0, 0))
    return asyncio.run(Trial(workspace, workshop, None, pace).run())


def test_without_a_hostile_plugin_nothing_is_found(quiet):
    assert not quiet.verdict(), "\n".join(quiet.verdict())
    assert quiet.figures["acknowledged"] == 6


def some(evidence):
    """The events of a conversation as the team reads them."""
    return next(iter(evidence.team.values()))


def answer_of(frames):
    return next(frame for frame in frames if frame["d"].get("from", {}).get("kind") == "bot")


def fact_sheet(frames):
    return next(frame for frame in frames if frame["d"].get("type") == "facts")


def take_an_answer(evidence):
    frames = some(evidence)
    frames.remove(answer_of(frames))


def answer_twice(evidence):
    frames = some(evidence)
    frames.insert(frames.index(answer_of(frames)), copy.deepcopy(answer_of(frames)))


def take_the_facts(evidence):
    frames = some(evidence)
    frames.remove(fact_sheet(frames))


def tell_the_facts_of_another(evidence):
    fact_sheet(some(evidence))["d"]["facts"]["seats"] += 1


def tell_the_facts_twice(evidence):
    frames = some(evidence)
    frames.append(copy.deepcopy(fact_sheet(frames)))


def lose_a_message(evidence):
    cid = evidence.messages[0].cid
    for frames in evidence.team.values():
        frames[:] = [frame for frame in frames if frame["d"].get("cid") != cid]


def store_a_message_twice(evidence):
    frames = some(evidence)
    frames.append(copy.deepcopy(next(frame for frame in frames if "cid" in frame["d"])))


def leave_a_message_without_an_acknowledgement(evidence):
    evidence.messages[0].acks.clear()


def refuse_a_message(evidence):
    evidence.messages[0].refusals.append("overloaded")


def hide_a_frame_from_a_customer(evidence):
    evidence.views[0].frames.pop()


@pytest.mark.parametrize("damage, kind", [
    (take_an_answer, "unanswered"), (answer_twice, "doubled"), (take_the_facts, "factless"),
    (tell_the_facts_of_another, "factless"), (tell_the_facts_twice, "factless"),
    (lose_a_message, "lost"), (store_a_message_twice, "doubled"),
    (leave_a_message_without_an_acknowledgement, "unacknowledged"),
    (refuse_a_message, "errors"), (hide_a_frame_from_a_customer, "undelivered"),
], ids=lambda one: getattr(one, "__name__", one))
def test_damage_is_seen(quiet, damage, kind):
    evidence = copy.deepcopy(quiet.evidence)
    damage(evidence)
    assert getattr(judge(evidence, quiet.facts), kind)


def test_a_plugin_that_did_nothing_is_not_taken_for_hostile():
    trial = Trial(None, None, NAMED["crash"], PACE)
    trial.account = "status=running restarts=0 calls=25 failures=0 misbehaviours=0"
    assert "it did nothing" in "\n".join(trial.verdict())


def test_what_is_reached_outside_is_seen(workshop):
    workshop.build(QUICK)
    assert not workshop.breaches("did try fork: Operation not permitted")
    assert workshop.breaches("did try fork: ALLOWED")
    socket.create_connection(workshop.trap).close()
    assert workshop.breaches("")
    assert not workshop.breaches("")
    workshop.victim.chmod(0o644)
    assert workshop.breaches("")
