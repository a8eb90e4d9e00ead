"""Pages that are hostile to what they embed, by malice or by habit."""

import pytest
from playwright.sync_api import expect

from embedding import Host, expect_answer, host, product  # noqa: F401 (fixtures)

# All of a page but its root and body, which would take the page itself with them.
HOSTILE_STYLE = """<style>
html, body { all: unset !important; display: block !important }
body, body * , html > :not(head, body) { all: unset !important }
html > div, div, #maitred { display: none !important; visibility: hidden !important;
    opacity: 0 !important; transform: scale(0) !important; position: static !important }
iframe { display: none !important } button { display: none !important }
* { font-size: 90px !important; color: red !important; pointer-events: none !important }
</style>"""

# Methods that pages and their libraries have been seen to replace.
BROKEN_BUILTINS = """<script>
const fail = (name) => function () { throw new Error(`${name} of the page`); };
for (const name of ["map", "forEach", "filter", "find", "some", "every", "reduce", "includes",
    "indexOf", "push", "pop", "shift", "splice", "slice", "concat", "join", "flatMap", "at"]) {
    Array.prototype[name] = fail(name);
}
Array.prototype.toJSON = fail("toJSON");
for (const name of ["entries", "fromEntries", "keys", "values", "assign"]) {
    Object[name] = fail(name);
}
JSON.stringify = fail("stringify");
JSON.parse = fail("parse");
Promise.prototype.then = fail("then");
Promise.prototype.catch = fail("catch");
Promise.race = Promise.all = fail("race");
for (const name of ["append", "prepend", "before", "after", "replaceChildren"]) {
    Element.prototype[name] = fail(name);
}
window.fetch = window.XMLHttpRequest = fail("fetch");
window.postMessage = fail("postMessage");
window.structuredClone = fail("structuredClone");
history.pushState = new Proxy(history.pushState, {});
const create = document.createElement;
document.createElement = function (...values) {
    const element = create.apply(this, values);
    element.className = "wrapped by the page";
    return element;
};
Object.prototype.inherited = "by everything";
window.name = "maitred";
</script>"""

# What the loader takes for itself when it begins; afterwards nobody else has it.
BROKEN_AFTERWARDS = """() => {
    const fail = (name) => function () { throw new Error(`${name} of the page`); };
    document.createElement = Document.prototype.createElement = fail("createElement");
    for (const name of ["appendChild", "insertBefore"]) Node.prototype[name] = fail(name);
    for (const name of ["setAttribute", "append", "remove"]) Element.prototype[name] = fail(name);
    for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) {
        EventTarget.prototype[name] = window[name] = fail(name);
    }
    window.setTimeout = window.clearTimeout = window.setInterval = fail("setTimeout");
    window.MessageChannel = window.MutationObserver = window.Promise = fail("constructor");
    MessagePort.prototype.postMessage = MessagePort.prototype.start = fail("postMessage");
    HTMLElement.prototype.focus = fail("focus");
}"""


def test_no_style_of_the_page_reaches_the_widget(host):
    host.serve(head=HOSTILE_STYLE).visit()
    expect(host.launcher).to_have_css("pointer-events", "auto")
    expect(host.launcher).to_have_css("opacity", "1")
    box = host.launcher.bounding_box()
    assert (box["width"], box["height"]) == (56, 56)
    assert (box["x"], box["y"]) == (1280 - 76, 800 - 76)
    expect_answer(host)
    assert host.dialog.bounding_box()["width"] == 400


def test_the_page_is_laid_out_as_if_the_widget_were_not_there(host):
    grid = "<style>html { display: grid; gap: 40px } body { margin: 0; height: 300px }</style>"
    heights = []
    for loader in (False, True):
        host.serve(f"/own-{loader}", head=grid, loader=loader).visit(f"/own-{loader}")
        if loader:
            host.open_chat()
        heights.append(host.page.evaluate("[document.documentElement.scrollHeight,"
                                          " document.documentElement.scrollWidth]"))
    assert heights[0] == heights[1]


def test_builtins_that_the_page_has_replaced_are_not_needed(host):
    # Playwright needs some of them itself, so the page's own button does what the page does.
    button = """<button id="go">Go</button><script>
        document.querySelector("#go").addEventListener("click", () => {
            maitred("context", { page: "own.other", facts: { plan: "pro" } });
            history.pushState(null, "", "/own/other");
        })</script>"""
    host.serve(head=BROKEN_BUILTINS, body=button, options='data-preload="false"').visit()
    expect_answer(host)
    host.page.locator("#go").click()
    told = host.is_told(lambda context: context["url_path"] == "/own/other")
    assert told["page"] == "own.other" and told["facts"] == {"plan": "pro"}


def test_builtins_that_the_page_replaces_later_are_not_needed(host):
    host.serve().visit()
    expect(host.page.locator("#maitred iframe")).to_be_attached()
    host.page.evaluate(BROKEN_AFTERWARDS)
    expect_answer(host)
    host.page.evaluate("history.pushState(null, '', '/own/other')")
    host.is_told(lambda context: context["url_path"] == "/own/other")
    host.launcher.click()
    expect(host.dialog).to_be_hidden()


