"""What the team that embeds the widget sees: the diagnosis, and the page where all can be tried."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from embedding import STUB, Host, expect_answer, host, product  # noqa: F401 (fixtures)
from people import NARROW, Customer
from server import ROOT

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


def test_a_site_that_the_page_names_by_a_call_is_known_from_its_chat(host, complaining):
    loader = f'<script async src="{host.server.url}/widget/v1/loader.js"></script>'
    host.serve(head=f"<script>{STUB}</script>{loader}", loader=False).visit()
    assert diagnosis(host)["key"]["ok"] is None
    host.call("boot", {"site": host.site})
    host.open_chat()
    assert diagnosis(host)["key"]["found"] == f'{host.site} is the site "Product".'


def test_a_token_that_is_good_names_its_customer(host, complaining):
    host.page.goto(f"{host.server.shop}/demo/")
    found = host.page.evaluate("""async (url) => (await import(url)).diagnose(
        { identity: async () => (await fetch("/demo/identity")).text() })""",
                               f"{host.server.url}/widget/v1/diagnose.js")
    identity = next(each for each in found if each["check"] == "identity")
    assert identity["found"] == "The page's token is good: it names Ida Holm."


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
    needing = ("server", "key", "origin", "clock", "socket")
    assert {found[check]["ok"] for check in needing} == {None}


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
    assert "refused: the signature does not fit the key" in found["identity"]["found"]


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


class Playground(Customer):
    """A developer in the playground."""

    def __init__(self, page, server):
        super().__init__(page, server)
        self.code = page.locator("#snippet code")
        self.rows = page.locator("#log .row")

    def visit(self, fragment=""):
        super().visit(f"/demo/widget{fragment}")
        expect(self.row('maitred("boot"').first).to_contain_text("done")
        return self

    def row(self, text):
        return self.rows.filter(has_text=text)

    def option(self, name):
        return self.page.get_by_role("region", name="Options").get_by_label(name, exact=True)

    def set(self, name, text):
        self.option(name).fill(text)
        self.option(name).press("Tab")

    def call(self, name):
        self.page.get_by_role("region", name="Calls").get_by_role(
            "button", name=name, exact=True).click()

    def tab(self, name):
        self.page.get_by_role("tab", name=name, exact=True).click()


@pytest.fixture
def playground(windows, server):
    return Playground(windows.page(), server).visit()


def declared(name):
    """The names that the type declarations have at a place."""
    text = (ROOT / "web-static/widget/maitred.d.ts").read_text()
    if name == "methods":
        return set(re.findall(r'\(?method: "(\w+)"', text))
    body = re.search(rf"interface {name} \{{(.*?)\n  \}}", text, re.DOTALL)[1]
    return set(re.findall(r'^    "?([\w:]+)"?\??:', body, re.MULTILINE))


def test_every_option_and_call_that_there_is_can_be_tried(playground):
    for name in declared("Options"):
        expect(playground.option(name)).to_be_visible()
    # What a page listens to is in the log, and who is there is an option.
    for name in declared("methods") - {"on", "identify", "boot"}:
        expect(playground.page.get_by_role("button", name=name, exact=True)).to_be_visible()


def test_an_option_takes_effect_and_is_in_the_snippet(playground):
    playground.set("colour", "#ffd400")
    expect(playground.launcher).to_have_css("background-color", "rgb(255, 212, 0)")
    expect(playground.code).to_contain_text('data-colour="#ffd400"')
    playground.set("locale", "de")
    expect(playground.launcher).to_have_accessible_name("Chat öffnen")
    playground.option("errors").check()
    expect(playground.code).to_contain_text('data-errors="true"')
    playground.tab("Queue and calls")
    expect(playground.code).to_contain_text('colour: "#ffd400"')
    playground.tab("React")
    expect(playground.code).to_contain_text('locale: "de"')


def test_options_are_kept_in_the_address_and_survive_a_reload(playground):
    playground.option("preload").uncheck()
    expect(playground.page.get_by_text("preload takes effect once")).to_be_visible()
    assert playground.page.url.endswith("#preload=false")
    playground.page.get_by_role("button", name="Load the page with these").click()
    expect(playground.option("preload")).not_to_be_checked()
    expect(playground.row("preload: false")).to_be_visible()
    expect(playground.page.locator("#maitred iframe")).to_have_count(0)


def test_the_snippet_is_what_works_on_a_page_of_ones_own(playground, windows, product):
    playground.set("site", product.site)
    playground.set("colour", "#ffd400")
    snippet = playground.code.inner_text()
    product.pages["/pasted"] = (
        f'<!doctype html><html lang="en"><link rel="icon" href="data:,">{snippet}', {})
    pasted = Host(windows.page(), product).visit("/pasted")
    expect_answer(pasted)
    expect(pasted.launcher).to_have_css("background-color", "rgb(255, 212, 0)")


def test_the_snippet_is_copied_and_that_is_said(windows, server):
    playground = Playground(windows.page(permissions=["clipboard-read", "clipboard-write"]), server)
    playground.visit()
    playground.page.locator("#copy").click()
    expect(playground.page.locator("#copy")).to_have_text("Copied")
    copied = playground.page.evaluate("navigator.clipboard.readText()")
    assert copied == playground.code.inner_text() and "data-site=" in copied


def test_the_tabs_of_the_snippet_are_walked_by_the_arrow_keys(playground):
    playground.tab("HTML")
    playground.page.keyboard.press("ArrowLeft")
    expect(playground.page.get_by_role("tab", name="Policy")).to_be_focused()
    expect(playground.code).to_contain_text(f"frame-src {playground.server.url}")
    playground.page.keyboard.press("Home")
    expect(playground.page.get_by_role("tab", name="HTML")).to_have_attribute(
        "aria-selected", "true")


def test_calls_and_events_are_in_the_log_with_what_came_of_them(playground):
    playground.call("open")
    expect(playground.field).to_be_focused()
    expect(playground.row('maitred("open")')).to_contain_text("done")
    expect(playground.rows.filter(has=playground.page.get_by_text("event", exact=True))
           .filter(has_text="open")).not_to_have_count(0)
    playground.call("toggel")
    expect(playground.row("toggel")).to_contain_text("Did you mean 'toggle'?")
    expect(playground.row("toggel")).to_have_attribute("data-fault", "true")

    playground.page.locator("#log-filter").fill("toggel")
    expect(playground.rows).to_have_count(1)
    playground.page.locator("#log-filter").fill("")
    playground.page.get_by_role("button", name="Events", exact=True).click()
    expect(playground.row("toggel")).to_have_count(0)
    playground.page.locator("#log-clear").click()
    expect(playground.rows).to_have_count(0)


def test_what_leaves_the_page_is_shown_and_what_before_send_makes_of_it(playground):
    playground.open_chat()
    playground.call("context")
    left = playground.row('page: "billing.invoice"').filter(has_text="leaves")
    expect(left).to_contain_text("as it is")
    playground.option("beforeSend").check()
    playground.set("leaveOut", "amount, plan")
    playground.call("track")
    playground.page.locator("#call-context-page").fill("billing.plan")
    playground.call("context")
    changed = playground.row('page: "billing.plan"').filter(has_text="leaves")
    expect(changed.locator(".row__outcome")).to_contain_text('facts: { invoice_id: "in_123" }')
    playground.set("holdBack", "/demo")
    playground.page.locator("#call-context-page").fill("billing.other")
    playground.call("context")
    expect(playground.row('page: "billing.other"').filter(has_text="leaves")).to_contain_text(
        "held back by beforeSend")
    playground.tab("Queue and calls")
    expect(playground.code).to_contain_text('startsWith("/demo")) return null;')


def test_facts_that_are_none_are_told_beside_the_field(playground):
    playground.page.locator("#call-context-facts").fill("{ plan: pro }")
    playground.call("context")
    expect(playground.page.get_by_role("alert").filter(has_text="Facts:")).to_be_visible()
    expect(playground.row('maitred("context"')).to_have_count(0)


def test_a_customer_is_named_by_the_demos_own_server(playground, marta):
    playground.option("identify").check()
    playground.open_chat().say("I need help with an invoice")
    playground.ask_for_a_person()
    marta.accept()
    expect(marta.page.locator("#contact-name")).to_have_text("Ida Holm")


def test_the_widget_can_be_ended_and_begun_again(playground):
    playground.call("open")
    playground.is_connected()
    playground.call("shutdown")
    expect(playground.row("shutdown")).to_contain_text("done")
    expect(playground.launcher).to_have_count(0)
    playground.call("boot again")
    expect(playground.launcher).to_be_visible()
    playground.open_chat()
    expect(playground.row("open").filter(has_text="event").first).to_be_visible()


def test_the_playground_says_why_it_does_not_connect(playground, complaining):
    page = playground.page
    page.locator("#diagnose").click()
    expect(page.locator(".verdict")).to_have_text("Nothing is wrong.")
    expect(page.locator('.finding[data-ok="false"]')).to_have_count(0)

    playground.set("site", "site_7nobody")
    page.get_by_role("button", name="Load the page with these").click()
    expect(playground.rows.first).to_be_visible()
    page.locator("#diagnose").click()
    expect(page.locator(".verdict")).to_have_text("1 fault: key.")
    expect(page.locator(".finding").first).to_contain_text("maitred site list")
    expect(page.get_by_role("button", name="Copy the report")).to_be_visible()


@pytest.mark.parametrize("options", [
    {"viewport": NARROW}, {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    {"color_scheme": "dark"}], ids=["phone", "zoomed", "dark"])
def test_the_playground_fits_and_can_be_read(windows, server, options):
    playground = Playground(windows.page(**options), server).visit()
    width, inner = playground.page.evaluate(
        "[document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner
    playground.page.locator("#log .rows").scroll_into_view_if_needed()
    expect(playground.rows.first).to_be_in_viewport()


def test_the_demo_leads_to_the_page_where_all_can_be_tried(customer):
    customer.page.get_by_role("link", name="Try the widget's options").click()
    expect(customer.page).to_have_url(re.compile("/demo/widget"))
    expect(customer.page.get_by_role("heading", level=1)).to_be_visible()
