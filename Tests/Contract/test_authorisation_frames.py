"""Every frame of the protocol × everybody who may not send it: what is somebody else's is refused
as what does not exist is, changes nothing, and is noticed by nobody."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from authorisation import EVIL, NOTHING, OTHER_ORIGIN, Workspace
from conftest import serve
from peers import ROOT, Customer, Peer, new_cid
from peers.server import ORIGIN

DEFINITIONS = ROOT / "Sources/Gateway/Wire/Messages"
INVENTED = {"c": f"cnv_{NOTHING}", "m": f"msg_{NOTHING}", "upload": f"upl_{NOTHING}"}

# Frames about a conversation, by who may send them. CID stands for a fresh id, M for a message.
CUSTOMERS_IN = {
    "msg.send": {"cid": "CID", "text": "mine?"}, "msg.retry": {"cid": "CID", "text": "mine?"},
    "choice": {"cid": "CID", "m": "M", "choice": "x"}, "csat": {"score": 1},
    "feedback": {"m": "M", "helpful": False}, "address": {"email": "bob@example.com"},
    "form.submit": {"form": "address", "values": {"email": "bob@example.com"}},
    "context": {"n": 10**6, "url_path": "/mine"}, "track": {"name": "mine"}, "human": {}, "end": {},
    "typing": {"on": True}, "read": {"upto": 1}, "sync": {"after": 0}}
TEAMS_IN = {
    "accept": {}, "decline": {"reason": "no"}, "takeover": {}, "assign": {"agent": None},
    "transfer": {"skill": "billing"}, "status": {"status": "resolved"},
    "snooze": {"until": "2099-01-01T00:00:00Z"}, "tag": {"add": ["mine"]}, "bot.return": {},
    "sub": {}, "unsub": {}, "note": {"cid": "CID", "text": "mine?"},
    "reply": {"cid": "CID", "text": "mine?", "seen": 99}, "typing": {"on": True},
    "read": {"upto": 1}, "sync": {"after": 0}}
# Those that name no conversation; the tests below have them one by one.
ELSEWHERE = {
    "customer": {"hello", "auth.refresh", "conv.start", "ping"},
    "agent": {"hello", "presence", "ping"}}
OUTSIDERS = ["Bob", "Cyd"]
# What a colleague of the owner gets: everything else is for the whole team.
NOT_THE_OWNERS = {"accept": "conflict", "decline": "conflict"}


def filled(d, m):
    text = json.dumps(d).replace("CID", new_cid()).replace('"M"', json.dumps(m))
    return json.loads(text)


def without_names(answer):
    return {key: value for key, value in answer.items() if key not in ("re", "c")}


@pytest.fixture(scope="module")
def work():
    work = Workspace(serve())
    try:
        asyncio.run(work.fill())
        yield work
    finally:
        work.server.close()


@asynccontextmanager
async def opened(work, name, **hello):
    customer = work.customer(name)
    customer.welcome = await customer.open(**hello)
    try:
        yield customer
    finally:
        await customer.close()


@asynccontextmanager
async def watched(work):
    """Nothing that happens meanwhile changes Ada's conversation, or reaches her or Ann."""
    ann = work.member("agent")
    async with opened(work, "Ada") as ada:
        await ann.open(presence=None)
        try:
            await ann.do("sub", {"after": 0}, work.c)
            await ada.settled()
            await ann.settled()
            before, marks = await work.log(), (len(ada.frames), len(ann.frames))
            yield
            await ada.do("typing", {"on": False}, work.c)
            for peer in (ada, ann):
                await peer.do("ping")
            seen = [frame for peer, mark in zip((ada, ann), marks) for frame in peer.frames[mark:]
                    if work.c in (frame.get("c"), frame.get("d", {}).get("c"))
                    and "re" not in frame and frame["t"] != "resync"
                    and frame.get("d", {}).get("on") is not False]
            assert not seen
            assert await work.log() == before
        finally:
            await ann.close()


def directions():
    for path in DEFINITIONS.glob("*.json"):
        definition = json.loads(path.read_text())
        for direction in definition["direction"]:
            if direction != "server":
                yield direction, definition["t"]


def test_every_frame_of_the_protocol_is_in_the_tables():
    assert set(directions()) == {
        *(("customer", t) for t in [*CUSTOMERS_IN, *ELSEWHERE["customer"]]),
        *(("agent", t) for t in [*TEAMS_IN, *ELSEWHERE["agent"]])}


