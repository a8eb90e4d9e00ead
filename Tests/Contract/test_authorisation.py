"""Every route of the HTTP interface × everybody who may ask: each gets the documented status, and
what one may not see looks as what does not exist."""

import asyncio
import re
from dataclasses import dataclass

import pytest
from authorisation import EVIL, NOTHING, OTHER_ORIGIN, Workspace
from conftest import serve
from peers import ROOT, request
from peers.server import ORIGIN
from test_uploads import links

GATEWAY = ROOT / "Sources/Gateway"
# Routes whose path or method stands elsewhere: the line of the call, and what it adds.
INDIRECT = {
    ("Pages.swift", ".get, path"): ["GET /shared/*", "GET /widget/shared/*"],
    ("PluginEndpoints.swift", 'method, "/v1/hooks/:plugin/*"'): [
        "GET /v1/hooks/:plugin/*", "POST /v1/hooks/:plugin/*", "PUT /v1/hooks/:plugin/*"],
    ("CrossOrigin.swift", "method, path"): [],
    ("CrossOrigin.swift", ".options, path"): [
        "OPTIONS /v1/widget/sessions", "OPTIONS /v1/widget/sessions/end",
        "OPTIONS /v1/widget/config", "OPTIONS /v1/widget/conversations",
        "OPTIONS /v1/widget/conversations/:id/events", "OPTIONS /v1/uploads",
        "OPTIONS /v1/files/links"],
}
# Served by `maitred serve --demo` only.
DEMO = {"GET /demo", "GET /demo/identity", "GET /demo/*"}

OPEN = {}
# Who is refused and how; whoever is not named is let in.
STRANGERS = {"nobody": 401, "Ada": 401, "Bob": 401, "Cyd": 401, "key": 401}
TEAM_READS = STRANGERS
FROM_PAGES = {"no csrf": 403, "foreign page": 403}
TEAM_CHANGES = {**STRANGERS, **FROM_PAGES}
SUPERVISORS_READ = {**STRANGERS, "agent": 403}
ADMINS_CHANGE = {**TEAM_CHANGES, "agent": 403, "supervisor": 403}
MEMBERS = {"agent": 401, "supervisor": 401, "admin": 401, "no csrf": 401, "foreign page": 401}
CUSTOMERS = {**MEMBERS, "nobody": 401, "key": 401}
HERS = {**CUSTOMERS, "Bob": 404, "Cyd": 404}
KEYS = {**MEMBERS, "nobody": 401, "Ada": 401, "Bob": 401, "Cyd": 401}
BOTH = {"nobody": 401, "key": 401, **FROM_PAGES}
ROLES = ["nobody", "Ada", "Bob", "Cyd", "agent", "supervisor", "admin", "key", "no csrf",
         "foreign page"]


@dataclass
class Route:
    """A row: a request, who is refused how, and what everybody else gets."""
    # With C, PLUGIN, WEBHOOK, FILE in the places of ids; query included.
    path: str
    refused: dict
    granted: int | None
    body: object = None
    # Sent by those who are let in, in place of what exists: so that nothing is changed.
    harmless: bool = False


