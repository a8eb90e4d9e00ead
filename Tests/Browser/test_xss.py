"""Text stays text: in every field that somebody else fills in, wherever it is shown."""

import json
import re
import secrets
import time
import urllib.parse

import pytest
from playwright.sync_api import expect

from hooks import Hooks
from hostile import ATTACKS, TRAP, Behind, Texts, are_harmless, fill_workspace
from office import Office
from stage import answer_to, frame_of, staged
from test_context import signed

pytestmark = pytest.mark.parametrize("attack", ATTACKS)
ELENA = "elena@northlight.example"
PANELS = re.compile(r"/v1/conversations/[^/]+/panels(\?|$)")


@pytest.fixture
def texts(attack):
    return Texts(attack)


@pytest.fixture
def server(workspace, texts, tmp_path):
    running = workspace.copy(tmp_path / "data")
    fill_workspace(running.folder, texts)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def windows(windows):
    """Windows that notice when a text is run."""
    page = windows.page

    def watched(**options):
        opened = page(**options)
        opened.context.add_init_script(TRAP)
        opened.context.on("dialog", lambda dialog: windows.problems.append(f"a {dialog.type}"))
        opened.context.on("page", lambda other: windows.problems.append(f"opened {other.url}")
                          if other is not opened else None)
        return opened

    windows.page = watched
    return windows


@pytest.fixture
def site(server):
    [site] = [one for one in json.loads(server.order("site", "list", "--json"))
              if server.shop in str(one)]
    return site


@pytest.fixture
def behind(server, site):
    behind = Behind(server, site["key"])
    yield behind
    behind.close()


@pytest.fixture
def identity(server, site, texts, tmp_path):
    """Who a customer is, in the words of their product."""
    secret = secrets.token_hex(32)
    (tmp_path / "key").write_text(secret)
    server.order("site", "key", "add", site["key"], "--algorithm", "HS256", "--kid", "test",
                 "--file", tmp_path / "key")
    return signed(secret, "test", sub="u-1", aud=site["key"], exp=int(time.time()) + 600,
                  name=texts("customer"), email=ELENA)


async def arrival(behind, texts, identity):
    """A customer on a page who asks for a person: (customer, conversation)."""
    customer = behind.customer(identity=identity)
    await customer.open({
        "n": 1, "url_path": "/" + texts("address"), "title": texts("page title")})
    c = (await customer.say(texts("message")))["c"]
    await customer.ask("human", c=c)
    return customer, c


async def everything_else(behind, texts, customer, c):
    await customer.do("track", {"name": texts("happening"), "data": {
        texts("happening's name"): texts("happening's value")}}, c)
    upload = await behind.upload(customer, texts("file").replace("/", "-"))
    await customer.do("msg.send", {
        "cid": "with-a-file", "text": texts("message with a file"), "uploads": [upload]}, c)
    await customer.do("context", {
        "n": 2, "url_path": "/" + texts("next address"), "title": texts("next page title"),
        "page": texts("page name"), "facts": {texts("fact name"): texts("fact")}}, c)
    await customer.do("csat", {"score": 1, "comment": texts("comment")}, c)
    stranger = behind.customer()
    await stranger.open()
    other = (await stranger.say("I want to talk to a person"))["c"]
    await stranger.of_type("form.show", other)
    await stranger.do("form.submit", {
        "form": "contact",
        "values": {"name": texts("form answer"), "email": "sam@paperboat.example"}}, other)
    jonas = await behind.agent("jonas")
    await jonas.do("tag", {"add": [texts("tag")]}, c)
    await jonas.do("note", {"cid": "from-jonas", "text": texts("colleague's note")}, c)
    # Become a decision, and what a plugin has done, on their way to the console.
    for name in (DECIDED, DONE):
        await customer.do("track", {"name": name, "data": {}}, c)
    await jonas.do("takeover", c=other)
    await jonas.do("transfer", {"skill": texts("skill"), "note": texts("transfer's note")}, other)
    await jonas.do("takeover", c=other)
    await jonas.do("bot.return", {"instruction": texts("instruction")}, other)
    await jonas.close()


