"""Who a session belongs to: visitor tokens and signed identities."""

import asyncio
import time

import pytest
from peers import Customer, identity, new_cid

STRICT = "http://strict.example"


async def opened(shop, **options):
    """The answer to a session that must be opened."""
    reply = await Customer(shop.server, **options).session()
    assert reply.status == 201, (reply.status, reply.body)
    return reply.json


@pytest.fixture(scope="module")
def strict(shop):
    return shop.server.add_site("Strict", STRICT, "--require-identity")


async def test_an_identity_opens_a_session(shop):
    sub = new_cid()
    token = identity(shop.server.site, sub, name="Ada", email="ada@example.com")
    first = await opened(shop, identity=token)
    assert first["contact"]["name"] == "Ada"
    again = await opened(shop, identity=identity(shop.server.site, sub))
    assert again["contact"]["id"] == first["contact"]["id"]
    async with shop.customer(identity=token) as customer, shop.agent() as ann:
        assert customer.welcome["d"]["contact"] == first["contact"]
        c = (await customer.say("hello"))["c"]
        row = await ann.of_type("inbox.delta", c)
        assert row["d"]["contact"]["name"] == "Ada"
        assert row["d"]["contact"]["email"] == "ada@example.com"


def refused_identities(site):
    now = int(time.time())
    good = identity(site, "ada")
    head, body, signature = good.split(".")
    return {
        "another secret": identity(site, "ada", secret="x" * 40),
        "another audience": identity(site, "ada", aud="site_01kajqz5m8e6tr4v9s2w7n0b3d"),
        "no audience": identity(site, "ada", aud=None),
        "expired": identity(site, "ada", exp=now - 120),
        "no expiry": identity(site, "ada", exp=None),
        "valid for longer than a day": identity(site, "ada", exp=now + 25 * 3600),
        "alg none": identity(site, "ada", algorithm="none"),
        "alg none with a signature": identity(site, "ada", header={"alg": "none"}),
        "another algorithm": identity(site, "ada", algorithm="HS512"),
        "no subject": identity(site, None),
        "an empty subject": identity(site, ""),
        "a subject that is a number": identity(site, 7),
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "a changed body": f"{head}.{identity(site, 'eve').split('.')[1]}.{signature}",
        "rubbish": "rubbish",
        "not before tomorrow": identity(site, "ada", nbf=now + 86_000),
    }


@pytest.mark.parametrize("what", refused_identities({"key": "k", "identity_secret": "s"}))
async def test_refused_identities(shop, what):
    token = refused_identities(shop.server.site)[what]
    reply = await Customer(shop.server, identity=token).session()
    assert reply.status == 401, (what, reply.status, reply.body)
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["code"] == "unauthenticated"
    assert shop.server.site["identity_secret"] not in reply.body.decode()
    # An invalid identity never falls back to the visitor token.
    visitor = (await opened(shop))["visitor"]
    assert (await Customer(shop.server, visitor, token).session()).status == 401


async def test_an_identity_of_another_site(shop, strict):
    reply = await Customer(shop.server, identity=identity(strict, "ada")).session()
    assert reply.status == 401


async def test_a_site_that_requires_identity(shop, strict):
    refused = await Customer(shop.server, site=strict, origin=STRICT).session()
    assert (refused.status, refused.json["code"]) == (401, "unauthenticated")
    token = identity(strict, "ada")
    async with shop.customer(site=strict, origin=STRICT, identity=token) as customer:
        await customer.say("hello")
        # The visitor token it got is no way in without an identity.
        refused = await Customer(
            shop.server, customer.visitor, site=strict, origin=STRICT).session()
        assert refused.status == 401


async def test_the_first_identity_takes_the_anonymous_conversations_over(shop):
    sub = new_cid()
    async with shop.customer() as anonymous:
        c = (await anonymous.say("before signing in"))["c"]
        await anonymous.settled()
        old = anonymous.visitor
        token = identity(shop.server.site, sub, name="Ada")
        async with shop.customer(visitor=old, identity=token) as ada:
            assert ada.contact != anonymous.contact and ada.visitor != old
            assert c in [one["c"] for one in ada.welcome["d"]["conversations"]]
            await ada.message_of("customer", c)
            await ada.say("signed in now", c)
            assert "before signing in" in str(await ada.history(c))

            # The revoked token names nobody any more: its holder starts afresh.
            stranger = await opened(shop, visitor=old)
            assert stranger["contact"]["id"] not in (ada.contact, anonymous.contact)
            # The new one is useless without an identity …
            stranger = await opened(shop, visitor=ada.visitor)
            assert stranger["contact"]["id"] != ada.contact
            # … and with it stays what it is.
            again = await opened(shop, visitor=ada.visitor, identity=token)
            assert again["contact"]["id"] == ada.contact and again["visitor"] == ada.visitor

            # The connection from before hears and says nothing more in it.
            mark = len(anonymous.frames)
            await ada.say("not for the old session", c)
            await anonymous.settled()
            assert not [frame for frame in anonymous.frames[mark:] if frame.get("c") == c
                        and "s" in frame]
            assert await anonymous.refused(
                "msg.send", {"cid": new_cid(), "text": "still me?"}, c) == "not_found"
            reply = await anonymous.fetch(f"/v1/widget/conversations/{c}/events")
            assert reply.status == 404