def test_builtins_that_the_page_replaces_before_the_chat_is_wanted_are_not_needed(host):
    host.serve(options='data-preload="false"').visit()
    expect(host.launcher).to_be_visible()
    host.page.evaluate(BROKEN_AFTERWARDS)
    expect_answer(host)


def test_a_page_that_throws_the_widget_out_gets_it_back(host):
    host.serve().visit()
    expect_answer(host)
    host.page.evaluate("document.querySelector('#maitred').remove()")
    expect(host.launcher).to_be_visible()
    expect(host.said_by("bot")).to_have_count(1)
    # Somebody puts another body there, as the frameworks that swap pages do.
    host.page.evaluate("""() => {
        const body = document.createElement("body");
        document.documentElement.replaceChildren(document.head, body);
    }""")
    expect(host.launcher).to_be_visible()


def test_a_page_that_insists_on_it_is_left_in_peace(host):
    host.serve().visit()
    expect(host.launcher).to_be_visible()
    removed = host.page.evaluate("""async () => {
        let count = 0;
        new MutationObserver(() => {
            const found = document.querySelector("#maitred");
            if (found) { found.remove(); count += 1; }
        }).observe(document.documentElement, { childList: true });
        document.querySelector("#maitred").remove();
        await maitred("ready");
        let last = -1;
        while (last !== count) {
            last = count;
            await new Promise((resolve) => setTimeout(resolve, 3000));
        }
        return count;
    }""")
    assert 1 <= removed <= 5


@pytest.mark.parametrize("script", [
    "window.maitred = { own: true }",
    "Object.defineProperty(window, 'maitred', { value: Object.freeze({ isLoaded: true }) })",
    "window.maitred = null",
], ids=["an object", "for good", "null"])
def test_another_meaning_of_the_name_breaks_nothing(host, script):
    host.serve(head=f"<script>{script}</script>").visit()
    expect_answer(host)


def test_an_element_of_that_name_breaks_nothing(host):
    host.serve(body='<div id="maitred">ours</div><a name="maitred">ours</a>').visit()
    assert host.call("ready") is None
    host.page.locator("div#maitred .launcher").click()
    expect(host.field).to_be_focused()


def test_a_second_copy_of_the_script_does_nothing(host):
    again = (f'<script async src="{host.server.url}/widget/v1/loader.js" '
             f'data-site="{host.site}"></script>')
    host.serve(body=again).visit()
    expect_answer(host)
    expect(host.page.locator("#maitred")).to_have_count(1)


def test_forged_messages_get_no_channel(host):
    host.serve().visit()
    expect_answer(host)
    heard = host.page.evaluate("""async () => {
        const heard = [];
        const frame = document.querySelector("#maitred").shadowRoot.querySelector("iframe");
        for (const target of ["*", new URL(frame.src).origin]) {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => heard.push(data);
            const hello = { maitred: 1, locale: "de", theme: "dark", open: true, base: "" };
            frame.contentWindow.postMessage(hello, target, [port2]);
            port1.postMessage({ t: "ask", text: "forged" });
            frame.contentWindow.postMessage({ t: "ask", text: "forged" }, target);
        }
        // Nothing of the window is listened to here either.
        for (const t of ["ended", "close", "ready"]) window.postMessage({ t }, "*");
        // A message that is answered came after all of these.
        await maitred("compose", "after");
        return heard;
    }""")
    expect(host.field).to_have_value("after")
    assert heard == []
    expect(host.dialog).to_be_visible()
    expect(host.chat.locator("html")).to_have_attribute("lang", "en")
    assert "forged" not in host.own_texts()


def test_a_window_beside_the_chat_cannot_even_find_it(host):
    # A frame of another origin in the same page, such as an advertisement, tries all the time;
    # frames in a shadow tree are not among the page's.
    intruder = """<script>
        window.heard = [];
        setInterval(() => {
            for (let at = 0; at < parent.frames.length; at += 1) {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = ({ data }) => heard.push(data);
                const hello = { maitred: 1, locale: "de", theme: "dark", open: true, base: "" };
                parent.frames[at].postMessage(hello, "*", [port2]);
            }
        }, 1);
        </script>"""
    beside = Host(host.page, host.product)
    beside.serve("/advertisement", body=intruder, loader=False)
    other = host.product.origin.replace("product.localhost", "advertisements.localhost")
    host.serve(body=f'<iframe src="{other}/advertisement"></iframe>').visit()
    expect_answer(host)
    expect(host.chat.locator("html")).to_have_attribute("lang", "en")
    frame = next(each for each in host.page.frames if each.url.startswith(other))
    assert frame.evaluate("heard") == []


def test_the_page_cannot_look_into_the_conversation(host):
    host.serve().visit()
    expect_answer(host)
    assert host.page.evaluate("""() => {
        const frame = document.querySelector("#maitred").shadowRoot.querySelector("iframe");
        try {
            return frame.contentWindow.document.body.innerText;
        } catch (error) {
            return error.name;
        }
    }""") == "SecurityError"
