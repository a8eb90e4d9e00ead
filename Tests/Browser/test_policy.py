"""The pages' own rules: what may load, what may frame, and what is left where."""

import threading
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from embedding import expect_answer, host, product  # noqa: F401 (fixtures)
from guide import for_site, sample


@pytest.mark.parametrize("path", ["/demo/", "/console/", "/widget/v1/frame"])
def test_no_page_allows_unsafe_scripts_or_styles(server, customer, path):
    site = customer.page.locator("script[data-site]").get_attribute("data-site")
    origin = server.shop if path == "/demo/" else server.url
    # Python's resolver does not know the names under localhost.
    address = origin.replace("shop.localhost", "127.0.0.1")
    with urllib.request.urlopen(f"{address}{path}?site={site}") as page:
        policy = page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    if path == "/console/":
        assert "frame-ancestors 'none'" in policy


def test_no_page_of_the_demo_breaks_a_rule(customer):
    # What the browser has to say against them is collected by the windows themselves.
    customer.open_chat()
    for name in ("Projects", "Invoices", "Plan", "Team", "Security", "Help", "Dashboard"):
        customer.go(name)
        expect(customer.page.locator("main h1")).to_be_visible()
        expect(customer.launcher).to_be_visible()


def test_a_stranger_cannot_frame_the_chat(windows, server, customer):
    site = customer.page.locator("script[data-site]").get_attribute("data-site")
    markup = f'<link rel="icon" href="data:,"><iframe src="{server.url}/widget/v1/frame?site={site}"></iframe>'
    page = windows.page()
    with stranger(markup) as url:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(url)
    expect(page.frame_locator("iframe").locator("#message")).to_have_count(0)
    # These complaints are the point.
    windows.problems.clear()


@contextmanager
def stranger(markup):
    """A web server of somebody else's, with one page."""
    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(markup.encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://localhost:{host.server_port}/"
        host.shutdown()


def test_the_page_around_the_chat_holds_no_token(customer):
    customer.open_chat().say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    kept = customer.page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "v1." not in kept and "token" not in kept and "visitor" not in kept


def test_what_a_customer_writes_is_never_markup(customer, marta):
    attack = '<img src=x onerror="console.error(1)"><script>console.error(2)</script> **bold**'
    customer.open_chat().say(attack)
    customer.ask_for_a_person()
    marta.accept()
    expect(marta.message("onerror").locator(".bubble").first).to_have_text(attack)
    expect(customer.line("onerror").locator(".bubble")).to_have_text(attack)
    assert customer.chat.locator("#log .bubble img, #log .bubble script").count() == 0


def test_the_documented_policy_is_all_that_a_page_needs(host):
    origin = host.server.url
    given = for_site(sample("Content security policy", "", holding="script-src"), origin, host.site)
    assert "unsafe" not in given
    policy = "; ".join([
        *given.replace(";", "").splitlines(), "default-src 'none'",
        "style-src 'none'", "base-uri 'none'", "form-action 'none'", "object-src 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    ])
    icon = f"{origin}/demo/tideline.svg"
    host.serve(headers={"Content-Security-Policy": policy}, icon=icon).visit()
    expect_answer(host)
    expect(host.launcher).to_have_css("border-radius", "50%")
    assert host.dialog.bounding_box()["width"] == 400
    for call in (["theme", "dark"], ["locale", "de"], ["close"], ["open"], ["shutdown"]):
        assert host.call(*call) is None


def test_a_policy_with_a_nonce_needs_no_origin_for_scripts(host):
    policy = (f"default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; "
              f"frame-src {host.server.url}; img-src data:; require-trusted-types-for 'script'")
    host.serve(options='nonce="abc"', headers={"Content-Security-Policy": policy}).visit()
    expect_answer(host)


def test_a_policy_that_forgets_the_frame_is_named_as_the_reason(host, windows):
    policy = f"default-src 'none'; img-src data:; script-src {host.server.url}"
    host.serve(headers={"Content-Security-Policy": policy}).visit()
    host.hear("error")
    host.launcher.click()
    expect(host.page.locator("#maitred .failed")).to_be_visible(timeout=20_000)
    failure = host.heard("error")
    assert failure["code"] == "unreachable" and "policy" in failure["message"]
    # These complaints are the point.
    windows.problems.clear()