async def test_a_planted_token_opens_nobodys_history(shop):
    """Bound to Ada, used with Eve's identity: Eve starts afresh, Ada keeps hers."""
    site = shop.server.site
    ada_token, eve_token = identity(site, new_cid()), identity(site, new_cid())
    async with shop.customer(identity=ada_token) as ada:
        c = (await ada.say("ada's secret"))["c"]
        async with shop.customer(visitor=ada.visitor, identity=eve_token) as eve:
            assert eve.contact != ada.contact and eve.visitor != ada.visitor
            assert eve.welcome["d"]["conversations"] == []
            assert (await eve.fetch(f"/v1/widget/conversations/{c}/events")).status == 404
        again = await opened(shop, visitor=ada.visitor, identity=ada_token)
        assert again["contact"]["id"] == ada.contact


async def test_two_claims_at_once_move_the_conversations_once(shop):
    token = identity(shop.server.site, new_cid())
    async with shop.customer() as anonymous:
        c = (await anonymous.say("mine"))["c"]
        replies = await asyncio.gather(*[
            Customer(shop.server, anonymous.visitor, token).session() for _ in range(6)])
        assert {reply.status for reply in replies} == {201}
        assert len({reply.json["contact"]["id"] for reply in replies}) == 1
        async with shop.customer(identity=token) as ada:
            assert [one["c"] for one in ada.welcome["d"]["conversations"]] == [c]


async def test_a_visitor_token_is_for_one_site(shop):
    second = await asyncio.to_thread(shop.server.add_site, "Second", "http://second.example")
    first = await opened(shop)
    other = await opened(
        shop, visitor=first["visitor"], site=second, origin="http://second.example")
    assert other["contact"]["id"] != first["contact"]["id"]
    assert other["visitor"] != first["visitor"]


async def end(shop, session, visitor=None):
    return await shop.post(
        "/v1/widget/sessions/end", {} if visitor is None else {"visitor": visitor},
        {"authorization": f"Bearer {session['token']}"})


async def test_a_session_that_was_ended_is_of_no_use_to_anybody(shop):
    async with shop.customer() as phone:
        c = (await phone.say("hello"))["c"]
        session = {"token": phone.token, "contact": {"id": phone.contact}}
        visitor = phone.visitor
        stranger = await opened(shop)
        assert (await end(shop, session, visitor)).status == 204
        assert await phone.closed() == 4401
        # Neither the token nor the visitor's token opens the conversation any more.
        headers = {"authorization": f"Bearer {session['token']}"}
        reply = await shop.get(f"/v1/widget/conversations/{c}/events", headers)
        assert (reply.status, reply.json["code"]) == (401, "unauthenticated")
        assert (await end(shop, session)).status == 401
        again = await opened(shop, visitor=visitor)
        assert again["contact"]["id"] != session["contact"]["id"]
        # Somebody else's stays: their visitor token is not this session's to end.
        other = await opened(shop)
        assert (await end(shop, other, stranger["visitor"])).status == 204
        assert (await opened(shop, visitor=stranger["visitor"]))["contact"] == stranger["contact"]


async def test_a_visitors_token_is_enough_to_end_what_it_opens(shop):
    """As from a browser that had no network while the session's own token was good."""
    async with shop.customer() as phone:
        c = (await phone.say("hello"))["c"]
        stranger = await opened(shop)
        for _ in range(2):
            reply = await shop.post("/v1/widget/sessions/end", {"visitor": phone.visitor})
            assert reply.status == 204
        again = await opened(shop, visitor=phone.visitor)
        assert again["contact"]["id"] != phone.contact
        headers = {"authorization": f"Bearer {again['token']}"}
        reply = await shop.get(f"/v1/widget/conversations/{c}/events", headers)
        assert reply.status == 404
        kept = await opened(shop, visitor=stranger["visitor"])
        assert kept["contact"] == stranger["contact"]
        # Nothing that names a session ends none.
        for body in ({}, {"visitor": None}):
            assert (await shop.post("/v1/widget/sessions/end", body)).status == 401


async def test_an_ended_session_stays_ended_after_a_restart(shop):
    session = await opened(shop)
    assert (await end(shop, session, session["visitor"])).status == 204
    shop.server.kill()
    shop.server.start()
    headers = {"authorization": f"Bearer {session['token']}"}
    assert (await shop.get("/v1/widget/conversations", headers)).status == 401