def test_at_the_console(windows, behind, texts, identity):
    marta = windows.agent("marta")
    marta.page.route_web_socket(re.compile(r"/v1/ws$"), lambda socket: rewrite(socket, texts))
    marta.log_in()
    customer, c = behind.do(arrival(behind, texts, identity))
    expect(marta.offer).to_be_visible()
    texts.are_shown(marta.page.main_frame, "customer", "marta")
    before = set(texts.made)
    marta.page.route(PANELS, lambda route: route.fulfill(json=panels(texts)))
    marta.accept()
    marta.reply(texts("reply")).note(texts("note"))
    behind.do(everything_else(behind, texts, customer, c))
    marta.page.locator("#filter-all").click()
    for details in marta.page.locator("#timeline details, aside details").all():
        details.evaluate("details => { details.open = true; }")
    # A page's own name is for programs: its title is shown.
    told = set(texts.made) - before - {"page name", "skill", "transfer's note", "instruction"}
    texts.are_shown(marta.page.main_frame, *told, "customer", "message", "page title",
                    "record company", "record tier", "jonas", "decided", "acted")
    marta.field.fill("/")
    texts.are_shown(marta.page.main_frame, "canned title hello", "canned text hello")
    marta.page.get_by_role("searchbox").fill(texts("search"))
    expect(marta.page.locator("#results")).to_be_visible()
    marta.page.get_by_role("searchbox").fill("message")
    expect(marta.page.locator("#results .row--hit").first).to_be_visible()
    are_harmless(marta.page.main_frame)
    marta.page.get_by_role("searchbox").fill("")
    marta.page.locator("#rows .row").filter(has_text="form answer").click()
    texts.are_shown(marta.page.main_frame, "transfer's note")


DECIDED, DONE = "a decision is made", "an action is carried out"


def rewrite(socket, texts):
    """Has the server say what nobody can teach it here in a moment, and what a plugin would do."""
    server = socket.connect_to_server()
    intents = [{"intent": texts("intent"), "title": texts("intent's title")}]
    events = {DECIDED: decision(texts("decided"), texts.attack),
              DONE: action(texts("acted"), texts.attack)}

    def said(text):
        frame = json.loads(text)
        d = frame.get("d", {})
        if frame["t"] == "welcome":
            d["intents"] = intents
        elif frame["t"] == "event.new" and d["type"] == "tracked" and d["name"] in events:
            frame["d"] = {**events[d["name"]], "at": d["at"]}
        socket.send(json.dumps(frame))

    server.on_message(said)


def decision(words, attack):
    """An event of the assistant's, with words wherever it has some."""
    return {"type": "decided", "decision": "dec_1", "action": "clarify", "intent": words,
            "confidence": 0.5, "threshold": 0.9, "mood": 0, "urgency": 0.1, "out_of_scope": 0.1,
            "language": attack, "rule": attack, "against": words, "margin": 0.1, "lead": 0.1,
            "ranking": [{"intent": words, "title": words, "p": 0.5},
                        {"intent": attack, "title": words, "p": 0.4}],
            "evidence": [{"text": words, "weight": 0.5}], "context": [attack, words],
            "nearest": {"text": words, "intent": words, "similarity": 0.5}, "caution": [attack]}


def action(words, attack):
    """An event of a plugin's."""
    return {"type": "action", "run": "run_1", "plugin": attack, "action": attack, "title": words,
            "summary": words, "state": "done", "input": {attack: attack},
            "by": {"kind": "agent", "id": "agt_1", "name": attack}}


