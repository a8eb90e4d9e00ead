"""Plugins at the console: their page, their panels beside a conversation, their actions."""

import json
import re

import pytest
from playwright.sync_api import expect

import desk_tools
import server as servers
from office import Office
from people import NARROW, WIDE
from test_accessibility import UNFIT
from test_screenshots import FOLDER, take

RIGHT_TO_LEFT = """new MutationObserver((_, observer) => {
    if (!document.documentElement) return;
    document.documentElement.dir = "rtl";
    observer.disconnect();
}).observe(document, { childList: true })"""
TOO_WIDE = "page => page.scrollWidth > page.clientWidth"
ACT = "**/v1/actions/desk.refund"
PANELS = re.compile(r"/v1/conversations/[^/]+/panels(\?|$)")


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """A folder with plugins of others."""
    folder = tmp_path_factory.mktemp("plugins")
    desk_tools.build(folder)
    return folder


@pytest.fixture
def server(workspace, workshop, tmp_path, monkeypatch, request):
    """With crm-csv and hello-c switched on, and the tools of the desk for who asks for them."""
    folders = [str(servers.ROOT / "Plugins"), str(workshop)]
    monkeypatch.setenv("MAITRED_PLUGIN_FOLDERS", ",".join(folders))
    running = workspace.copy(tmp_path / "data")
    settings = running.folder / "plugins.json"
    plugins = {**json.loads(settings.read_text()), "maitred.hello-c": {"config": {}}}
    if "tools" in request.fixturenames:
        plugins["test.desk-tools"] = {"config": {"token": "tok-1"}}
    if "brittle" in request.fixturenames:
        plugins["test.brittle"] = {"config": {}}
    settings.write_text(json.dumps(plugins))
    running.start()
    yield running
    running.kill()


@pytest.fixture
def tools():
    """Asks for the tools of the desk."""


@pytest.fixture
def brittle():
    """Asks for the plugin that ends as soon as it has started."""


@pytest.fixture
def office(windows):
    return Office(windows.agent("marta").log_in(state="away"))


@pytest.fixture
def talk(tools, windows, server):
    """A conversation that marta has accepted, with the panels of the plugins beside it."""
    marta = windows.agent("marta").log_in()
    windows.customer().visit().open_chat().say("I want to talk to a person")
    marta.accept()
    expect(panel(marta)).to_contain_text("Gold")
    return marta


def panel(agent, title="Orders"):
    return agent.panel.get_by_role("region", name=title, exact=True).first


# The page


def test_the_list_says_how_each_plugin_is(office):
    office.page.get_by_role("link", name="Plugins").click()
    expect(office.page.get_by_role("heading", name="Plugins", level=1)).to_be_focused()
    running = office.row("maitred.crm-csv")
    expect(running).to_contain_text("Running")
    expect(running).to_contain_text(re.compile(r"Sandbox(Full|Partial|Off)"))
    expect(running).to_contain_text(re.compile(r"Memory[\d.]+ MB"))
    expect(running).to_contain_text("Plugin folder")
    expect(office.row("maitred.hello-c")).to_contain_text("Running")
    off = office.row("test.desk-tools")
    expect(off).to_contain_text("Off")
    expect(off).to_contain_text("2 actions, 2 panels")
    assert office.page.locator("html").evaluate(UNFIT) == []
    office.page.get_by_role("link", name="Conversations").click()
    expect(office.page.locator("#plugins")).to_be_hidden()
    expect(office.page.locator("#inbox")).to_be_visible()


def test_why_one_cannot_be_used_is_one_click_away(office):
    why = office.visit().page.get_by_role("button", name="Why: odd")
    lines = office.row("odd").locator(".why-not")
    expect(lines).to_be_hidden()
    why.press("Enter")
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(lines).to_contain_text("entry")


def test_one_that_ended_too_often_says_so_and_its_last_words_are_one_click_away(brittle, office):
    row = office.visit().row("test.brittle")
    # The third end comes about two seconds after the first.
    expect(row).to_contain_text("Stopped after failures", timeout=20_000)
    office.button("Why: Brittle").press("Enter")
    lines = row.locator(".why-not")
    expect(lines).to_be_visible()
    expect(lines).to_contain_text("the ledger cannot be read")


def test_a_server_without_plugins_says_what_to_do(office):
    office.page.route("**/v1/plugins", lambda route: route.fulfill(json={"plugins": []}))
    office.visit()
    expect(office.page.get_by_role("heading", name="No plugins yet")).to_be_visible()


