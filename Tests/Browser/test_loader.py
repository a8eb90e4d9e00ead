"""`window.maitred` as the scripts of a page use it."""

import re

from playwright.sync_api import expect

from embedding import STUB, Host, expect_answer, host, product  # noqa: F401 (fixtures)


def test_calls_made_before_the_loader_wait_for_it(host):
    early = f"""<script>{STUB}
        window.answers = [];
        maitred("ready").then(() => answers.push("ready"));
        maitred("on", "open", () => answers.push("opened")).then((off) => answers.push(typeof off));
        maitred("opne").catch((error) => answers.push(error.message));
        maitred("open").then(() => answers.push("open"));
        </script>"""
    host.serve(head=early).visit()
    host.is_connected()
    answers = host.page.evaluate("answers")
    assert sorted(answers) == sorted([
        "ready", "function", "opened", "open",
        "maitred: there is no method 'opne'. Did you mean 'open'?"])


def test_a_page_may_name_its_site_later(host):
    loader = f'<script async src="{host.server.url}/widget/v1/loader.js"></script>'
    host.serve(head=f"<script>{STUB}</script>{loader}", loader=False).visit()
    host.page.evaluate("void (window.ready = maitred('ready').then(() => 'ready'))")
    expect(host.page.locator("#maitred")).to_have_count(0)
    assert host.call("boot") == "maitred: boot needs a site, or the script a data-site."
    assert host.call("boot", {"site": host.site, "colour": "#ffd400"}) is None
    assert host.page.evaluate("ready") == "ready"
    expect(host.launcher).to_have_css("background-color", "rgb(255, 212, 0)")
    # On yellow, what is drawn is dark.
    expect(host.launcher).to_have_css("color", "rgb(16, 24, 28)")
    assert "has been booted" in host.call("boot", {"site": "site_other"})


def test_mistakes_are_told_in_words(host):
    host.serve().visit()
    assert host.call("toggel") == "maitred: there is no method 'toggel'. Did you mean 'toggle'?"
    assert "Did you mean 'unread'?" in host.call("on", "unreed")
    assert host.call("ask", 5) == "maitred: 'ask' takes a text, not number."
    assert "Did you mean 'colour'?" in host.call("boot", {"color": "#000000"})


def test_nothing_is_loaded_before_the_first_sign_of_interest(host):
    asked = []
    host.page.on("request", lambda request: asked.append(request.url))
    host.serve(options='data-preload="false"').visit()
    expect(host.launcher).to_be_visible()
    of_ours = [url for url in asked if url.startswith(host.server.url)]
    assert [url.rpartition("/")[2] for url in of_ours] == ["loader.js"]
    host.launcher.hover()
    expect(host.page.locator("#maitred iframe")).to_be_attached()
    expect_answer(host)


def test_a_call_is_enough_to_load_what_does_it(host):
    host.serve(options='data-preload="false"').visit()
    assert host.call("ready") is None
    expect(host.page.locator("#maitred iframe")).to_have_count(0)
    assert host.call("open") is None
    expect(host.field).to_be_focused()
    assert host.call("close") is None
    expect(host.dialog).to_be_hidden()
    expect(host.launcher).to_be_focused()
    host.call("toggle")
    expect(host.dialog).to_be_visible()


def test_a_second_part_that_does_not_arrive_is_asked_for_again(host, windows):
    windows.allows_cuts = True
    first = re.compile(r"/host/host\.js$")
    host.page.route(first, lambda route: route.abort())
    host.serve(options='data-preload="false"').visit()
    why = host.call("ready")
    assert "could not load from" in why and "policy" in why
    host.launcher.click()
    expect(host.field).to_be_focused()


class SlowFrames:
    """Holds the chat's frames back until they are let go."""

    def __init__(self, page):
        self.waiting = []
        page.route(re.compile("/widget/v1/frame"), lambda route: self.waiting.append(route))

    def let_go(self):
        for route in self.waiting:
            route.continue_()


def test_a_chat_that_comes_later_takes_the_focus_when_it_is_there(host):
    slow = SlowFrames(host.page)
    host.serve(options='data-preload="false"').visit()
    host.launcher.click()
    expect(host.page.locator("#maitred iframe")).to_be_attached()
    # A frame that gets the focus sooner may lose the keys to the process it comes from.
    expect(host.launcher).to_be_focused()
    slow.let_go()
    expect(host.field).to_be_focused()
    host.page.keyboard.type("Where can I download my invoice?")
    expect(host.field).to_have_value("Where can I download my invoice?")


def test_a_chat_that_comes_later_leaves_whoever_went_on_in_the_page(host):
    slow = SlowFrames(host.page)
    host.serve(options='data-preload="false"', body='<input id="search">').visit()
    host.launcher.click()
    expect(host.page.locator("#maitred iframe")).to_be_attached()
    host.page.locator("#search").focus()
    slow.let_go()
    host.is_connected()
    host.page.keyboard.type("lamps")
    expect(host.page.locator("#search")).to_have_value("lamps")


def test_events_are_told_until_nobody_wants_them(host):
    host.serve().visit()
    for event in ("open", "close", "connection", "message:sent", "message:received"):
        host.hear(event)
    host.open_chat()
    host.heard("open")
    assert host.heard("connection")["state"]
    host.say("Where can I download my invoice?")
    sent, received = host.heard("message:sent"), host.heard("message:received")
    assert sent["from"] == "customer" and received["from"] == "bot"
    # That there was a message is all the page learns of it.
    assert set(sent) == set(received) == {"at", "from"}

    count = host.page.evaluate("""async () => {
        let count = 0;
        const off = await maitred("on", "close", () => (count += 1));
        await maitred("close");
        off();
        await maitred("open");
        await maitred("close");
        return count;
    }""")
    assert count == 1