def panels(texts):
    """What plugins may put beside a conversation, with a text in each of its places."""
    attack = texts.attack
    return {"panels": [{
        "plugin": "test.tools", "id": "tools", "title": texts("panel"), "refresh_s": 60,
        "error": None, "blocks": [
            {"type": "badge", "text": texts("badge"), "tone": attack},
            {"type": "text", "text": texts("panel text")},
            {"type": "fields", "fields": [
                {"name": texts("field name"), "value": texts("field value")}]},
            {"type": "table", "columns": [texts("column")], "rows": [[texts("cell")]]},
            {"type": "link", "title": texts("panel link"), "url": attack},
            {"type": "link", "title": texts("panel script"), "url": " \tjavascript:ran(1)"},
            {"type": "image", "url": "data:text/html,<script>ran(1)</script>",
             "alt": texts("picture")},
            {"type": "button", "title": texts("panel button"), "action": attack, "input": {}},
            {"type": "form", "title": texts("panel form"), "action": attack},
            {"type": attack, "text": "unknown"}]}, {
        "plugin": "test.tools", "id": "ill", "title": texts("panel without content"),
        "refresh_s": 60, "error": texts("panel's error"), "blocks": []}]}


def text(words):
    return {"type": "text", "text": words}


def blocks(texts):
    """A message of everything that a message can be made of."""
    attack = texts.attack
    links = [{"type": "link", "url": url, "inline": [text(texts(f"link {number}"))]}
             for number, url in enumerate([
                 attack, "javascript:ran(1)", "JaVaScRiPt:ran(1)", "java\nscript:ran(1)",
                 "\u0001javascript:ran(1)", "data:text/html,<script>ran(1)</script>",
                 "vbscript:ran(1)", "//example.com/x", "/\\example.com"])]
    return [
        {"type": "heading", "level": 1, "inline": [text(texts("heading"))]},
        {"type": "paragraph", "inline": [
            text(texts("words")), {"type": "code", "text": texts("code")},
            {"type": "strong", "inline": [text(texts("strong"))]},
            {"type": "emphasis", "inline": [text(texts("emphasis"))]}, *links]},
        {"type": "list", "ordered": attack, "items": [
            [{"type": "paragraph", "inline": [text(texts("item"))]}]]},
        {"type": "code", "language": attack, "text": texts("program")},
        {"type": "quote", "blocks": [
            {"type": "paragraph", "inline": [text(texts("quotation"))]}]},
        {"type": "image", "url": "javascript:ran(1)", "alt": texts("image")},
        {"type": "link_card", "url": "javascript:ran(1)", "title": texts("card"),
         "text": texts("card's text"), "image": {"url": "javascript:ran(1)"}},
        {"type": attack, "text": "unknown"}]


def form(texts):
    attack = texts.attack
    return {"form": "prechat", "title": texts("form"), "optional": True, "fields": [
        *[{"name": f"a-{kind}", "label": texts(f"{kind} field"), "kind": kind}
          for kind in ("text", "email", "checkbox", "textarea")],
        {"name": attack, "label": texts("select field"), "kind": "select", "options": [
            {"id": attack, "title": texts("option")}, texts("choice")]}]}


def test_in_the_chat(windows, texts, behind):
    customer = windows.customer().visit().open_chat()
    frame = frame_of(customer)
    texts.are_shown(frame, "greeting")
    customer.say("Where can I download my invoice?")
    expect(customer.said_by("bot").first).to_be_visible()
    customer.say("How do I import my projects from Trello?")
    expect(customer.chat.locator(".source").first).to_be_visible()
    customer.say(texts("message"))
    texts.are_shown(frame, "assistant", "message", "article import-from-another-tool")
    customer.chat.locator("#files").set_input_files([
        {"name": texts("file").replace("/", "-"), "mimeType": "text/plain", "buffer": b"words"}])
    expect(customer.chat.locator("#tray [data-state=done]")).to_have_count(1)
    customer.say(texts("message with a file"))
    customer.ask_for_a_person()
    marta = windows.agent("marta").log_in()
    marta.accept().reply(texts("reply"))
    texts.are_shown(frame, "reply", "marta", "message with a file")
    customer.page.reload()
    customer.is_connected()
    frame = frame_of(customer)
    texts.are_shown(frame, "reply", "message", "marta")
    are_harmless(customer.page.main_frame)
    are_harmless(marta.page.main_frame)


