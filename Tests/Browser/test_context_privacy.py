"""What of a page leaves it: what it says of itself, nothing that is secret, and nothing too late.

Everything is read from what the browser sends to the server.
"""

import json

import pytest
from playwright.sync_api import expect

from embedding import expect_answer, host, product  # noqa: F401 (fixtures)

NO_NAVIGATION_API = "Object.defineProperty(window, 'navigation', { value: undefined })"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2lnbmF0dXJl"


def at(path):
    return lambda context: context["url_path"] == path


@pytest.mark.parametrize("script", ["", NO_NAVIGATION_API], ids=["navigation", "history"])
def test_every_way_to_change_the_address_is_followed(host, script):
    if script:
        host.page.add_init_script(script)
    host.serve().visit()
    host.open_chat()
    host.is_told(at("/own"))
    go = host.page.evaluate
    go("history.pushState(null, '', '/pushed')")
    host.is_told(at("/pushed"))
    go("history.replaceState(null, '', '/replaced')")
    host.is_told(at("/replaced"))
    go("history.pushState(null, '', '/further')")
    host.is_told(at("/further"))
    host.told.clear()
    go("history.back()")
    host.is_told(at("/replaced"))
    numbers = [context["n"] for context in host.contexts()]
    assert numbers == sorted(set(numbers))


def test_facts_belong_to_the_page_on_which_they_were_said(host):
    host.serve().visit().open_chat()
    host.call("context", {"page": "billing.invoice", "facts": {"invoice": "INV-1", "open": True}})
    host.call("update", {"contact": {"plan": "pro"}, "conversation": {"seats": 5}})
    told = host.is_told(lambda context: context.get("page") == "billing.invoice")
    told = host.is_told(lambda context: "seats" in context["facts"])
    assert told["facts"] == {"invoice": "INV-1", "open": True, "plan": "pro", "seats": 5}
    host.page.evaluate("""() => new Promise((resolve) => setTimeout(() => {
        history.pushState(null, "", "/elsewhere");
        resolve();
    }, 450))""")
    told = host.is_told(at("/elsewhere"))
    assert told.get("page") is None and told["facts"] == {"plan": "pro", "seats": 5}


def test_neither_query_nor_secrets_leave_the_page(host):
    host.serve(options='data-query="tab"')
    host.page.goto(f"{host.product.origin}/own?tab=members&token=t0ps3cret#fragment")
    host.page.evaluate("jwt => { document.title = `Signed in with ${jwt}` }", JWT)
    host.open_chat()
    host.call("context", {"page": "team", "facts": {
        "password": "hunter2", "apiKey": "k3y", "card_number": "x", "paid": "4111 1111 1111 1111",
        "header": f"Bearer {JWT}", "plan": "pro", "list": [1], "deep": {"a": "hunter3"}}})
    told = host.is_told(lambda context: context.get("page") == "team")
    assert told["url_path"] == "/own"
    assert told["title"] == "Signed in with [removed]"
    assert told["facts"] == {"query_tab": "members", "paid": "[removed]",
                             "header": "Bearer [removed]", "plan": "pro"}
    everything = json.dumps(host.told)
    for secret in ("t0ps3cret", "hunter", "k3y", "4111", JWT, "fragment"):
        assert secret not in everything


def test_a_developer_is_told_what_was_left_out(host, windows):
    host.serve(options="data-debug").visit().open_chat()
    with host.page.expect_console_message(lambda said: "'password' looks secret" in said.text):
        host.call("context", {"facts": {"password": "hunter2"}})
    assert all("left out" in each for each in windows.problems)
    windows.problems.clear()


def test_a_page_is_told_in_four_kilobytes_at_most(host):
    host.serve().visit().open_chat()
    host.page.evaluate("""() => maitred("context", { page: "big", facts: Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [`fact${index}`, "ü".repeat(500)])) })""")
    told = host.is_told(lambda context: context.get("page") == "big")
    assert 1 <= len(told["facts"]) < 60
    assert len(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()) <= 4096


