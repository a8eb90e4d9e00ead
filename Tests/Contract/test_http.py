"""What is asked over HTTP: signing in, lists, search, problems, pages and their headers."""

import asyncio
import re

import pytest
from peers import Agent, Customer, new_cid, request
from peers.server import ORIGIN, PASSWORD


def problem(reply, status, code=None):
    assert reply.status == status, (reply.status, reply.body)
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert reply.json["status"] == status and reply.json["title"] and "type" in reply.json
    if code:
        assert reply.json["code"] == code, reply.json
    return reply.json


# Signing in

async def test_sign_in(shop):
    reply = await shop.post(
        "/v1/auth/login", {"email": "ann@example.com", "password": PASSWORD},
        {"origin": shop.base})
    assert reply.status == 200 and set(reply.json) == {"agent", "csrf"}
    assert reply.json["agent"]["id"].startswith("agt_") and reply.json["agent"]["role"] == "agent"
    cookie = reply.cookies[0]
    assert cookie.startswith("maitred_session=")
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict"} <= flags and "secure" not in flags
    headers = {"cookie": cookie.split(";")[0], "x-csrf-token": reply.json["csrf"]}
    session = await shop.get("/v1/auth/session", headers)
    assert session.json["csrf"] == reply.json["csrf"]
    assert (await shop.post("/v1/auth/logout", {}, headers)).status == 204
    problem(await shop.get("/v1/auth/session", headers), 401, "unauthenticated")
    problem(await shop.post("/v1/ws-tickets", {}, headers), 401, "unauthenticated")


@pytest.mark.parametrize("body", [
    {"email": "ann@example.com", "password": "wrong"},
    {"email": "nobody@example.com", "password": PASSWORD}])
async def test_a_wrong_password_and_an_unknown_address_look_alike(shop, body):
    reply = await shop.post("/v1/auth/login", body)
    assert problem(reply, 401)["detail"] == "This email address and password do not match"
    assert not reply.cookies


@pytest.mark.parametrize("body", [
    {}, {"email": "ann@example.com"}, {"email": "no address", "password": "x"},
    {"email": "ann@example.com", "password": 7}, {"email": "ann@example.com", "password": ""},
    [], b"{", b"", b"null"], ids=str)
async def test_sign_in_with_a_body_that_is_none(shop, body):
    problem(await shop.post("/v1/auth/login", body), 400, "invalid")


async def test_sign_in_from_a_foreign_page(shop):
    reply = await shop.post(
        "/v1/auth/login", {"email": "ann@example.com", "password": PASSWORD}, {"origin": ORIGIN})
    problem(reply, 403, "forbidden")


async def test_guessing_passwords_is_limited(shop):
    """Ten wrong guesses for an address; after them not even the right one is tried."""
    await asyncio.to_thread(
        shop.server.command, "agent", "add", "victim@example.com", "--name", "Victim",
        "--password-stdin", stdin=PASSWORD + "\n")
    statuses = [
        (await shop.post("/v1/auth/login", {"email": email, "password": f"guess {n}"})).status
        for n, email in enumerate(["victim@example.com", "VICTIM@example.com"] * 5)]
    assert statuses == [401] * 10
    reply = await shop.post(
        "/v1/auth/login", {"email": "victim@example.com", "password": PASSWORD})
    body = problem(reply, 429, "rate_limited")
    assert int(reply.headers["retry-after"]) > 0 and body["temporary"] is True
    # Nobody else is locked out.
    assert (await shop.post(
        "/v1/auth/login", {"email": "ann@example.com", "password": PASSWORD})).status == 200


async def test_what_changes_something_needs_the_csrf_token(shop):
    headers = dict(await Agent(shop.server).sign_in())
    good = headers.pop("x-csrf-token")
    for token in (None, "", "wrong", good[:-1], good + "x"):
        reply = await shop.post("/v1/ws-tickets", {}, {**headers, "x-csrf-token": token})
        problem(reply, 403, "forbidden")
    for origin in (ORIGIN, "null"):
        reply = await shop.post(
            "/v1/ws-tickets", {}, {**headers, "x-csrf-token": good, "origin": origin})
        problem(reply, 403, "forbidden")
    reply = await shop.post("/v1/ws-tickets", {}, {**headers, "x-csrf-token": good})
    assert reply.status == 201 and reply.json["expires_s"] == 30 and reply.json["ticket"]
    problem(await shop.post("/v1/auth/logout", {}, headers), 403, "forbidden")


@pytest.mark.parametrize("path", [
    "/v1/conversations", "/v1/conversations/cnv_01kajqz5m8e6tr4v9s2w7n0b3d",
    "/v1/conversations/cnv_01kajqz5m8e6tr4v9s2w7n0b3d/events",
    "/v1/conversations/cnv_01kajqz5m8e6tr4v9s2w7n0b3d/briefing", "/v1/search?q=x",
    "/v1/auth/session"])
