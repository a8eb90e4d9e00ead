"""Every route that takes something × what nobody should send: a problem comes back, every time."""

import re
import subprocess

import pytest
from authorisation import NOTHING
from peers import Customer, identity, new_cid, request
from peers.server import ORIGIN
from raw_http import RawConnection
from test_authorisation import TABLE, credentials, work  # noqa: F401 (fixture)

# Would end the session that the other rows are asked in.
ENDS = {"POST /v1/auth/logout", "POST /v1/widget/sessions/end"}
# Whatever a plugin's service sends: the plugin judges it.
HOOKS = {"POST /v1/hooks/:plugin/*", "PUT /v1/hooks/:plugin/*"}
READS_NO_BODY = {"POST /v1/ws-tickets", "POST /v1/plugins/:id/health"}
TAKES_JSON = [name for name, route in TABLE.items() if isinstance(route.body, dict)
              and not name.startswith("OPTIONS") and name not in ENDS | HOOKS]
DEPTH = 33
BODIES = {
    "nothing": b"",
    "no JSON": b"nonsense",
    "half of it": b'{"text":"x',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "something behind it": b'{"text":"x"}{',
    "a name of another kind": b'{"stream":7,"text":7,"id":7,"site":7}',
    "not UTF-8": b'{"text":"\xff\xfe","site":"\xff"}',
    "an overlong form of UTF-8": b'{"text":"\xc0\xaf"}',
    "UTF-16": '{"text":"x"}'.encode("utf-16"),
    "half a pair of surrogates": b'{"text":"\\ud800"}',
    "one level too deep": b'{"a":' + b"[" * DEPTH + b"]" * DEPTH + b"}",
    "very deep": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "brackets that never close": b"[" * 100_000,
    "a number without an end": b'{"text":' + b"9" * 100_000 + b"}",
    "a name without an end": b'{"' + b"x" * 500_000 + b'":1}',
    "a million values": b'{"a":[' + b"1," * 400_000 + b"1]}",
    "more than a megabyte": b'{"text":"' + b"x" * (1 << 20) + b'"}',
}
# Say nothing that could be wrong, or make do without.
MAY_BE_GRANTED = {"nothing", "null", "a number", "a list", "something behind it"}


def allowed(name):
    """The first who may, from the least."""
    return next(role for role in ("nobody", "key", "agent", "Ada", "supervisor", "admin")
                if role not in TABLE[name].refused)


@pytest.mark.parametrize("name", TAKES_JSON)
async def test_a_body_that_is_none_is_refused_by_every_route(work, name):  # noqa: F811
    route, role = TABLE[name], allowed(name)
    method, path = name.split(" ")[0], route.path
    for placeholder, value in (("C/", f"{work.c}/"), ("PLUGIN", "invented"),
                               ("WEBHOOK", f"whk_{NOTHING}"), ("SITE", work.server.site["key"])):
        path = path.replace(placeholder, value)
    for what, body in BODIES.items():
        try:
            reply = await request(
                method, work.server.base + path, body, credentials(work, role))
        except (ConnectionError, EOFError):
            # It hangs up on what is too long for it.
            assert len(body) > 1 << 20, what
            continue
        assert 400 <= reply.status < 500 or reply.status == 503 or (
            what in MAY_BE_GRANTED or name in READS_NO_BODY), (what, reply.status, reply.body)
        if reply.status >= 400:
            assert reply.headers["content-type"] == "application/problem+json", what
            assert reply.json["code"] and reply.json["status"] == reply.status, what
    assert (await request("GET", work.server.base + "/healthz")).status == 200


# Names in paths, and in queries that stand for names.
UPWARDS = [
    "..", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cetc%5cpasswd", "..%252f..%252fetc%252fpasswd", "%2fetc%2fpasswd",
    "..%c0%af..%c0%afetc%c0%afpasswd", "....%2f%2fetc", "..;%2f..;%2fetc",
    "%2fproc%2fself%2fenviron", "maitred.sqlite", "..%2fmaitred.sqlite", "x%00.js", "~root",
    "file:%2f%2f%2fetc%2fpasswd", "C:%5cwindows", "a" * 4000]
TAKES_NAMES = [
    "/console/NAME", "/shared/NAME", "/widget/v1/NAME", "/widget/shared/NAME", "/NAME",
    "/v1/files/NAME", "/v1/files/NAME?e=9999999999&k=x&inline=1", "/v1/hooks/NAME/x",
    "/v1/hooks/maitred.crm-csv/NAME", "/v1/hooks/NAME", "/v1/plugins/NAME",
    "/v1/plugins/NAME/logs", "/v1/plugins/maitred.crm-csv/NAME", "/v1/conversations/NAME",
    "/v1/conversations/NAME/events", "/v1/conversations/NAME/panels",
    "/v1/webhooks/NAME/deliveries", "/v1/widget/conversations/NAME/events",
    "/widget/v1/frame?site=NAME",
    "/v1/widget/config?site=NAME", "/v1/oauth/callback?state=NAME&code=NAME", "/v1/actions/NAME"]
