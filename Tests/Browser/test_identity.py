"""Who the customer is, as the page says whenever it is asked."""

import time
import urllib.request

from playwright.sync_api import expect

from embedding import STUB, host, product  # noqa: F401 (fixtures)
from test_context import signed


def named(host, make):
    """Puts a page there whose server answers with `make(count)` each time it is asked for a token;
    returns the answers so far."""
    made = []

    def token():
        made.append(make(len(made)))
        return made[-1]

    host.page.expose_function("freshToken", token)
    host.serve(head=f"<script>{STUB}\nmaitred('identify', () => freshToken());</script>").visit()
    return made


def end_session(host):
    """Has the server end the session, as it does with one whose time is over: with code 4401."""
    token = next(frame for frame in reversed(host.told) if frame["t"] == "hello")["d"]["token"]
    request = urllib.request.Request(
        f"{host.server.url}/v1/widget/sessions/end", method="POST",
        headers={"Authorization": f"Bearer {token}", "Origin": host.product.origin})
    with host.page.expect_websocket():
        urllib.request.urlopen(request, timeout=10).close()


def test_a_session_whose_time_is_over_goes_on_with_a_fresh_token(host, marta):
    # Each is another one, so that none is used twice.
    made = named(host, lambda count: signed(
        host.product.secret, sub="u-1", aud=host.site, exp=int(time.time()) + 60,
        jti=str(count), name="Elena Marsh"))
    host.open_chat().say("I want to talk to a person")
    expect(marta.offer).to_contain_text("Elena Marsh")
    marta.accept()
    expect(host.chat.locator('.change[data-say="joined"]')).to_be_visible()

    known = len(made)
    end_session(host)
    host.is_connected()
    assert len(made) > known
    marta.reply("Are you still there?")
    expect(host.said_by("agent")).to_contain_text("Are you still there?")
    host.say("Yes, still here")
    expect(marta.message("Yes, still here")).to_be_visible()
    assert host.own_texts() == ["I want to talk to a person", "Yes, still here"]
    expect(marta.panel).to_contain_text("Elena Marsh")


def test_a_page_that_cannot_name_its_customer_any_more_says_why_and_the_chat_goes_on(host):
    def make(count):
        if not works:
            raise RuntimeError("nobody is logged in")
        return signed(host.product.secret, sub="u-1", aud=host.site, jti=str(count),
                      exp=int(time.time()) + 60)

    works = [True]
    named(host, make)
    host.hear("error")
    host.open_chat().say("Where can I download my invoice?")
    expect(host.said_by("bot")).to_have_count(1)
    works.clear()
    end_session(host)
    assert host.heard("error")["code"] == "identify"
    host.is_connected()
    host.say("How do I change my plan?")
    expect(host.said_by("bot").last).to_be_visible()