# Customers and somebody else's conversation

@pytest.mark.parametrize("name", OUTSIDERS)
async def test_somebody_elses_conversation_is_not_there_for_any_frame_of_a_customer(work, name):
    async with watched(work), opened(work, name) as outsider:
        for t, d in CUSTOMERS_IN.items():
            hers = await outsider.ask(t, filled(d, work.m), work.c)
            none = await outsider.ask(t, filled(d, INVENTED["m"]), INVENTED["c"])
            assert hers["t"] == "err" and hers["d"]["code"] == "not_found", (t, hers)
            assert without_names(hers) == without_names(none), t
        # What names none is about their own.
        await outsider.do("context", {"n": 1, "url_path": "/own"})
        await outsider.do("track", {"name": "own"})
        await outsider.settled()
        assert not [frame for frame in outsider.frames
                    if frame.get("c") == work.c and "re" not in frame]


@pytest.mark.parametrize("values", [{"name": "Bob"}, {}], ids=["name", "nothing"])
async def test_a_form_in_somebody_elses_conversation_is_not_taken(work, values):
    async with opened(work, "Bob") as bob:
        for c in (work.c, INVENTED["c"]):
            assert await bob.refused(
                "form.submit", {"form": "contact", "values": values}, c) == "not_found"


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_the_teams_frames_are_unknown_to_customers(work, name):
    async with watched(work), opened(work, name) as outsider:
        for t, d in {**TEAMS_IN, "presence": {"state": "online"}}.items():
            if t in CUSTOMERS_IN:
                continue
            for c in (work.c, work.own[name], INVENTED["c"]):
                assert await outsider.refused(t, filled(d, work.m), c) == "unknown_type", t


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_somebody_elses_things_named_in_ones_own_conversation_are_not_there(work, name):
    frames = {"choice": lambda m, upload: {"cid": new_cid(), "m": m, "choice": "x"},
              "feedback": lambda m, upload: {"m": m, "helpful": True},
              "msg.send": lambda m, upload: {"cid": new_cid(), "text": "", "uploads": [upload]},
              "msg.retry": lambda m, upload: {"cid": new_cid(), "text": "", "uploads": [upload]}}
    async with watched(work), opened(work, name) as outsider:
        for t, make in frames.items():
            hers = await outsider.ask(t, make(work.m, work.upload), work.own[name])
            none = await outsider.ask(t, make(**{"m": INVENTED["m"], "upload": INVENTED["upload"]}),
                                      work.own[name])
            assert hers["t"] == "err", (t, hers)
            expected = "conflict" if t == "feedback" else "unprocessable"
            assert hers["d"]["code"] == expected, (t, hers)
            assert without_names(hers) == without_names(none), t
        # Nor is a file that was sent an upload.
        assert await outsider.refused(
            "msg.send", {"cid": new_cid(), "text": "", "uploads": [work.file]},
            work.own[name]) in ("unprocessable", "invalid")


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_resuming_somebody_elses_conversation_brings_nothing(work, name):
    async with watched(work):
        seen = []
        for c in (work.c, INVENTED["c"]):
            async with opened(work, name, resume=[{"c": c, "s": 0}]) as outsider:
                await outsider.do("ping")
                await outsider.refused("sync", {"after": 0}, c)
                seen.append([frame["t"] for frame in outsider.frames
                             if frame.get("c") == c and "re" not in frame])
                assert c not in json.dumps(outsider.welcome)
        assert seen[0] == seen[1] == []


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_a_session_does_not_go_on_with_somebody_elses_token(work, name):
    async with opened(work, name) as outsider:
        answer = await outsider.ask("auth.refresh", {"token": work.tokens["Ada"]})
        assert answer["d"]["code"] == "unauthenticated"
        assert await outsider.closed() == 4401


async def test_hello_again_as_somebody_else_is_refused(work):
    async with watched(work), opened(work, "Bob") as bob:
        ticket = await work.member("agent").ticket()
        for hello in ({"token": work.tokens["Ada"]}, {"ticket": ticket}):
            assert await bob.refused("hello", hello) == "invalid"
        assert await bob.refused("sync", {"after": 0}, work.c) == "not_found"


# Nobody