# Of the machine and of the data folder.
INSIDES = re.compile(rb"root:.:0:|SQLite format 3|PATH=|BEGIN [A-Z ]*PRIVATE KEY|password_hash")


@pytest.mark.parametrize("path", TAKES_NAMES)
async def test_no_name_leads_out_of_what_is_served(work, path):  # noqa: F811
    for name in UPWARDS:
        connection = await RawConnection.to(work.server)
        head = f"GET {path.replace('NAME', name)} HTTP/1.1\r\nHost: t\r\n"
        head += "".join(f"{key}: {value}\r\n" for key, value in work.signed_in["admin"].items())
        await connection.send(head.encode() + b"Connection: close\r\n\r\n")
        heard = await connection.hear(10)
        connection.drop()
        assert heard.end != "open", name
        for answer in heard.answers:
            assert answer.status in (200, 302, 400, 401, 403, 404, 405, 414, 431), name
            assert not INSIDES.search(answer.body), name
            # What is found is a list that a name does not change, or a page of ours.
            assert answer.status != 200 or path.endswith("/NAME") and name in ("..", "%2e%2e"), (
                name, answer.body[:80])


@pytest.mark.parametrize("name", ["../../x.txt", "/etc/passwd", "..\\..\\x.txt", "x\0.txt", "."])
async def test_a_files_name_never_becomes_a_path(work, name):  # noqa: F811
    customer = work.customer("Ada")
    await customer.open()
    query = "".join(f"%{one:02x}" for one in name.encode())
    try:
        reply = await request("POST", f"{work.server.base}/v1/uploads?name={query}", b"words",
                              {"authorization": f"Bearer {customer.token}"})
        if reply.status == 201:
            assert not set(reply.json["name"]) & set("/\\\0") and reply.json["name"].strip(".")
    except EOFError:
        # It hangs up on a NUL.
        assert "\0" in name
    await customer.close()
    kept = {path.name for path in (work.server.folder / "files").iterdir()}
    assert all(re.fullmatch(r"[a-z]+_[0-9a-z]{26}(\.\w+)?|[0-9a-z.]+", one) for one in kept), kept
    assert not list(work.server.folder.parent.glob("x.txt"))


# Tokens

def forged(token):
    """A token as somebody would change it who wants to be somebody else."""
    parts = token.split(".")
    other = "A" if token[-2] != "A" else "B"
    yield token[:-2] + other + token[-1]
    yield token[:-1]
    yield token + "A"
    yield ".".join(parts[:-1])
    yield ".".join([*parts[:-1], ""])
    yield ".".join(["v0", *parts[1:]])
    middle = parts[1]
    yield ".".join([parts[0], ("B" if middle[0] != "B" else "C") + middle[1:], *parts[2:]])
    yield token.swapcase()


async def test_a_changed_token_opens_nothing(work):  # noqa: F811
    token = work.tokens["Ada"]
    for one in forged(token):
        reply = await request("GET", work.server.base + "/v1/widget/conversations", headers={
            "authorization": f"Bearer {one}", "origin": ORIGIN})
        assert reply.status == 401, one


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
async def test_a_public_key_is_no_secret(work, tmp_path, algorithm):  # noqa: F811
    """What is signed with HS256 and the public key is not believed, whatever it is called."""
    options = {"RS256": ["-algorithm", "RSA"], "ES256": [
        "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}[algorithm]
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    subprocess.run(["openssl", "genpkey", *options, "-out", private], check=True,
                   capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    site = work.server.add_site(algorithm, f"http://{algorithm.lower()}.example")
    work.server.command("site", "key", "remove", site["key"])
    work.server.command("site", "key", "add", site["key"], "--algorithm", algorithm,
                        "--kid", "k", "--file", public)
    for secret in (public.read_text(), public.read_text().strip(), "x" * 40):
        for header in ({"kid": "k"}, {"kid": "k", "alg": algorithm}, {"kid": "k", "alg": "none"},
                       {}, {"kid": "k", "jwk": {"kty": "oct", "k": "eHh4"}},
                       {"kid": "../../dev/null"}, {"kid": "k", "jku": "https://example.com/keys"}):
            token = identity(site, new_cid(), secret=secret, header=header)
            reply = await Customer(
                work.server, identity=token, site=site,
                origin=f"http://{algorithm.lower()}.example").session()
            assert reply.status == 401, (header, reply.body)