def test_the_page_may_change_or_hold_back_what_is_sent(host):
    host.serve(loader=True).visit()
    host.page.evaluate("""() => maitred("boot", { beforeSend(sent) {
        if (sent.url_path === "/held") return null;
        if (sent.url_path === "/broken") throw new Error("own trouble");
        if (sent.url_path === "/late") return Promise.resolve(sent);
        return { ...sent, title: "changed", facts: { ...sent.facts, kind: sent.kind, pass: "x" } };
    } })""")
    host.hear("error")
    host.open_chat()
    told = host.is_told(lambda context: context["title"] == "changed")
    # What the page adds is looked at as well.
    assert told["facts"] == {"kind": "context"} and "kind" not in told
    for path in ("/held", "/broken", "/late", "/free"):
        host.page.evaluate("""path => new Promise((resolve) => {
            history.pushState(null, "", path);
            setTimeout(resolve, 200);
        })""", path)
    host.is_told(at("/free"))
    paths = {context["url_path"] for context in host.contexts()}
    assert paths & {"/held", "/broken", "/late"} == set()
    assert host.heard("error")["code"] == "before_send"


def test_errors_of_the_page_are_told_only_where_it_asks_for_that(host, windows):
    host.serve(options="data-errors").serve("/other").visit().open_chat()
    fail = """() => new Promise((resolve) => setTimeout(() => {
        setTimeout(resolve, 50);
        throw new TypeError("no card 4111 1111 1111 1111 in <form id='pay'>");
    }))"""
    host.page.evaluate(fail)
    told = host.is_told(lambda context: "last_error" in context["facts"])
    assert told["facts"]["last_error"] == "TypeError: no card [removed] in <…>"
    assert len(told["facts"]["last_error_stack"]) == 8

    host.told.clear()
    host.visit("/other")
    host.page.evaluate(fail)
    host.page.evaluate("history.pushState(null, '', '/other/page')")
    host.is_told(at("/other/page"))
    assert "last_error" not in json.dumps(host.told)
    windows.problems.clear()


def test_a_rejection_that_nobody_handles_is_an_error_too(host, windows):
    host.serve(options="data-errors").visit().open_chat()
    host.page.evaluate("() => { Promise.reject(new RangeError('out of seats')) }")
    told = host.is_told(lambda context: "last_error" in context["facts"])
    assert told["facts"]["last_error"] == "RangeError: out of seats"
    windows.problems.clear()


def test_the_trail_holds_the_last_ten_pages_and_waits_for_the_chat(host):
    host.serve().visit()
    expect(host.page.locator("#maitred iframe")).to_be_attached()
    for number in range(12):
        host.page.evaluate("""number => new Promise((resolve) => {
            history.pushState(null, "", `/page/${number}`);
            setTimeout(resolve, 200);
        })""", number)
    assert host.contexts() == []
    host.open_chat()
    host.is_told(at("/page/11"))
    paths = [frame["d"]["url_path"] for frame in host.told if frame["t"] == "context"]
    assert paths[-10:] == [f"/page/{number}" for number in range(2, 12)]
    assert "/page/1" not in paths


def test_nothing_is_told_after_the_end_of_the_session(host):
    host.serve().visit()
    expect_answer(host)
    assert host.call("shutdown") is None
    host.told.clear()
    host.page.evaluate("""() => new Promise((resolve) => {
        history.pushState(null, "", "/afterwards");
        setTimeout(resolve, 1000);
    })""")
    assert host.told == []


def test_nothing_is_told_once_the_conversation_is_over(host, marta):
    host.serve("/after").serve().visit().open_chat().say("I want to talk to a person")
    marta.accept()
    host.is_told(at("/own"))
    host.call("close")
    marta.resolve()
    expect(host.chat.locator('.change[data-say="resolved"]')).to_be_attached()
    move = """path => new Promise((resolve) => {
        history.pushState(null, "", path);
        maitred("track", "paid", { where: path });
        setTimeout(resolve, 1000);
    })"""
    host.told.clear()
    host.page.evaluate(move, "/private")
    host.visit("/after")
    expect(host.page.locator("#maitred iframe")).to_be_attached()
    host.is_connected()
    host.page.evaluate(move, "/private/too")
    assert host.contexts() == []
    assert [frame for frame in host.told if frame["t"] == "track"] == []

    # They open the chat: where they are matters again, and where they were does not.
    host.open_chat()
    host.is_told(at("/private/too"))
    paths = {context["url_path"] for context in host.contexts()}
    assert paths == {"/private/too"}
