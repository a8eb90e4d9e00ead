"""The end of a session: what was copied of it opens nothing, with a network and without one."""

import json
import urllib.request

import pytest
from playwright.sync_api import expect

from embedding import expect_answer, host, product  # noqa: F401 (fixtures)

SESSIONS = "**/v1/widget/sessions"
ENDS = "**/v1/widget/sessions/end"


@pytest.fixture
def talked(host):
    """A customer who has talked, with `session` as a copy of what named them to the server."""
    host.serve().visit()
    with host.page.expect_response(SESSIONS) as opened:
        host.launcher.click()
    host.session = opened.value.json()
    host.is_connected()
    host.say("Where can I download my invoice?")
    expect(host.said_by("bot")).to_have_count(1)
    return host


def opens_the_history(host):
    """Whether the copy still stands for the same customer."""
    body = {"site": host.site, "visitor": host.session["visitor"]}
    asked = urllib.request.Request(
        f"{host.server.url}/v1/widget/sessions", json.dumps(body).encode(),
        {"Content-Type": "application/json", "Origin": host.product.origin})
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)["contact"]["id"] == host.session["contact"]["id"]


def kept(host):
    """All that the browser keeps of the chat, whose frame may store nothing but cookies."""
    return json.dumps(host.page.context.cookies())


def test_after_shutdown_a_copied_token_opens_nothing(talked):
    assert opens_the_history(talked)
    assert talked.call("shutdown") is None
    assert not opens_the_history(talked)
    assert talked.session["visitor"] not in kept(talked)


def test_without_a_network_shutdown_says_so_and_the_server_hears_of_it_later(talked, windows):
    windows.allows_cuts = True
    talked.page.context.set_offline(True)
    assert "the server could not be told" in talked.call("shutdown")
    expect(talked.page.locator("#maitred")).to_have_count(0)
    assert opens_the_history(talked)
    # What names the session is kept, and nothing else of the person.
    assert talked.session["visitor"] in kept(talked)
    assert len(talked.page.context.cookies()) == 1

    talked.page.context.set_offline(False)
    with talked.page.expect_response(ENDS) as ended:
        talked.visit()
    assert ended.value.status == 204
    assert not opens_the_history(talked)
    expect(talked.page.locator("#maitred iframe")).to_be_attached()
    talked.open_chat()
    assert talked.session["visitor"] not in kept(talked)
    expect(talked.lines).to_have_count(0)


def test_a_chat_that_could_not_be_loaded_ends_the_session_when_it_can(talked, windows):
    windows.allows_cuts = True
    talked.serve(options='data-preload="false"').visit()
    expect(talked.launcher).to_be_visible()
    talked.call("ready")
    talked.page.context.set_offline(True)
    assert "the chat did not answer" in talked.call("shutdown")
    talked.page.context.set_offline(False)
    talked.visit()
    with talked.page.expect_response(ENDS):
        talked.open_chat()
    assert not opens_the_history(talked)
    expect(talked.lines).to_have_count(0)
    # Once, and not each time.
    talked.say("Where can I download my invoice?")
    expect(talked.said_by("bot")).to_have_count(1)
    talked.visit()
    expect(talked.said_by("bot")).to_have_count(1)


def test_a_server_that_is_away_hears_of_it_from_the_next_chat_on_the_same_page(talked, windows):
    windows.allows_cuts = True
    talked.server.kill()
    assert "the server could not be told" in talked.call("shutdown")
    talked.server.start()
    assert opens_the_history(talked)
    with talked.page.expect_response(ENDS):
        assert talked.call("boot", {"site": talked.site}) is None
    assert not opens_the_history(talked)