async def test_nobody_may_send_anything_but_hello(work):
    types = {t for _, t in directions()} - {"hello"}
    data = {**CUSTOMERS_IN, **TEAMS_IN, "auth.refresh": {"token": work.tokens["Ada"]},
            "presence": {"state": "online"}}

    async def first(t, c, origin):
        peer = Peer(work.server)
        await peer.connect(origin)
        answer = await peer.ask(t, filled(data.get(t, {}), work.m), c)
        assert answer["t"] == "err" and answer["d"]["code"] == "unauthenticated", (t, answer)
        assert await peer.closed() == 4401 and len(peer.frames) == 1
        return without_names(answer)

    async with watched(work):
        for t in types:
            refusals = [await first(t, *place) for place in [
                (work.c, ORIGIN), (INVENTED["c"], ORIGIN), (work.c, work.server.base)]]
            assert refusals[0] == refusals[1] == refusals[2]


@pytest.mark.parametrize("hello", [
    {"token": "TICKET"}, {"ticket": "TOKEN"}, {"token": "VISITOR"}, {"token": "KEY"},
    {"ticket": "KEY"}, {"token": "COOKIE"}, {"ticket": "COOKIE"}, {"ticket": "CSRF"}], ids=str)
async def test_no_credential_opens_what_another_is_for(work, hello):
    headers = work.signed_in["admin"]
    secrets = {"TICKET": await work.member("agent").ticket(), "TOKEN": work.tokens["Ada"],
               "VISITOR": work.visitors["Ada"], "KEY": work.key,
               "COOKIE": headers["cookie"].partition("=")[2], "CSRF": headers["x-csrf-token"]}
    peer = Peer(work.server)
    await peer.connect(work.server.base)
    answer = await peer.ask("hello", {name: secrets[value] for name, value in hello.items()})
    assert answer["d"]["code"] == "unauthenticated"
    assert await peer.closed() == 4401


@pytest.mark.parametrize("origin", [OTHER_ORIGIN, EVIL, "null", None])
async def test_a_token_is_of_no_use_on_other_pages(work, origin):
    peer = Peer(work.server)
    try:
        await peer.connect(origin)
    except Exception as error:
        assert origin != OTHER_ORIGIN and error.response.status_code == 403
        return
    answer = await peer.ask("hello", {"token": work.tokens["Ada"]})
    assert answer["d"]["code"] == "forbidden" and await peer.closed() == 4401


# The team

@pytest.mark.parametrize("role", ["agent", "supervisor", "admin"])
async def test_customers_frames_are_unknown_to_the_team(work, role):
    async with watched(work):
        member = work.member(role)
        await member.open(presence=None)
        for t, d in {**CUSTOMERS_IN, "conv.start": {},
                     "auth.refresh": {"token": work.tokens["Ada"]}}.items():
            if t not in TEAMS_IN:
                for c in (work.c, INVENTED["c"]):
                    assert await member.refused(t, filled(d, work.m), c) == "unknown_type", t
        await member.close()


@pytest.mark.parametrize("role", ["agent", "supervisor", "admin"])
async def test_a_conversation_that_does_not_exist_is_not_there_for_the_team(work, role):
    member = work.member(role)
    await member.open(presence=None)
    for t, d in TEAMS_IN.items():
        answer = await member.ask(t, filled(d, INVENTED["m"]), INVENTED["c"])
        # Nobody follows it: not to follow it any more needs no conversation.
        expected = "ack" if t == "unsub" else "not_found"
        assert answer["d"].get("code", answer["t"]) == expected, (t, answer)
    await member.close()


@pytest.mark.parametrize("role", ["supervisor", "admin"])
async def test_what_is_for_the_owner_is_refused_to_every_colleague(work, role):
    async with watched(work):
        member = work.member(role)
        await member.open(presence=None)
        for t, code in NOT_THE_OWNERS.items():
            assert await member.refused(t, TEAMS_IN[t], work.c) == code, t
        # A customer's upload is not theirs to send.
        assert await member.refused(
            "reply", {"cid": new_cid(), "text": "", "seen": 99, "uploads": [work.upload]},
            work.c) in ("unprocessable", "conflict", "forbidden")
        await member.close()


async def test_a_customers_conversation_stays_theirs(work):
    """After all of this, also in tests before: Ada goes on as if nothing had been."""
    customer = Customer(work.server, visitor=work.visitors["Ada"])
    await customer.open()
    assert [row["c"] for row in customer.frames[0]["d"]["conversations"]] == [work.c]
    await customer.close()
