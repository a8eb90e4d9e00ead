"""A fixture is recorded from another server's own answers, and passes without that server."""

import json

import c_plugins
import pytest
from plugin_bench import PlayedAPI, Reply
from plugin_commands import plugin

SECRET = "sk_live_0123456789"
CODE = r"""
static void answered(void *context, int32_t status, maitred_slice out) {
    int is_known = says(out, "Business");
    host->complete(host, context, status, slice(is_known ? "{\"plan\":\"Business\"}" : "{}"));
}
INVOKE {
    const maitred_service_1 *http = host->get_service(host, MAITRED_HTTP_SERVICE);
    char json[500];
    const char *config = CONFIG;
    snprintf(json, sizeof json, "{\"method\":\"GET\",\"url\":\"%s/accounts/7?key={{secret:api_key}}\","
        "\"headers\":{\"Authorization\":\"Bearer {{secret:api_key}}\"}}", config);
    http->ask(host, http, call, "send", slice(json), answered, call);
}
"""


class Accounts(PlayedAPI):
    def answer(self, sent):
        if sent.headers.get("authorization") != f"Bearer {SECRET}":
            return Reply(401, {"error": "who are you"})
        return Reply(200, {"plan": "Business", "key": SECRET}, {"X-Request": "r-1"})


@pytest.fixture
def accounts():
    with Accounts() as accounts:
        yield accounts


def run(folder, *words):
    return plugin("test", folder, *words)


def test_a_recorded_fixture_passes_by_itself_and_holds_no_secret(accounts, tmp_path):
    c_plugins.build(
        tmp_path, "test.accounts", CODE.replace("CONFIG", json.dumps(accounts.base)),
        permissions={"http": ["{config:base}/*"]},
        config={"type": "object", "required": ["base", "api_key"], "properties": {
            "base": {"type": "string", "format": "uri"},
            "api_key": {"type": "string", "format": "secret"}}},
        contributes={"actions": [{"name": "accounts.look", "title": "Look", "effect": "read",
                                  "input": {"type": "object", "properties": {}}}]})
    folder = tmp_path / "test.accounts"
    (folder / "Tests").mkdir()
    fixture = folder / "Tests/look.json"
    fixture.write_text(json.dumps({
        "name": "the plan is looked up", "config": {"api_key": "sk_test"},
        "steps": [{"call": "action/accounts.look", "input": {}, "expect": {"plan": "Business"}}]}))
    settings = tmp_path / "config.json"
    settings.write_text(json.dumps({"base": accounts.base, "api_key": SECRET}))

    recorded = run(folder, "--record", fixture, "--config", settings, "--allow-private-network")
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    assert "1 request;" in recorded.stdout
    text = fixture.read_text()
    assert SECRET not in text
    kept = json.loads(text)
    assert kept["config"] == {"base": accounts.base, "api_key": "sk_test"}
    assert kept["http"] == [{
        "request": {"method": "GET", "url": f"{accounts.base}/accounts/7?key=sk_test"},
        "response": {"status": 200, "headers": {"content-type": "application/json"},
                     "body": {"plan": "Business", "key": "sk_test"}}}]

    accounts.__exit__(None, None, None)
    replayed = run(folder)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert "ok     the plan is looked up" in replayed.stdout


def test_what_went_wrong_while_recording_is_said(accounts, tmp_path):
    test_a_recorded_fixture_passes_by_itself_and_holds_no_secret(accounts, tmp_path)
    fixture = tmp_path / "test.accounts/Tests/look.json"
    recorded = run(tmp_path / "test.accounts", "--record", fixture, "--allow-private-network")
    assert recorded.returncode != 0
    assert "step 1" in recorded.stdout