async def test_the_teams_paths_need_a_signed_in_agent(shop, path):
    problem(await shop.get(path), 401, "unauthenticated")
    problem(await shop.get(path, {"cookie": "maitred_session=invented"}), 401, "unauthenticated")
    customer = await Customer(shop.server).session()
    bearer = {"authorization": f"Bearer {customer.json['token']}"}
    problem(await shop.get(path, bearer), 401, "unauthenticated")


# Problems

@pytest.mark.parametrize("method, path, status", [
    ("GET", "/v1/nothing", 404), ("GET", "/nothing", 404), ("DELETE", "/v1/auth/login", 405),
    ("GET", "/v1/auth/login", 405), ("GET", "/console/../../etc/passwd", 404),
    ("GET", "/console/..%2f..%2fetc/passwd", 404), ("GET", "/widget/v1/%2e%2e/%2e%2e/x", 404),
    pytest.param(
        "GET", "/console/%00", 404,
        marks=pytest.mark.xfail(strict=False, reason="libwebsockets ends the path at the NUL")),
    ("GET", "/widget/v1/frame", 404),
    ("GET", "/widget/v1/frame?site=site_x", 404), ("GET", "/v1/ws", 404)])
async def test_problems(shop, method, path, status):
    reply = await request(method, shop.base + path)
    if path == "/v1/ws":
        assert reply.status in (400, 404, 426)
        return
    if "\0" in path or "%" in path or ".." in path:
        assert reply.status in (400, 404)
        return
    problem(reply, status)
    if status == 405:
        assert reply.headers["allow"]


async def test_conversations_that_are_not_there(shop):
    ann = Agent(shop.server)
    for id in ("cnv_01kajqz5m8e6tr4v9s2w7n0b3d", "rubbish", "msg_01kajqz5m8e6tr4v9s2w7n0b3d"):
        for path in ("", "/events", "/briefing"):
            problem(await ann.fetch(f"/v1/conversations/{id}{path}"), 404, "not_found")


async def test_a_body_beyond_the_limit(shop):
    try:
        reply = await shop.post("/v1/widget/sessions", b"x" * (2 << 20))
    except ConnectionError:
        return
    assert reply.status == 413


async def test_cross_origin_answers(shop):
    for path in ("/v1/widget/config?site=" + shop.server.site["key"], "/v1/widget/conversations"):
        reply = await shop.get(path, {"origin": ORIGIN})
        assert reply.headers.get("access-control-allow-origin") == ORIGIN, path
        assert "access-control-allow-credentials" not in reply.headers
        reply = await shop.get(path, {"origin": "http://evil.example"})
        assert "access-control-allow-origin" not in reply.headers
    reply = await request("OPTIONS", shop.base + "/v1/widget/sessions", headers={
        "origin": ORIGIN, "access-control-request-method": "POST"})
    assert reply.status == 204 and reply.headers["access-control-allow-origin"] == ORIGIN


# Lists

async def test_the_list_in_pages_and_by_status(shop):
    async with shop.customer() as customer, shop.agent() as ann:
        made = [(await customer.say(f"number {n}"))["c"] for n in range(5)]
        await customer.do("end", c=made[0])
        rows, after, rounds = [], "", 0
        while rounds < 200:
            page = (await ann.fetch(f"/v1/conversations?limit=2{after}")).json
            assert len(page["conversations"]) <= 2
            rows += page["conversations"]
            rounds += 1
            if not page.get("next"):
                break
            after = f"&after={page['next']}"
        listed = [row["c"] for row in rows]
        assert len(listed) == len(set(listed)) and set(made) <= set(listed)
        resolved = (await ann.fetch("/v1/conversations?status=resolved&limit=200")).json
        ids = {row["c"] for row in resolved["conversations"]}
        assert made[0] in ids and not ids & set(made[1:])
        for query in ("limit=0", "limit=201", "limit=x", "status=happy", "owner=x", "after=x"):
            problem(await ann.fetch(f"/v1/conversations?{query}"), 400, "invalid")
        one = (await ann.fetch(f"/v1/conversations/{made[1]}")).json
        assert one["c"] == made[1] and one["briefing"]["summary"]
        assert one["contact"]["id"] == customer.contact


