"""What the team that embeds the widget sees: the diagnosis, and the page where all can be tried."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from embedding import Host, host, product  # noqa: F401 (fixtures)

DIAGNOSE = """async ([url, what]) => (await import(url)).diagnose(what)"""
CONFIG = re.compile(r"/v1/widget/config")


def diagnosis(host, **what):
    """The findings on the page, by what was looked at."""
    found = host.page.evaluate(DIAGNOSE, [f"{host.server.url}/widget/v1/diagnose.js", what])
    return {each["check"]: each for each in found}


def faults(found):
    return [check for check, each in found.items() if each["ok"] is False]


@pytest.fixture
def complaining(windows):
    """What the browser complains of is the point."""
    yield
    windows.problems.clear()


def test_a_page_where_all_is_well_has_no_faults(host, complaining):
    host.serve().visit().open_chat()
    found = diagnosis(host)
    assert faults(found) == []
    for check in ("loader", "chat", "server", "key", "origin", "identity", "socket", "storage",
                  "policy: script-src", "policy: frame-src", "policy: connect-src"):
        assert found[check]["ok"] is True, found[check]
    assert all(each["advice"] == "" for each in found.values() if each["ok"])


def test_a_diagnosis_leaves_no_customer_behind(host, complaining):
    sessions = []
    host.page.on("response", lambda answer: sessions.append(answer.status)
                 if answer.url.endswith("/v1/widget/sessions") else None)
    host.serve(options='data-preload="false"').visit()
    assert faults(diagnosis(host)) == []
    assert set(sessions) == {401}


def test_a_key_that_no_site_has_is_named(host, complaining):
    host.site = "site_7nobody"
    host.serve(options='data-preload="false"').visit()
    found = diagnosis(host)
    assert faults(found) == ["key"]
    assert "site_7nobody" in found["key"]["found"]
    assert "maitred site list" in found["key"]["advice"]


def test_an_origin_that_the_site_does_not_allow_is_named_with_the_remedy(host, complaining):
    host.site = demo_site(host)
    host.serve(options='data-preload="false"').visit()
    found = diagnosis(host)
    assert faults(found) == ["origin"]
    assert found["origin"]["found"].startswith(f"The origin {host.product.origin} may not embed")
    assert f"--origin {host.product.origin}" in found["origin"]["advice"]


def test_an_origin_that_no_site_allows_is_told_apart_from_a_server_that_is_down(host, complaining):
    host.serve(options='data-preload="false"')
    foreign = host.product.origin.replace("product.", "stranger.")
    host.page.goto(f"{foreign}/own")
    found = diagnosis(host)
    assert faults(found) == ["origin"]
    assert found["server"]["ok"] is True
    assert f"--origin {foreign}" in found["origin"]["advice"]


def test_a_policy_without_connections_is_named_with_the_line_to_send(host, complaining):
    origin = host.server.url
    policy = (f"default-src 'none'; script-src {origin}; frame-src {origin}; img-src data:; "
              "connect-src 'self'")
    host.serve(headers={"Content-Security-Policy": policy}).visit().open_chat()
    found = diagnosis(host)
    refused = found["policy: connect-src"]
    assert refused["ok"] is None and "does not hold up the chat" in refused["found"]
    assert refused["advice"].endswith(
        f"connect-src 'self' {origin} {origin.replace('http', 'ws', 1)}")
    assert found["chat"]["ok"] is True
    # What needs connections is no fault: it could not be looked at.
    assert faults(found) == []
    assert {found[check]["ok"] for check in ("server", "key", "origin", "clock", "socket")} == {None}


def test_a_policy_without_frames_is_named_with_the_line_to_send(host, complaining):
    origin = host.server.url
    policy = f"default-src 'self'; script-src {origin}; connect-src {origin} ws:; img-src data:"
    host.serve(options='data-preload="false"',
               headers={"Content-Security-Policy": policy}).visit()
    found = diagnosis(host)
    assert faults(found) == ["policy: frame-src"]
    assert found["policy: frame-src"]["advice"].endswith(f"frame-src 'self' {origin}")


def test_a_proxy_that_passes_no_sockets_is_named(host, complaining):
    # What such a proxy does: pages load, and no upgrade comes about.
    host.page.add_init_script("""WebSocket = class extends WebSocket {
        constructor(url, protocol) { super(url.replace("/v1/ws", "/v1/nowhere"), protocol); } }""")
    host.serve(options='data-preload="false"').visit()
    found = diagnosis(host)
    assert faults(found) == ["socket"]
    assert "Upgrade $http_upgrade" in found["socket"]["advice"]


def test_a_server_that_is_down_is_not_taken_for_a_refusal(host, complaining):
    host.serve(options='data-preload="false"').visit()
    module = host.page.evaluate_handle(
        "url => import(url)", f"{host.server.url}/widget/v1/diagnose.js")
    host.server.kill()
    found = {each["check"]: each for each in module.evaluate("module => module.diagnose()")}
    assert found["server"]["ok"] is False and "was not reached" in found["server"]["found"]
    assert found["key"]["ok"] is None


@pytest.mark.parametrize("behind", [5, 300])
def test_a_clock_that_is_wrong_is_told_with_the_servers_time(host, complaining, behind):
    now = (datetime.now(UTC) + timedelta(seconds=behind)).isoformat()
    host.page.route(CONFIG, lambda route: route.fulfill(
        json={"now": now, "site": {"name": "Product"}},
        headers={"Access-Control-Allow-Origin": "*"}))
    host.serve(options='data-preload="false"').visit()
    clock = diagnosis(host)["clock"]
    assert clock["ok"] is (behind == 5)
    assert behind == 5 or ("behind" in clock["found"] and now in clock["advice"])


def test_a_token_that_is_refused_is_told_in_the_servers_words(host, complaining):
    host.serve(options='data-preload="false"').visit()
    found = diagnosis(host, identity="eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")
    assert faults(found) == ["identity"]
    assert "The identity was refused: the signature does not fit the key" in found["identity"]["found"]


def test_a_site_for_signed_in_customers_says_so_to_a_page_that_names_none(windows, product,
                                                                          complaining):
    product.site = added_site(product, "--require-identity")
    host = Host(windows.page(), product)
    host.serve(options='data-preload="false"').visit()
    assert diagnosis(host)["identity"]["ok"] is None
    found = diagnosis(host, identity=None)
    assert faults(found) == ["identity"]
    assert "This page names none" in found["identity"]["found"]


def demo_site(host):
    host.page.goto(f"{host.server.shop}/demo/")
    return host.page.locator("script[data-site]").get_attribute("data-site")


def added_site(product, *options):
    words = ("site", "add", "Members", "--origin", product.origin, "--json", *options)
    return json.loads(product.server.order(*words))["key"]