def test_a_server_that_does_not_answer_is_asked_again(office, windows):
    windows.allows_cuts = True
    office.page.route("**/v1/plugins", lambda route: route.abort())
    office.visit()
    expect(office.page.get_by_text("could not be fetched")).to_be_visible()
    office.page.unroute("**/v1/plugins")
    office.button("Try again").click()
    expect(office.row("maitred.crm-csv")).to_be_visible()


def test_agents_have_no_such_page_and_supervisors_look_only(windows):
    priya = windows.agent("priya").log_in(state="away")
    priya.page.goto(f"{priya.server.url}/console/#plugins")
    expect(priya.page.locator("#inbox")).to_be_visible()
    expect(priya.page.get_by_role("link", name="Plugins")).to_have_count(0)
    look = Office(windows.agent("jonas").log_in(state="away")).visit("maitred.crm-csv")
    expect(look.page.get_by_text("Only admins change plugins")).to_be_visible()
    expect(look.field("Key column")).to_be_disabled()
    expect(look.button("Switch off").or_(look.button("Save"))).to_have_count(0)
    rule = look.visit("test.desk-tools").rule("Refund an order")
    expect(rule).to_contain_text("confirmed each time")
    expect(rule.get_by_role("button")).to_have_count(0)


def test_one_is_switched_on_with_a_yes_to_what_it_asks(office, windows):
    windows.allows_cuts = True
    office.visit("test.desk-tools")
    office.button("Switch on").click()
    expect(office.dialog).to_have_accessible_name("Switch on Desk tools?")
    expect(office.dialog).to_contain_text("Read the customer's email address")
    expect(office.dialog).to_contain_text("Send requests to ‹Shop address›/*")
    office.button("Allow and switch on").click()
    # What is missing is told where it is missing.
    token = office.field("Access token")
    expect(token).to_be_focused()
    expect(token).to_have_accessible_description(re.compile("This is needed"))
    token.fill("tok-secret")
    office.save()
    expect(office.settings).to_contain_text("It counts once the plugin is switched on")
    expect(office.settings.locator(".secret__state")).to_have_text("Set")
    assert "tok-secret" not in office.page.content()
    office.button("Switch on").click()
    office.button("Allow and switch on").click()
    office.is_in_state("Running")
    expect(office.log).to_contain_text("running version 1.0.0")
    office.button("Test connection").click()
    expect(office.page.get_by_role("status").filter(has_text="It works.")).to_be_visible()
    office.button("Switch off").click()
    office.dialog.get_by_role("button", name="Switch off").click()
    office.is_in_state("Off")


def test_what_was_entered_stays_when_it_is_refused(tools, office, windows):
    windows.allows_cuts = True
    office.visit("test.desk-tools")
    shop, tags = office.field("Shop address"), office.field("Tags 1")
    office.button("Add to Tags").click()
    expect(tags).to_be_focused()
    tags.fill("more than twelve")
    office.save()
    expect(tags).to_have_accessible_description(re.compile("Not longer than 12 characters"))
    tags.fill("vip")
    shop.fill("nowhere")
    office.save()
    expect(office.settings.get_by_role("alert")).to_contain_text("nothing has changed")
    expect(shop).to_be_focused()
    expect(shop).to_have_attribute("aria-invalid", "true")
    expect(shop).to_have_accessible_description(re.compile("not a web address"))
    expect(tags).to_have_value("vip")
    # A look at the others loses nothing either.
    office.page.get_by_role("link", name="All plugins").click()
    expect(office.row("test.desk-tools").get_by_role("link")).to_be_focused()
    office.page.keyboard.press("Enter")
    expect(shop).to_have_value("nowhere")
    shop.fill("https://other.example")
    office.save()
    expect(office.settings).to_contain_text("Saved.")
    office.page.reload()
    expect(shop).to_have_value("https://other.example")
    expect(tags).to_have_value("vip")


def test_a_secret_is_replaced_or_removed_unseen(office):
    plugin = office.seen_as(secrets_set=["token"])
    office.visit("test.desk-tools")
    expect(office.field("Whom")).to_be_hidden()
    office.field("Tell").select_option("by email")
    office.field("Whom").fill("ann@example.com")
    office.button("Replace: Access token").click()
    expect(office.field("Access token")).to_be_focused()
    office.field("Access token").fill("tok-2")
    office.save()
    expect(office.settings).to_contain_text("Saved")
    office.button("Remove: Access token").click()
    expect(office.settings).to_contain_text("Will be removed")
    office.button("Keep what is set: Access token").click()
    expect(office.settings.locator(".secret__state")).to_have_text("Set")
    sent = plugin["sent"][-1]["config"]
    assert sent == {"token": "tok-2", "notify": "by_email", "address": "ann@example.com"}


