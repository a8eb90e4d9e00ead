"""What Documentation/widget.md has its readers copy, tried as they would: on a page of its own."""

import os
import shlex
import shutil
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from embedding import expect_answer, host, product  # noqa: F401 (fixtures)
from guide import for_site, sample, samples

SNIPPET = ("Install", "html")
STUB = ("Calls before it has loaded", "js")
ELENA = {"id": "u-1", "name": "Elena Marsh", "email": "elena@northlight.example"}
SIGNERS = {
    "js": ["node", "--input-type=module", "-"],
    "python": [sys.executable, "-"],
}
SIGNS = {
    "js": f"console.log(supportToken({ELENA}));",
    "python": ("from types import SimpleNamespace\n"
               f"print(support_token(SimpleNamespace(**{ELENA})))"),
}
# How a sample's syntax is judged, and what has to stand before it.
CHECKED = {
    "js": (["esbuild", "--loader=js", "--format=esm", "--log-level=warning"], ""),
    "jsx": (["esbuild", "--loader=jsx", "--format=esm", "--log-level=warning"], ""),
    "ruby": (["ruby", "-c"], ""),
    "php": (["php", "-l"], "<?php\n"),
    "go": (["gofmt", "-e"], ""),
}


def page(host, *, head="", body="", module=""):
    """A page with samples in it, and a module of the product's own at /support.js."""
    markup = f'<!doctype html><html lang="en"><head><link rel="icon" href="data:,">{head}</head>'
    host.product.pages["/own"] = (f"{markup}<body><h1>Own page</h1>{body}</body></html>", {})
    host.product.pages["/support.js"] = (module, {"Content-Type": "text/javascript"})
    return host


def of(host, *place, **which):
    return for_site(sample(*place, **which), host.server.url, host.site)


def test_the_snippet_is_all_that_a_page_needs(host):
    page(host, head=of(host, *SNIPPET)).visit()
    expect_answer(host)


def test_calls_with_the_stub_in_front_wait_for_the_script(host):
    early = 'maitred("compose", "Hello").then(() => (document.title = "told"));'
    head = f"<script>{of(host, *STUB)}{early}</script>{of(host, *SNIPPET)}"
    page(host, head=head).visit()
    expect(host.field).to_have_value("Hello")
    expect(host.page).to_have_title("told")


def test_the_module_brings_the_chat(host):
    module = of(host, "From a module, with types", "js", holding="export const support")
    own = 'import { support } from "/support.js"; support("compose", "Hello");'
    page(host, body=f'<script type="module">{own}</script>', module=module).visit()
    expect(host.field).to_have_value("Hello")
    # A second module that imports it, or runs again, brings no second chat.
    host.page.evaluate("import('/support.js?again').then(({ support }) => support('close'))")
    expect(host.dialog).to_be_hidden()
    expect(host.page.locator("script[src*=loader]")).to_have_count(1)
    expect_answer(host)


def test_unread_messages_are_told_as_in_the_sample(host, marta):
    told = of(host, "Events", "js")
    body = ('<i id="badge"></i><script type="module">'
            'const badge = document.querySelector("#badge");'
            f"{told}window.isHeard = true;</script>")
    head = f"<script>{of(host, *STUB)}</script>{of(host, *SNIPPET)}"
    page(host, head=head, body=body).visit()
    host.page.wait_for_function("window.isHeard")
    host.open_chat().say("I want to talk to a person")
    marta.accept()
    expect(host.chat.locator('.change[data-say="joined"]')).to_be_visible()
    host.call("close")
    marta.reply("Hello")
    expect(host.page.locator("#badge")).to_have_text("1")


def test_the_page_says_where_it_is_and_holds_back_what_the_sample_does(host):
    head = f"<script>{of(host, *STUB)}</script>{of(host, *SNIPPET)}"
    place = "Where the customer is, and what leaves the page"
    calls = of(host, place, "js", holding="context") + of(host, place, "js", holding="beforeSend")
    page(host, head=head, body=f"<script>{calls}</script>").visit()
    host.open_chat()
    told = host.is_told(lambda context: context.get("page") == "billing.invoice")
    assert told["facts"] == {"invoice_id": "in_123", "plan": "pro"}
    host.page.evaluate("history.pushState(null, '', '/admin/users')")
    host.call("context", {"page": "admin"})
    host.page.evaluate("history.pushState(null, '', '/own')")
    host.call("context", {"page": "later", "facts": {"email": "ida@fjordfern.example", "a": 1}})
    assert host.is_told(lambda context: context.get("page") == "later")["facts"] == {"a": 1}
    assert all(context.get("page") != "admin" for context in host.contexts())


@pytest.mark.parametrize("language", SIGNERS)
def test_a_customer_is_named_by_what_the_sample_signs(host, marta, language):
    signer = sample("Who the customer is", language, holding="upport")
    environment = {**os.environ, "MAITRED_SITE": host.site, "MAITRED_SECRET": host.product.secret}
    done = subprocess.run(SIGNERS[language], input=f"{signer}\n{SIGNS[language]}\n", text=True,
                          capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    host.product.pages["/maitred-token"] = (
        done.stdout.strip(), {"Content-Type": "text/plain", "Cache-Control": "no-store"})
    identify = of(host, "Who the customer is", "js", holding="identify")
    head = f"<script>{of(host, *STUB)}{identify}</script>{of(host, *SNIPPET)}"
    page(host, head=head).visit()
    host.open_chat().say("I want to talk to a person")
    expect(marta.offer).to_contain_text("Elena Marsh")


def test_the_diagnosis_finds_nothing_wrong(host, windows):
    page(host, head=of(host, *SNIPPET)).visit()
    host.open_chat()
    diagnosis = of(host, "When it does not connect", "js")
    with host.page.expect_console_message(lambda said: "[ok] socket" in said.text) as said:
        host.page.evaluate(f"(async () => {{ {diagnosis} }})()")
    assert "nothing is wrong" in said.value.text
    # What it tries on the way is refused, and the browser tells of that.
    windows.problems.clear()


def test_the_declarations_are_where_they_are_fetched_from(host):
    command = shlex.split(of(host, "From a module, with types", "", holding="curl"))
    answer = host.page.request.get(command[-1])
    assert answer.ok and "maitred" in answer.text()


def test_the_commands_are_commands(host):
    added = shlex.split(of(host, "Install", "", holding="site add"))[1:]
    assert "site_" in host.server.order(*added)
    for line in of(host, "Hours and questions", "").splitlines():
        host.server.order(*shlex.split(line)[1:])
    config = host.page.request.get(f"{host.server.url}/v1/widget/config?site={host.site}").json()
    assert config["hours"]["timezone"] == "Europe/Berlin"


@pytest.mark.parametrize("line, language, code", samples(*CHECKED))
def test_every_sample_is_of_its_language(line, language, code):
    command, before = CHECKED[language]
    if not shutil.which(command[0]):
        pytest.skip(f"there is no {command[0]}")
    done = subprocess.run(command, input=before + code, text=True, capture_output=True,
                          check=False)
    assert done.returncode == 0, f"line {line}: {done.stderr}"