async def test_events_in_pages_are_the_sockets_frames(shop):
    async with shop.conversation() as (customer, ann, c):
        for number in range(7):
            await customer.say(f"line {number}", c)
        await customer.settled(), await ann.settled()
        for peer, path in ((customer, f"/v1/widget/conversations/{c}/events"),
                           (ann, f"/v1/conversations/{c}/events")):
            events, after = [], 0
            for _ in range(50):
                page = (await peer.fetch(f"{path}?after={after}&limit=3")).json
                assert len(page["events"]) <= 3
                events += page["events"]
                if not page["more"]:
                    break
                after = page["next"]
            assert events == peer.durable(c)
            for query in ("limit=0", "limit=501", "after=-1", "after=x"):
                problem(await peer.fetch(f"{path}?{query}"), 400, "invalid")


async def test_search(shop):
    word = "zebra" + new_cid()[:8].replace("-", "")
    async with shop.conversation() as (customer, ann, c):
        ack = await customer.say(f"The {word} has escaped <b>again</b>", c)
        await ann.do("note", {"cid": new_cid(), "text": f"note about the {word}"}, c)
        for _ in range(50):
            hits = (await ann.fetch(f"/v1/search?q={word}")).json["hits"]
            if len(hits) == 2:
                break
            await asyncio.sleep(0.1)
        assert {hit["c"] for hit in hits} == {c} and len(hits) == 2
        said = next(hit for hit in hits if hit["m"] == ack["d"]["m"])
        assert said["s"] == ack["d"]["s"] and word in said["snippet"].lower()
        assert set(said) >= {"c", "s", "m", "kind", "snippet", "at", "contact", "status"}
        # What looks like the search engine's own language is words.
        for q in ("%22", "AND", "NEAR(", "*", "a%22b", "-", "x:y", "%28%29", "%F0%9F%98%80"):
            assert (await ann.fetch(f"/v1/search?q={q}")).status == 200, q
        for q in ("", "q=", "q=" + "x" * 401, "q=a&limit=0"):
            problem(await ann.fetch(f"/v1/search?{q}"), 400, "invalid")


async def test_widget_conversations(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        listed = (await customer.fetch("/v1/widget/conversations")).json["conversations"]
        assert [one["c"] for one in listed] == [c] and listed[0]["s"] >= 2
    problem(await shop.get("/v1/widget/conversations"), 401, "unauthenticated")
    problem(await shop.get("/v1/widget/conversations", {"authorization": "Bearer x"}), 401)


# Pages

def policy(reply):
    """The content security policy by directive."""
    text = reply.headers["content-security-policy"]
    return {part.split()[0]: part.split()[1:] for part in text.split(";") if part.strip()}


def our_policy(reply):
    rules = policy(reply)
    assert "unsafe" not in str(rules) and "*" not in str(rules)
    assert rules["default-src"] == ["'none'"] and rules["script-src"][0] == "'self'"
    assert rules["base-uri"] in (["'none'"], ["'self'"]) and rules["form-action"] == ["'self'"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"]
    return rules


async def test_headers_of_pages(shop):
    console = await shop.get("/console/")
    assert console.status == 200 and console.headers["content-type"].startswith("text/html")
    assert our_policy(console)["frame-ancestors"] == ["'none'"]
    frame = await shop.get("/widget/v1/frame?site=" + shop.server.site["key"])
    assert frame.status == 200
    ancestors = our_policy(frame)["frame-ancestors"]
    assert ORIGIN in ancestors and "http://evil.example" not in ancestors
    assert "x-frame-options" not in frame.headers
    loader = await shop.get("/widget/v1/loader.js")
    assert loader.status == 200 and "javascript" in loader.headers["content-type"]
    for page in (console, frame):
        text = page.body.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), "an inline script"
        assert not re.search(r"\son\w+\s*=|\sstyle\s*=|<style", text), "inline code or style"
        assert "{{maitred" not in text


async def test_no_cookie_is_set_for_customers(shop):
    for path in ("/widget/v1/frame?site=" + shop.server.site["key"], "/widget/v1/loader.js"):
        assert not (await shop.get(path)).cookies
    assert not (await Customer(shop.server).session()).cookies


@pytest.mark.parametrize("path", ["/widget/v1/loader.js", "/console/"])
async def test_etags(shop, path):
    first = await shop.get(path)
    etag = first.headers["etag"]
    assert etag.startswith('"') or etag.startswith('W/"')
    for match in (etag, f'"other", {etag}', "*"):
        again = await shop.get(path, {"if-none-match": match})
        assert again.status == 304 and not again.body, match
        assert again.headers["etag"] == etag
    assert (await shop.get(path, {"if-none-match": '"other"'})).status == 200


async def test_answers_are_not_cached(shop):
    for reply in (await Agent(shop.server).fetch("/v1/conversations"), await shop.get("/readyz"),
                  await Customer(shop.server).session()):
        assert reply.headers["cache-control"] == "no-store"


async def test_the_root_leads_to_the_console(shop):
    reply = await shop.get("/")
    assert reply.status in (302, 307) and reply.headers["location"].endswith("/console/")