def test_an_older_version_comes_back_with_a_yes_to_what_it_asks(office, windows):
    windows.allows_cuts = True
    plugin = office.seen_as(previous_version="0.9.0", enabled=True, status="running")
    office.visit("test.desk-tools")
    office.button("Go back to 0.9.0").click()
    office.dialog.get_by_role("button", name="Go back to 0.9.0").click()
    expect(office.dialog).to_contain_text("Keep up to 1 MB of data of its own")
    office.button("Allow").click()
    expect(office.dialog).to_have_count(0)
    assert plugin["sent"][-1] == {"version": "0.9.0", "agreed": True}


# Who may have actions done


def test_who_may_have_an_action_done_is_said_action_by_action(office, windows):
    office.visit("test.desk-tools")
    refund = office.rule("Refund an order")
    office.button("Change the rule: Refund an order").press("Enter")
    expect(refund).to_contain_text("It moves money. Only people may have it done")
    who = refund.get_by_label("Who")
    expect(who).to_be_focused()
    who.select_option("Supervisors and the assistant")
    expect(refund).to_contain_text("The assistant could then have it done")
    who.select_option("Supervisors only")
    expect(refund.get_by_text("The assistant could")).to_have_count(0)
    refund.get_by_label("Times in 24 hours").fill("-1")
    expect(refund.get_by_label("Above", exact=True)).to_be_hidden()
    refund.get_by_label("Confirmation").select_option("Above an amount")
    refund.get_by_label("Above", exact=True).fill("5000")
    refund.get_by_role("button", name="Save").click()
    times = refund.get_by_label("Times in 24 hours")
    expect(times).to_be_focused()
    expect(times).to_have_accessible_description(re.compile("A whole number, 0 or more"))
    times.fill("20")
    refund.get_by_role("button", name="Save").click()
    expect(refund.get_by_role("status")).to_have_text("Saved. It counts from now on.")
    expect(office.button("Change the rule: Refund an order")).to_be_focused()
    office.page.reload()
    expect(refund).to_contain_text(
        "Supervisors only · 20 times in 24 hours · confirmed above 5000")
    assert office.fact("/v1/plugins/test.desk-tools")["policies"] == {"desk.refund": {
        "allow": ["supervisor"], "confirm": "agent_over_limit", "limit": 5000, "per_day": 20}}


def test_a_rule_that_is_emptied_is_as_usual_again_and_others_stay(office):
    action = {"name": "desk.refund", "title": "Refund an order", "effect": "money",
              "amount": "cents", "policy": {"allow": ["agent", "supervisor"], "per_day": 200,
                                            "confirm": "always", "limit": None}}
    lookup = {"name": "desk.lookup", "title": "Look up orders", "effect": "read", "amount": None}
    policies = {"desk.refund": {"per_day": 5}, "desk.lookup": {"allow": []}}
    plugin = office.seen_as(contributes={"actions": [lookup, action]}, policies=policies)
    refund = office.visit("test.desk-tools").rule("Refund an order")
    expect(refund).to_contain_text(
        "Agents and supervisors · 5 times in 24 hours · confirmed each time")
    office.button("Change the rule: Refund an order").click()
    expect(refund.get_by_label("Who").locator("option").first).to_have_text(
        "As usual: Agents and supervisors")
    times = refund.get_by_label("Times in 24 hours")
    expect(times).to_have_attribute("placeholder", "200")
    times.fill("")
    refund.get_by_role("button", name="Save").click()
    expect(refund.get_by_role("status")).to_have_text("Saved. It counts from now on.")
    assert plugin["sent"] == [{"policies": {"desk.lookup": {"allow": []}}}]
    office.button("Change the rule: Look up orders").click()
    choices = office.rule("Look up orders").get_by_label("Confirmation").locator("option")
    expect(choices.filter(has_text="Above an amount")).to_have_count(0)


