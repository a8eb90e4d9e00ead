"""A customer named by the product's own session, which a plugin checks."""

import json
import sys

import pytest
from playwright.sync_api import expect

import server as servers
from embedding import host, product  # noqa: F401 (fixtures)

sys.path.append(str(servers.ROOT / "tools"))
sys.path.append(str(servers.ROOT / "Tests/Contract"))

import c_plugins  # noqa: E402

PLUGIN = "test.passport"
SESSION = "s:9f2c/ada+8b.signed="
CODE = r"""
INVOKE {
    if (says(in, "\"identity\":\"s:9f2c/ada+8b.signed=\""))
        return answer(call, "{\"id\":\"u-1\",\"name\":\"Ada Brandt\"}");
    answer(call, "{\"refused\":true}");
}
"""


@pytest.fixture(scope="module")
def plugins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugins")
    c_plugins.build(folder, PLUGIN, CODE,
                    contributes={"hooks": [{"on": "identity.verify", "mode": "provide"}]})
    return folder


@pytest.fixture
def server(workspace, plugins, tmp_path, monkeypatch):
    """With a plugin that knows the product's sessions."""
    monkeypatch.setenv("MAITRED_PLUGIN_FOLDERS", f"{servers.ROOT / 'Plugins'},{plugins}")
    running = workspace.copy(tmp_path / "data")
    settings = running.folder / "plugins.json"
    known = json.loads(settings.read_text())
    settings.write_text(json.dumps({**known, PLUGIN: {"config": {}}}))
    running.start()
    yield running
    running.kill()


def test_the_products_own_session_names_its_customer(host, windows):
    marta = windows.agent("marta").log_in()
    host.serve().visit()
    host.page.evaluate("own => maitred('identify', async () => `${own}\\n`)", SESSION)
    host.open_chat().say("I want to talk to a person")
    expect(marta.offer).to_contain_text("Ada Brandt")


def test_a_login_page_is_no_session_and_the_chat_goes_on_without_a_name(host):
    host.serve().visit()
    host.hear("error")
    host.page.evaluate("maitred('identify', async () => '<!doctype html><title>Log in</title>')")
    host.open_chat()
    failure = host.heard("error")
    assert failure["code"] == "identify" and "markup" in failure["message"]
    host.say("Where can I download my invoice?")
    expect(host.said_by("bot")).to_have_count(1)