TABLE = {
    "GET /": Route("/", OPEN, 302),
    "GET /console": Route("/console", OPEN, 302),
    "GET /console/*": Route("/console/", OPEN, 200),
    "GET /shared/*": Route("/shared/protocol.js", OPEN, 200),
    "GET /widget/shared/*": Route("/widget/shared/protocol.js", OPEN, 200),
    "GET /widget/v1/frame": Route("/widget/v1/frame?site=SITE", OPEN, 200),
    "GET /widget/v1/*": Route("/widget/v1/loader.js", OPEN, 200),
    "GET /healthz": Route("/healthz", OPEN, 200),
    "GET /readyz": Route("/readyz", OPEN, 200),
    "GET /version": Route("/version", OPEN, 200),
    "GET /metrics": Route("/metrics", OPEN, 200),
    # Signing in
    "POST /v1/auth/login": Route(
        "/v1/auth/login", dict.fromkeys(["foreign page", "Ada", "Bob", "Cyd"], 403), 401,
        {"email": "invented@example.com", "password": "x"}),
    "GET /v1/auth/session": Route("/v1/auth/session", TEAM_READS, 200),
    "POST /v1/auth/logout": Route("/v1/auth/logout", TEAM_CHANGES, None, {}),
    "POST /v1/ws-tickets": Route("/v1/ws-tickets", TEAM_CHANGES, 201, {}),
    # The widget
    "POST /v1/widget/sessions": Route(
        "/v1/widget/sessions", dict.fromkeys(["foreign page", "nobody", "key", "Cyd"], 403), None,
        {"site": "SITE"}),
    "POST /v1/widget/sessions/end": Route("/v1/widget/sessions/end", CUSTOMERS, None, {}),
    "GET /v1/widget/config": Route("/v1/widget/config?site=SITE", OPEN, 200),
    "GET /v1/widget/conversations": Route("/v1/widget/conversations", CUSTOMERS, 200),
    "GET /v1/widget/conversations/:id/events": Route(
        "/v1/widget/conversations/C/events", HERS, 200),
    # Conversations
    "GET /v1/conversations": Route("/v1/conversations", TEAM_READS, 200),
    "GET /v1/conversations/:id": Route("/v1/conversations/C", TEAM_READS, 200),
    "GET /v1/conversations/:id/briefing": Route(
        "/v1/conversations/C/briefing", TEAM_READS, 200),
    "GET /v1/conversations/:id/events": Route("/v1/conversations/C/events", TEAM_READS, 200),
    "GET /v1/search": Route("/v1/search?q=person", TEAM_READS, 200),
    "GET /v1/conversations/:id/panels": Route("/v1/conversations/C/panels", TEAM_READS, 200),
    "POST /v1/conversations/:id/draft": Route(
        "/v1/conversations/C/draft", TEAM_CHANGES, 503, {}),
    "POST /v1/conversations/:id/summary": Route(
        "/v1/conversations/C/summary", TEAM_CHANGES, 503, {}),
    "POST /v1/conversations/:id/translate": Route(
        "/v1/conversations/C/translate", TEAM_CHANGES, 503, {"text": "hi", "to": "de"}),
    "GET /v1/assist": Route("/v1/assist", TEAM_READS, 200),
    "GET /v1/actions": Route("/v1/actions", TEAM_READS, 200),
    "POST /v1/actions/:name": Route(
        "/v1/actions/invented.action", TEAM_CHANGES, 400, {"conversation": "C", "input": {}}),
    # Files
    "GET /v1/uploads": Route("/v1/uploads", OPEN, 200),
    "POST /v1/uploads": Route("/v1/uploads?name=a.txt", BOTH, 201, b"words"),
    "POST /v1/files/links": Route("/v1/files/links", BOTH, 200, {"ids": ["FILE"]}),
    "GET /v1/files/:id": Route("/v1/files/FILE", dict.fromkeys(ROLES, 403), None),
    # Triage as a service
    "POST /v1/triage": Route("/v1/triage", KEYS, 200, {"text": "hello"}),
    "POST /v1/triage/outcomes": Route("/v1/triage/outcomes", KEYS, 400, {}),
    "GET /v1/triage/schema": Route("/v1/triage/schema", OPEN, 200),
    # Plugins
    "GET /v1/plugins": Route("/v1/plugins", SUPERVISORS_READ, 200),
    "GET /v1/plugins/:id": Route("/v1/plugins/PLUGIN", SUPERVISORS_READ, 200),
    "GET /v1/plugins/:id/logs": Route("/v1/plugins/PLUGIN/logs", SUPERVISORS_READ, 200),
    **{f"{method} /v1/plugins/:id/{name}": Route(
        f"/v1/plugins/PLUGIN/{name}", ADMINS_CHANGE, 404, body, harmless=True)
       for method, name, body in [
           ("PUT", "config", {"config": {}}), ("PUT", "policies", {"policies": {}}),
           ("POST", "enable", {}), ("POST", "disable", {}), ("POST", "restart", {}),
           ("POST", "rollback", {}), ("POST", "version", {"version": "1"})]},
    "POST /v1/plugins/:id/health": Route(
        "/v1/plugins/PLUGIN/health", ADMINS_CHANGE, 200, {}, harmless=True),
    "POST /v1/plugins/:id/oauth/:name": Route(
        "/v1/plugins/PLUGIN/oauth/x", ADMINS_CHANGE, 404, {}, harmless=True),
    # Good for whoever comes back from there with a state that was made here.
    "GET /v1/oauth/callback": Route("/v1/oauth/callback?state=x&code=y", OPEN, 400),
    # Each plugin judges who writes to it.
    **{f"{method} /v1/hooks/:plugin/*": Route("/v1/hooks/invented/x", OPEN, 404, body)
       for method, body in [("GET", None), ("POST", {}), ("PUT", {})]},
    # Webhooks
    "GET /v1/webhooks": Route("/v1/webhooks", SUPERVISORS_READ, 200),
    "POST /v1/webhooks": Route("/v1/webhooks", ADMINS_CHANGE, 422, {}),
    "GET /v1/webhooks/:id/deliveries": Route(
        "/v1/webhooks/WEBHOOK/deliveries", SUPERVISORS_READ, 200),
    **{f"{method} /v1/webhooks/:id{rest}": Route(
        f"/v1/webhooks/WEBHOOK{rest.replace(':delivery', '1')}", ADMINS_CHANGE, 404, body,
        harmless=True)
       for method, rest, body in [
           ("PATCH", "", {}), ("DELETE", "", None), ("POST", "/rotate", {}), ("POST", "/test", {}),
           ("POST", "/deliveries/:delivery/replay", {}),
           ("POST", "/replay", {"since": "2026-11-21T09:30:00Z"})]},
    # Browsers that ask before they ask
    **{route: Route(route.split(" ")[1].replace(":id", "C"), OPEN, 204)
       for route in INDIRECT[("CrossOrigin.swift", ".options, path")]},
}