def test_a_rule_that_is_refused_says_why_where_it_is_wrong(office, windows):
    windows.allows_cuts = True
    office.visit("test.desk-tools")
    office.page.route("**/policies", lambda route: route.fulfill(status=422, json={
        "detail": "no", "faults": ["policies.desk.refund.per_day: not a setting, or no value"]}))
    refund = office.rule("Refund an order")
    office.button("Change the rule: Refund an order").click()
    times = refund.get_by_label("Times in 24 hours")
    times.fill("7")
    refund.get_by_role("button", name="Save").click()
    expect(refund.get_by_role("alert")).to_contain_text("nothing has changed on the server")
    expect(times).to_be_focused()
    expect(times).to_have_accessible_description(re.compile("no value"))
    # A look at the others loses nothing that was entered.
    office.page.get_by_role("link", name="All plugins").click()
    office.row("test.desk-tools").get_by_role("link").click()
    expect(times).to_have_value("7")


# Beside a conversation


def test_a_panel_is_drawn_from_its_blocks_alone(talk):
    orders = panel(talk)
    expect(orders).to_contain_text("<b>bold</b>")
    expect(orders.locator(".facts")).to_have_text("Spent36.50")
    expect(orders.get_by_role("cell", name="12.00")).to_be_visible()
    link = orders.get_by_role("link", name="Open in the shop")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    # Another panel that has failed takes nothing from this one.
    expect(panel(talk, "Stock")).to_contain_text("Not shown: the shop does not answer")
    assert talk.page.locator("html").evaluate(UNFIT) == []


def test_panels_are_kept_fresh_while_they_are_seen(talk):
    drawn = panel(talk).get_by_text(re.compile(r"Drawn \d+ times"))
    before = drawn.inner_text()
    button = panel(talk).get_by_role("button", name="Latest orders")
    button.focus()
    expect(drawn).not_to_have_text(before)
    expect(button).to_be_focused()
    asked = []
    talk.page.on("request", lambda each: PANELS.search(each.url) and asked.append(each))
    talk.page.get_by_role("link", name="Plugins").click()
    expect(panel(talk)).to_be_hidden()
    asked.clear()
    # The page of plugins looks every four seconds: twice is longer than a panel's five.
    for _ in range(2):
        with talk.page.expect_response("**/v1/plugins"):
            pass
    assert asked == []
    with talk.page.expect_response(PANELS):
        talk.page.get_by_role("link", name="Conversations").click()


def test_each_panel_is_drawn_anew_at_its_own_pace(talk):
    """Orders every five seconds, Stock every minute."""
    talk.page.get_by_role("button", name="Refresh: Stock").focus()
    with talk.page.expect_request(PANELS) as first:
        pass
    with talk.page.expect_request(PANELS) as second:
        pass
    asked = [re.findall(r"panel=([^&]*)", each.value.url) for each in (first, second)]
    assert asked == [["test.desk-tools%2Forders"]] * 2
    with talk.page.expect_request(re.compile("panel=test.desk-tools%2Fstock$")):
        talk.page.keyboard.press("Enter")


def test_what_needs_nothing_is_done_at_once(talk):
    panel(talk).get_by_role("button", name="Latest orders").click()
    dialog = talk.page.get_by_role("dialog", name="Latest orders")
    expect(dialog.get_by_role("status")).to_contain_text("2 orders")
    expect(dialog.get_by_role("row", name="A-2 no")).to_be_visible()
    dialog.get_by_role("button", name="Insert into reply").click()
    expect(dialog).to_be_hidden()
    expect(talk.field).to_have_value("https://shop.example/pay/1")
    expect(talk.field).to_be_focused()
    expect(talk.event("Marta Lindqvist: Look up orders – done. 2 orders")).to_be_visible()


def test_money_is_moved_once_and_after_a_question(talk, windows):
    windows.allows_cuts = True
    panel(talk).get_by_role("button", name="Refund A-1").click()
    dialog = talk.page.get_by_role("dialog", name="Refund A-1")
    expect(dialog).to_contain_text("Moves money")
    expect(dialog.get_by_label("Order")).to_have_value("A-1")
    cents, run = dialog.get_by_label("Cents"), dialog.locator("#action-run")
    cents.fill("9000")
    run.click()
    expect(cents).to_be_focused()
    expect(cents).to_have_accessible_description(re.compile("Not more than 5000"))
    cents.fill("1200")
    run.click()
    expect(dialog.get_by_role("alert").filter(has_text="Refund an order?")).to_be_visible()
    expect(dialog.get_by_role("button", name="No, go back")).to_be_focused()
    talk.page.keyboard.press("Enter")
    expect(cents).to_have_value("1200")
    run.click()
    dialog.get_by_role("button", name="Yes: Refund A-1").dblclick()
    expect(dialog.get_by_role("status")).to_have_text("Refund number 1")
    talk.page.keyboard.press("Escape")
    # The panel has been drawn anew meanwhile.
    expect(panel(talk).get_by_role("button", name="Refund A-1")).to_be_focused()
    expect(talk.event("Refund an order – done. Refund number 1")).to_have_count(1)


