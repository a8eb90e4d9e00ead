"""Signing in at another server for a plugin: the host runs the dance and keeps the tokens."""

import asyncio
import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import c_plugins
import pytest
from administration import Administrator
from peers import Server, new_cid, request
from plugin_bench import PlayedAPI, Reply

PLUGIN = "test.connected"
CODE = r"""
static void answered(void *context, int32_t status, maitred_slice out) {
    host->complete(host, context, status, out);
}
INVOKE {
    const maitred_service_1 *http = host->get_service(host, MAITRED_HTTP_SERVICE);
    http->ask(host, http, call, "send", slice("{\"method\":\"GET\",\"url\":\"BASE/me\","
        "\"headers\":{\"Authorization\":\"Bearer {{oauth:account}}\"}}"), answered, call);
}
"""


class Accounts(PlayedAPI):
    """An authorization server, and what it guards: a token is good for a few questions only."""

    def __init__(self, secret="hush"):
        super().__init__()
        self.secret = secret
        self.codes, self.refresh, self.good = {}, None, set()

    def allow(self, query):
        """What happens when somebody signs in and says yes."""
        code = new_cid()
        self.codes[code] = query
        return code

    def _tokens(self, seconds):
        access, self.refresh = f"access-{new_cid()}", f"refresh-{new_cid()}"
        self.good = {access}
        return Reply(200, {"access_token": access, "refresh_token": self.refresh,
                           "token_type": "bearer", "expires_in": seconds})

    def answer(self, sent):
        if sent.path == "/token":
            form = sent.form
            if (form["client_id"], form["client_secret"]) != ("shop", self.secret):
                return Reply(401, {"error": "invalid_client"})
            if form["grant_type"] == "refresh_token" and form["refresh_token"] == self.refresh:
                return self._tokens(3600)
            asked = self.codes.pop(form.get("code"), None)
            if not asked or form["redirect_uri"] != asked["redirect_uri"]:
                return Reply(400, {"error": "invalid_grant"})
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if challenge != asked["code_challenge"]:
                return Reply(400, {"error": "invalid_grant"})
            return self._tokens(3600)
        token = sent.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.good:
            return Reply(401, {"error": "invalid_token"})
        return Reply(200, {"name": "The shop", "you_sent": token})


@pytest.fixture
def accounts():
    with Accounts() as accounts:
        yield accounts


def build(folder, base):
    c_plugins.build(
        folder, PLUGIN, CODE.replace("BASE", base),
        permissions={"http": ["{config:base}/*"]},
        config={"type": "object", "required": ["base", "secret"], "properties": {
            "base": {"type": "string", "format": "uri"}, "client": {"type": "string"},
            "secret": {"type": "string", "format": "secret"}}},
        contributes={
            "actions": [{"name": "me", "title": "Who", "effect": "read",
                         "input": {"type": "object", "properties": {}}}],
            "oauth": [{"name": "account", "authorize_url": "{config:base}/authorize",
                       "token_url": "{config:base}/token", "scopes": ["read", "write"],
                       "client_id": "client", "client_secret": "secret"}]})


async def test_somebody_signs_in_once_and_tokens_are_renewed_and_never_shown(accounts, tmp_path):
    build(tmp_path, accounts.base)
    server = Server(environment={"MAITRED_PLUGIN_FOLDERS": str(tmp_path)})
    server.set_up()
    (server.folder / "plugins.json").write_text(json.dumps({PLUGIN: {
        "config": {"base": accounts.base, "client": "shop", "secret": "hush"},
        "allow_private_network": True}}))
    server.start()
    try:
        root = await Administrator.sign_in(server)
        while (await root.get(f"/v1/plugins/{PLUGIN}"))["status"] != "running":
            await asyncio.sleep(0.02)

        async def who():
            reply = await root.ask(
                "POST", "/v1/actions/me", {"input": {}}, idempotency_key=new_cid())
            return reply.json

        before = await who()
        assert before["state"] == "failed" and "nobody has signed in" in before["error"]["message"]

        begun = await root.ask("POST", f"/v1/plugins/{PLUGIN}/oauth/account", {})
        url = urlsplit(begun.json["url"])
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert url.path == "/authorize" and query["client_id"] == "shop"
        assert query["scope"] == "read write" and query["code_challenge_method"] == "S256"
        code = accounts.allow(query)
        # Somebody else's state opens nothing, and neither does a code for one.
        wrong = await request("GET", f"{server.base}/v1/oauth/callback?state=made-up&code={code}")
        assert wrong.status == 400
        back = f"{server.base}/v1/oauth/callback?state={query['state']}&code={code}"
        assert (await request("GET", back)).status == 200
        assert (await request("GET", back)).status == 400, "a state is good once"

        answer = await who()
        assert answer["state"] == "done" and answer["output"]["status"] == 200, answer
        shown = json.dumps(answer)
        assert "access-" not in shown and "{{oauth:account}}" in shown

        # Taken back before its time: the host gets another one, once, for all who ask meanwhile.
        accounts.good = set()
        asked = len([sent for sent in accounts.requests if sent.path == "/token"])
        answers = await asyncio.gather(*(who() for _ in range(4)))
        assert {one["output"]["status"] for one in answers} == {200}, answers
        renewals = [sent for sent in accounts.requests if sent.path == "/token"][asked:]
        assert renewals and all(sent.form["grant_type"] == "refresh_token" for sent in renewals)

        # And what is kept is kept over a restart, sealed.
        server.kill()
        for place in server.folder.glob("maitred.sqlite*"):
            assert b"access-" not in place.read_bytes() and b"hush" not in place.read_bytes()
        server.start()
        root = await Administrator.sign_in(server)
        while (await root.get(f"/v1/plugins/{PLUGIN}"))["status"] != "running":
            await asyncio.sleep(0.02)
        assert (await who())["output"]["status"] == 200
    finally:
        server.close()