def routes():
    """What the sources add to the router; fails on a call that cannot be read."""
    for path in GATEWAY.rglob("*.swift"):
        text = path.read_text()
        for call in re.findall(r"\b(?:router|open)\.on\(\s*([^){]*)", text):
            literal = re.match(r'\.(\w+),\s*"([^"]+)"', call)
            if literal:
                yield f"{literal[1].upper()} {literal[2]}"
                continue
            [added] = [added for (name, start), added in INDIRECT.items()
                       if path.name == name and call.startswith(start)]
            yield from added
        for listed in re.findall(r"for path in \[([^\]]*)\]\s*\{\s*open\.preflight", text):
            for name in re.findall(r'"([^"]+)"', listed):
                yield f"OPTIONS {name}"


def test_every_route_is_in_the_table():
    assert set(routes()) == set(TABLE) | DEMO


@pytest.fixture(scope="module")
def work():
    work = Workspace(serve())
    try:
        asyncio.run(work.fill())
        yield work
    finally:
        work.server.close()


def credentials(work, role):
    admin = work.signed_in["admin"]
    if role in work.tokens:
        origin = OTHER_ORIGIN if role == "Cyd" else ORIGIN
        return {"authorization": f"Bearer {work.tokens[role]}", "origin": origin}
    return {"nobody": {}, "key": {"authorization": f"Bearer {work.key}"},
            "no csrf": {**admin, "x-csrf-token": None},
            "foreign page": {**admin, "origin": EVIL}, **work.signed_in}[role]


async def ask(work, name, role, *, invented=False):
    """A row's request as somebody; with ids of nothing if they are to be invented."""
    route = TABLE[name]
    nothing = {"C": f"cnv_{NOTHING}", "PLUGIN": "invented", "WEBHOOK": f"whk_{NOTHING}",
               "FILE": f"fil_{NOTHING}"}
    ids = {"C": work.c, "PLUGIN": "maitred.crm-csv", "WEBHOOK": work.webhook, "FILE": work.file}
    ids = {**(nothing if invented else ids), "SITE": work.server.site["key"]}

    def named(value):
        if isinstance(value, str):
            return re.sub(r"\b(C|PLUGIN|WEBHOOK|FILE|SITE)\b", lambda found: ids[found[0]], value)
        if isinstance(value, dict):
            return {key: named(one) for key, one in value.items()}
        return [named(one) for one in value] if isinstance(value, list) else value

    return await request(
        name.split(" ")[0], work.server.base + named(route.path), named(route.body),
        credentials(work, role))


def essence(reply):
    kept = {name: value for name, value in reply.headers.items() if name != "date"}
    return reply.status, kept, reply.body


@pytest.mark.parametrize("name", TABLE)
async def test_each_route_lets_in_whom_it_is_for_and_refuses_all_others_alike(work, name):
    route = TABLE[name]
    for role in ROLES:
        if role in route.refused:
            reply = await ask(work, name, role)
            assert reply.status == route.refused[role], (role, reply.status, reply.body)
            assert reply.json["code"] and reply.json["status"] == reply.status
            # What exists and what does not are refused alike.
            other = await ask(work, name, role, invented=True)
            assert essence(reply) == essence(other), role
            assert reply.headers.get("access-control-allow-origin") != EVIL
            assert not reply.cookies
        elif route.granted is not None:
            reply = await ask(work, name, role, invented=route.harmless)
            assert reply.status == route.granted, (role, reply.status, reply.body)


@pytest.mark.parametrize("name", [
    name for name in TABLE if not name.startswith("OPTIONS") and "/v1/" in name
    and not name.endswith("*") and "frame" not in name and "loader" not in name])