def test_a_lost_answer_is_asked_for_again_and_nothing_happens_twice(talk, windows):
    windows.allows_cuts = True
    keys = []

    def lose(route):
        keys.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        is_first = answer.status == 200 and len(keys) == 2
        route.abort() if is_first else route.fulfill(response=answer)

    talk.page.route(ACT, lose)
    panel(talk).get_by_role("button", name="Refund A-1").click()
    dialog = talk.page.get_by_role("dialog", name="Refund A-1")
    dialog.locator("#action-run").click()
    dialog.get_by_role("button", name="Yes: Refund A-1").click()
    expect(dialog.get_by_role("alert")).to_contain_text("it is done once")
    expect(dialog.get_by_label("Order")).to_be_disabled()
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_role("status")).to_have_text("Refund number 1")
    assert len(keys) == 3 and len(set(keys)) == 1
    dialog.get_by_role("button", name="Close").click()
    expect(talk.event("Refund number 1")).to_have_count(1)


@pytest.mark.parametrize(("order", "words"), [
    ("expired", "It did not work: the card has expired"),
    ("later", "It is under way")], ids=["failed", "under way"])
def test_what_did_not_work_is_plain_to_see(talk, windows, order, words):
    windows.allows_cuts = True
    panel(talk).get_by_role("button", name="Refund another…").click()
    dialog = talk.page.get_by_role("dialog", name="Refund another")
    dialog.get_by_label("Order").fill(order)
    dialog.locator("#action-run").click()
    dialog.locator("#action-run").filter(has_text="Yes").click()
    expect(dialog).to_contain_text(words)
    if order == "expired":
        failed = talk.page.locator(".event--actedFailedWhy")
        expect(failed).to_contain_text("Refund an order – failed: the card has expired")


def test_actions_need_no_mouse(talk, windows):
    windows.allows_cuts = True
    keyboard = talk.page.keyboard
    talk.page.locator("#timeline").press("a")
    picker = talk.page.get_by_role("dialog", name="What is to be done?")
    expect(picker.get_by_role("button", name="Look up orders")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    dialog = talk.page.get_by_role("dialog", name="Refund an order")
    expect(dialog.get_by_label("Order")).to_be_focused()
    keyboard.type("A-7")
    keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="No, go back")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_have_text("Refund number 1")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    # Keys of conversations do nothing where none is seen.
    talk.page.get_by_role("link", name="Plugins").press("Enter")
    expect(talk.page.get_by_role("heading", name="Plugins", level=1)).to_be_focused()
    keyboard.press("e")
    talk.page.get_by_role("link", name="Conversations").press("Enter")
    expect(talk.page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()


LOOKS = [("light", "light", WIDE, ""), ("dark", "dark", WIDE, ""),
         ("narrow", "light", NARROW, ""), ("rtl", "light", WIDE, RIGHT_TO_LEFT)]


@pytest.mark.parametrize(("name", "scheme", "size", "script"), LOOKS, ids=[x[0] for x in LOOKS])
def test_the_pages_fit_and_can_be_looked_at(windows, name, scheme, size, script):
    FOLDER.mkdir(exist_ok=True)
    marta = windows.agent("marta", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    marta.page.add_init_script(script)
    office = Office(marta.log_in(state="away")).visit()
    expect(office.row("maitred.hello-c")).to_be_visible()
    take(marta, f"plugins-{name}")
    office.visit("test.desk-tools")
    expect(office.field("Shop address")).to_be_visible()
    take(marta, f"plugin-{name}")
    office.button("Change the rule: Refund an order").click()
    office.rule("Refund an order").get_by_label("Confirmation").select_option("Above an amount")
    office.rule("Refund an order").scroll_into_view_if_needed()
    take(marta, f"policy-{name}")
    assert office.page.locator("#plugins").evaluate(TOO_WIDE) is False
    assert office.page.locator("html").evaluate(UNFIT) == []
