"""Every frame of the team × every role × whose conversation it is about: what is granted.

What is refused to others, and that nobody notices it, is in test_authorisation_frames.
"""

import asyncio

import pytest
from administration import Administrator
from authorisation import TEAM
from conftest import serve
from peers import Agent, Customer
from test_authorisation_frames import TEAMS_IN, directions, filled

NOBODY, ANYBODY = set(), {"agent", "supervisor", "admin"}
WHOSE = ["one's own", "a colleague's", "nobody's yet"]
# By role, who may send a frame about a conversation of these three kinds.
MAY = {
    # Once accepted it may be accepted again: the answer to the first time may be lost.
    "accept": (ANYBODY, NOBODY, NOBODY),
    "decline": (NOBODY, NOBODY, NOBODY),
    "takeover": (ANYBODY, ANYBODY, ANYBODY),
    "assign": (ANYBODY, NOBODY, ANYBODY),
    "transfer": (ANYBODY, NOBODY, ANYBODY),
    "status": (ANYBODY, NOBODY, NOBODY),
    "snooze": (ANYBODY, NOBODY, NOBODY),
    "tag": (ANYBODY, ANYBODY, ANYBODY),
    "bot.return": (ANYBODY, NOBODY, ANYBODY),
    "sub": (ANYBODY, ANYBODY, ANYBODY),
    "unsub": (ANYBODY, ANYBODY, ANYBODY),
    "note": (ANYBODY, ANYBODY, ANYBODY),
    "reply": (ANYBODY, NOBODY, NOBODY),
    "typing": (ANYBODY, ANYBODY, ANYBODY),
    "read": (ANYBODY, ANYBODY, ANYBODY),
    "sync": (ANYBODY, ANYBODY, ANYBODY)}
# Those that name no conversation.
BY_THEMSELVES = {"presence": {"state": "away"}, "ping": {}}


@pytest.fixture(scope="module")
def server():
    server = serve(agents=("Ben",))
    try:
        for role, name in TEAM.items():
            asyncio.run(Administrator.sign_in(server, name, role))
        yield server
    finally:
        server.close()


async def waiting(customer):
    """A conversation that waits for a person."""
    c = (await customer.say("I need a person."))["c"]
    await customer.until(
        lambda frame: frame["t"] == "conv.upd" and frame["c"] == c
        and frame["d"]["owner"]["kind"] == "queue")
    return c


def test_every_frame_of_the_team_is_in_the_table():
    assert {*MAY, *BY_THEMSELVES, "hello"} == {t for who, t in directions() if who == "agent"}


@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("role", TEAM)
async def test_a_role_may_do_what_the_table_says_and_nothing_else(server, role, whose):
    customer, member, ben = Customer(server), Agent(server, TEAM[role]), Agent(server, "Ben")
    await customer.open()
    await member.open(presence=None)
    await ben.open(presence=None)
    owner = {"one's own": member, "a colleague's": ben}.get(whose)
    granted, expected = {}, {}
    for t, d in TEAMS_IN.items():
        c = await waiting(customer)
        if owner:
            await owner.do("takeover", c=c)
        answer = await member.ask(t, filled(d, None), c)
        granted[t] = answer["d"].get("code", answer["t"])
        expected[t] = "ack" if role in MAY[t][WHOSE.index(whose)] else "conflict"
        # Nobody is left with it.
        await customer.ask("end", c=c)
    assert granted == expected
    for peer in (customer, member, ben):
        await peer.close()


@pytest.mark.parametrize("answer", ["accept", "decline"])
@pytest.mark.parametrize("role", TEAM)
async def test_whoever_is_asked_may_say_yes_or_no_and_no_colleague_for_them(server, role, answer):
    customer, member, ben = Customer(server), Agent(server, TEAM[role]), Agent(server, "Ben")
    await customer.open()
    await ben.open(presence=None)
    await member.open()
    c = (await customer.say("I need a person."))["c"]
    await member.of_type("offer", c)
    assert await ben.refused(answer, TEAMS_IN[answer], c) == "conflict"
    await member.do(answer, TEAMS_IN[answer], c)
    await customer.do("end", c=c)
    await member.do("presence", {"state": "offline"})
    for peer in (customer, member, ben):
        await peer.close()


@pytest.mark.parametrize("role", TEAM)
async def test_every_role_may_say_whether_they_are_there(server, role):
    member = Agent(server, TEAM[role])
    await member.open(presence=None)
    for t, d in BY_THEMSELVES.items():
        await member.do(t, d)
    await member.do("presence", {"state": "offline"})
    await member.close()