def test_in_whatever_the_server_may_say_to_the_chat(windows, texts):
    customer = staged(windows, config={
        "site": {"name": texts("site"), "greeting": texts("greeting"), "colour": texts.attack},
        "suggestions": [{"id": texts.attack, "title": texts("suggestion")}],
        "hours": {"open": True, "opens_at": None, "timezone": texts.attack,
                  "text": texts("hours")}})
    customer.open_chat()
    frame, wire = frame_of(customer), customer.wire
    texts.are_shown(frame, "greeting", "suggestion", "hours")
    customer.say("Where can I download my invoice?")
    expect(customer.said_by("bot")).to_have_count(1)
    before = set(texts.made)
    author = {"kind": "agent", "id": "agent_1", "name": texts("author")}
    wire.message("agent", "Blocks", blocks=blocks(texts), **{"from": author})
    wire.message("agent", texts("with files"), files=[
        {"id": "fil_1", "name": texts("file"), "type": texts.attack, "size": 1}])
    wire.message("bot", texts("an answer"), sources=[
        {"article": "one", "title": texts("source"), "url": "javascript:ran(1)"}],
        choices=[{"id": "one", "title": texts("quick reply")}])
    wire.say("form.show", **form(texts))
    texts.are_shown(frame, *sorted(set(texts.made) - before))
    wire.say("typing", who="agent_1", kind="agent", on=True)
    wire.say("msg.delta", m="msg_growing", i=0, text=texts("growing"))
    texts.are_shown(frame, "growing")
    are_harmless(customer.page.main_frame)


# What the server says of plugins and webhooks is words of other people, too.
WORDS = {"name", "title", "description", "detail", "reason", "message", "error", "text", "version",
         "summary", "publisher", "last_error", "faults", "line", "label", "url", "action", "state",
         "sandbox", "source", "homepage", "licence"}


def soiled(value, texts, key=""):
    """JSON with the attack behind every word in it."""
    if isinstance(value, dict):
        return {name: soiled(one, texts, name) for name, one in value.items()}
    if isinstance(value, list):
        return [soiled(one, texts, key) for one in value]
    return f"{value} {texts.attack}" if isinstance(value, str) and key in WORDS else value


def test_on_the_pages_of_plugins_and_webhooks(windows, server, texts):
    marta = windows.agent("marta").log_in(state="away")
    hooks = Hooks(marta).visit()
    hooks.add("https://example.com/hook", "A customer rates", description=texts("webhook"))
    hooks.keep()
    texts.are_shown(marta.page.main_frame, "webhook")
    hooks.visit()
    texts.are_shown(marta.page.main_frame, "webhook")
    marta.page.route(re.compile("/v1/(plugins|webhooks)(/|$)"), lambda route: route.fulfill(
        json=soiled(answer_to(route.request), texts)))
    office = Office(marta)
    for page in (office, hooks):
        page.visit()
        marta.page.reload()
        texts.is_shown(marta.page.main_frame)
    office.visit("maitred.crm-csv")
    marta.page.reload()
    texts.is_shown(marta.page.main_frame)
    # The page goes on asking.
    marta.page.unroute_all(behavior="ignoreErrors")


def test_in_the_addresses_of_pages(windows, server, site, texts):
    # Pages that are not there are complained of.
    windows.allows_cuts = True
    attack = urllib.parse.quote(texts.attack, safe="")
    marta = windows.agent("marta").log_in(state="away")
    page = windows.page()
    for frame, address in [
            *[(page, server.shop + path) for path in (
                f"/demo/{attack}", f"/demo/projects/{attack}", f"/demo/?site={attack}#{attack}",
                f"/demo/widget.html?{attack}#{attack}")],
            *[(page, f"{server.url}/widget/v1/frame?{query}") for query in (
                f"site={site['key']}&origin={attack}&lang={attack}", f"site={attack}")],
            *[(marta.page, f"{server.url}/console/{place}") for place in (
                f"#plugins/{attack}", f"#webhooks/{attack}", f"?{attack}#{attack}")]]:
        frame.goto("about:blank")
        frame.goto(address)
        frame.wait_for_load_state("networkidle")
        are_harmless(frame.main_frame)