async def test_a_foreign_page_may_read_no_answer(work, name):
    reply = await ask(work, name, "foreign page", invented=TABLE[name].harmless)
    assert "access-control-allow-origin" not in reply.headers
    assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize("headers", [
    {"cookie": "maitred_session="}, {"cookie": "maitred_session=" + "x" * 500},
    {"authorization": "Bearer"}, {"authorization": "Bearer "}, {"authorization": "Basic eDp4"},
    {"authorization": "Bearer mtd_invented"}, {"authorization": "Bearer v1.x.y"}], ids=str)
async def test_credentials_that_are_none_open_nothing(work, headers):
    for name, route in TABLE.items():
        if route.refused.get("nobody") == 401:
            reply = await request(
                name.split(" ")[0], work.server.base + route.path.replace("C/", work.c + "/"),
                route.body, headers)
            assert reply.status == 401, (name, reply.status)


async def test_a_list_of_ones_own_holds_nothing_of_others(work):
    for name in ("Ada", "Bob", "Cyd"):
        reply = await ask(work, "GET /v1/widget/conversations", name)
        assert [row["c"] for row in reply.json["conversations"]] == [work.own[name]]


async def test_a_link_to_somebody_elses_file_is_given_to_nobody(work):
    for name in ("Bob", "Cyd"):
        reply = await ask(work, "POST /v1/files/links", name)
        assert reply.json["links"] == {}
    link = (await links(work.member("agent"), work.file))[work.file]
    assert (await request("GET", work.server.base + link)).body == b"hers"


async def test_the_end_of_ones_session_takes_nobody_elses_with_it(work):
    for name in ("Bob", "Cyd"):
        customer = work.customer(name)
        token = (await customer.session()).json["token"]
        reply = await request(
            "POST", work.server.base + "/v1/widget/sessions/end",
            {"visitor": work.visitors["Ada"]}, {"authorization": f"Bearer {token}"})
        assert reply.status == 204
    ada = await work.customer("Ada").session()
    assert ada.json["visitor"] == work.visitors["Ada"]
    assert (await ask(work, "GET /v1/widget/conversations", "Ada")).status == 200


TRAVERSALS = [
    "/console/../../../../etc/passwd", "/console/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/shared/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/widget/v1/....//....//etc/passwd",
    "/widget/v1/..%5c..%5cetc%5cpasswd", "/widget/v1/..%252f..%252fetc/passwd",
    "/console//etc/passwd", "/console/%2fetc/passwd", "/shared/..%c0%af..%c0%afetc/passwd",
    "/widget/shared/..%00/etc/passwd", "/widget/v1/..;/..;/etc/passwd", "/console/./../tests",
    "/shared/../tests/models.test.js", "/shared/../README.md", "/widget/v1/../../Package.swift"]


@pytest.mark.parametrize("path", TRAVERSALS)
async def test_no_path_leads_out_of_what_is_served(work, path):
    reply = await request("GET", work.server.base + path)
    assert reply.status in (400, 404), (reply.status, reply.body[:80])


REFUSALS = {
    "a wrong password": ("POST", "/v1/auth/login", {"email": "x@example.com", "password": "x"}, {}),
    "a foreign page": ("POST", "/v1/ws-tickets", {}, "foreign page"),
    "no csrf": ("POST", "/v1/ws-tickets", {}, "no csrf"),
    "a customer's token that is none": (
        "GET", "/v1/widget/conversations", None, {"authorization": "Bearer v1.SECRET.y"}),
    "a key that is none": ("POST", "/v1/triage", {}, {"authorization": "Bearer mtd_SECRET"}),
    "a page that may not embed": (
        "POST", "/v1/widget/sessions", {"site": "SITE"}, {"origin": EVIL}),
    "an identity that is forged": (
        "POST", "/v1/widget/sessions", {"site": "SITE", "identity": "a.SECRET.c"},
        {"origin": ORIGIN}),
    "a link that is forged": ("GET", "/v1/files/FILE?e=9999999999&k=SECRET", None, {}),
    "a role too low": ("POST", "/v1/webhooks", {}, "agent"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_refusal_is_logged_once_with_the_address_and_without_the_secret(work, name):
    method, path, body, headers = REFUSALS[name]
    headers = credentials(work, headers) if isinstance(headers, str) else headers
    if body and "site" in body:
        body = {**body, "site": work.server.site["key"]}
    before = len(work.server.log())
    reply = await request(
        method, work.server.base + path.replace("FILE", work.file), body, headers)
    assert reply.status in (401, 403)
    lines = work.server.log()[before:].splitlines()
    assert len(lines) == 1 and "127.0.0.1" in lines[0]
    assert "SECRET" not in lines[0]