def test_what_was_said_before_the_page_came_is_not_told_again(host):
    host.serve().visit()
    host.hear("message:received")
    host.open_chat().say("Where can I download my invoice?")
    before = host.heard("message:received")
    host.visit()
    host.hear("message:received")
    # It was open when the page was left, and is again.
    expect(host.chat.locator(".line--bot")).to_have_count(1)
    host.say("How do I change my plan?")
    assert host.heard("message:received")["at"] > before["at"]


def test_a_listener_that_fails_is_the_pages_own_trouble(host, windows):
    host.serve().visit()
    host.page.evaluate("""() => maitred("on", "open", () => { throw new Error("own trouble") })
        .then(() => null)""")
    host.hear("open")
    host.open_chat()
    host.heard("open")
    assert windows.problems and all("own trouble" in each for each in windows.problems)
    windows.problems.clear()


def test_the_page_may_write_for_the_customer(host):
    host.serve().visit()
    host.call("compose", "I would like to")
    expect(host.field).to_have_value("I would like to")
    assert host.own_texts() == []
    host.call("ask", "Where can I download my invoice?")
    expect(host.said_by("bot")).to_have_count(1)
    assert host.own_texts() == ["Where can I download my invoice?"]


def test_the_launcher_can_be_hidden(host):
    host.serve().visit()
    host.call("hide")
    expect(host.launcher).to_be_hidden()
    host.call("open")
    expect(host.field).to_be_visible()
    host.call("show")
    expect(host.launcher).to_be_visible()


def test_language_and_colours_change_while_the_page_is_there(host):
    host.serve(options='data-theme="light"').visit().open_chat()
    host.call("theme", "dark")
    expect(host.chat.locator("html")).to_have_attribute("data-theme", "dark")
    host.call("locale", "de")
    expect(host.chat.locator("html")).to_have_attribute("lang", "de")
    expect(host.launcher).to_have_accessible_name("Chat schließen")
    expect(host.chat.locator("html")).to_have_attribute("data-theme", "dark")


def test_unread_messages_are_counted_in_the_title_of_the_page(host, marta):
    host.serve().visit().open_chat().say("I want to talk to a person")
    marta.accept()
    expect(host.chat.locator('.change[data-say="joined"]')).to_be_visible()
    host.hear("unread")
    host.call("close")
    marta.reply("Found it")
    expect(host.page).to_have_title("(1) Own page")
    assert host.heard("unread") == 1
    marta.reply("All is well now")
    expect(host.page).to_have_title("(2) Own page")
    host.call("open")
    expect(host.page).to_have_title("Own page")


def test_the_title_stays_as_it_is_where_the_page_wants_that(host, marta):
    host.serve(options='data-title="false"').visit().open_chat().say("I want to talk to a person")
    marta.accept()
    host.call("close")
    marta.reply("Found it")
    expect(host.launcher).to_have_accessible_name(re.compile("unread"))
    expect(host.page).to_have_title("Own page")


def test_a_page_whose_identify_fails_has_a_chat_without_a_name(host):
    host.serve().visit()
    host.hear("error")
    host.page.evaluate("""() => maitred("identify", async () => {
        window.asked = (window.asked ?? 0) + 1;
        throw new Error("502 from our own server");
    })""")
    expect_answer(host)
    assert host.page.evaluate("asked") >= 1
    failure = host.heard("error")
    assert failure == {"code": "identify", "message": "identify failed: 502 from our own server"}


def test_the_end_of_a_session_is_the_end_in_every_tab(host, windows):
    host.serve().visit()
    expect_answer(host)
    other = Host(host.page.context.new_page(), host.product).serve().visit()
    expect(other.launcher).to_be_visible()
    other.open_chat()
    expect(other.said_by("bot")).to_have_count(1)

    assert host.call("shutdown") is None
    for tab in (host, other):
        expect(tab.page.locator("#maitred")).to_have_count(0)
        assert tab.call("open") == "maitred: 'open' after shutdown."
    # Somebody else sits down at the same machine.
    assert other.call("boot") is None
    other.open_chat()
    expect(other.chat.locator("#log .line .bubble")).to_have_count(0)


def test_a_session_ends_although_the_chat_was_never_opened_on_this_page(host):
    host.serve(options='data-preload="false"').visit()
    expect_answer(host)
    host.call("close")
    host.page.reload()
    expect(host.page.locator("#maitred iframe")).to_have_count(0)
    assert host.call("shutdown") is None
    host.call("boot")
    host.open_chat()
    expect(host.chat.locator("#log .line .bubble")).to_have_count(0)


def test_a_chat_that_does_not_answer_says_so_and_is_tried_again(host, windows):
    # An error page in the frame's place is not the chat's origin, which Chromium remarks upon.
    windows.allows_cuts = True
    frames = re.compile("/widget/v1/frame")
    host.page.route(frames, lambda route: route.abort())
    host.serve().visit()
    host.hear("error")
    host.launcher.click()
    again = host.page.locator("#maitred .again")
    expect(again).to_be_focused(timeout=20_000)
    expect(host.page.locator("#maitred .failed")).to_contain_text("cannot be reached")
    assert host.heard("error")["code"] == "unreachable"
    host.page.keyboard.press("Escape")
    expect(host.dialog).to_be_hidden()
    expect(host.launcher).to_be_focused()
    host.page.unroute(frames)
    host.launcher.click()
    expect(host.field).to_be_focused()
    host.call("close")
    expect_answer(host)
    windows.problems[:] = [each for each in windows.problems if "target origin" not in each]
