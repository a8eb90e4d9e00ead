"""Bugs from conversations to Linear and back, against Linear as it is played in played_linear."""

import json
import re
import time

import pytest
from played_linear import (KEY, LABEL, OTHER_TEAM, RATE_LIMITED, TEAM, UUID4, PlayedLinear, sign)
from plugin_bench import Bench, Refused, Reply

SECRET = "lin_wh_s3cret"
ADA = {"id": "con_ada", "name": "Ada", "email": "ada@example.com"}
BOB = {"id": "con_bob", "name": "Bob", "email": "bob@example.com"}
TITLE = "Checkout button does nothing in Safari"
ALIKE = "Safari: nothing happens with the checkout button"
REPORT = {"title": TITLE, "description": "Since this morning the button cannot be pressed."}
FAILED, INVALID, TEMPORARY = 1, 2, 4


@pytest.fixture
def linear():
    with PlayedLinear() as api:
        yield api


@pytest.fixture
def start(linear):
    """Starts the plugin with settings; ends it with the test."""
    benches = []

    def run(**settings):
        config = {"api_key": KEY, "team_id": TEAM, "label_ids": [LABEL], "api_base": linear.base,
                  "webhook_secret": SECRET, "close_message": "Fixed: {title}",
                  "cancel_message": "Not fixed: {title}", **settings}
        bench = Bench("Plugins/bugs-linear", {k: v for k, v in config.items() if v is not None})
        bench.__enter__()
        benches.append(bench)
        for name, contact in (("cnv_1", ADA), ("cnv_2", BOB), ("cnv_3", ADA)):
            bench.conversation(id=name, status="open", contact=contact, messages=[],
                               page="https://shop.example/cart")
        return bench

    yield run
    for bench in benches:
        bench.__exit__()


@pytest.fixture
def bench(start):
    return start()


def file(bench, report=REPORT, key="key-1", conversation="cnv_1", contact=ADA, **more):
    return bench.action("linear.file_bug", report, key=key, conversation=conversation,
                        contact=contact, **more)


def deliver(bench, body, secret=SECRET):
    return bench.webhook("events", body, sign(body, secret))["status"]


def told(bench):
    return [(message["conversation"], message["text"])
            for message in bench.effects_of("conversations.message")]


def only(issues):
    [issue] = issues.values()
    return issue


def asked(linear, field):
    return [arguments for name, arguments in linear.asked if name == field]


# Filing.

def test_a_report_becomes_an_issue_with_everything_in_one_description(bench, linear):
    out = file(bench, {**REPORT, "steps": "1. Fill the cart\n- 2 times\n\n  Press Checkout",
                       "expected": "The payment page opens", "actual": "Nothing happens",
                       "page": "https://shop.example/pay", "severity": "high"})
    issue = only(linear.issues)
    assert issue["title"] == TITLE
    assert re.sub(r"#cnv_\w+", "#cnv", issue["description"]) == (
        "Since this morning the button cannot be pressed.\n\n"
        "### Steps to reproduce\n\n1. Fill the cart\n2. 2 times\n3. Press Checkout\n\n"
        "### Expected\n\nThe payment page opens\n\n"
        "### Actual\n\nNothing happens\n\n"
        "---\n\n- Page: https://shop.example/pay\n- Severity: high\n"
        "- From: [support conversation](http://127.0.0.1/console/#cnv)")
    assert issue["team"]["id"] == TEAM and issue["labelIds"] == [LABEL]
    assert out == {"summary": "Filed as ENG-1.", "identifier": "ENG-1", "url": issue["url"],
                   "is_new": True, "customers": 1}


@pytest.mark.parametrize("severity, priority", [
    ("critical", 1), ("high", 2), ("medium", 3), ("low", 4), (None, 0)])
def test_severity_is_told_as_linears_priority(bench, linear, severity, priority):
    file(bench, {**REPORT, "severity": severity} if severity else REPORT)
    assert only(linear.issues)["priority"] == priority


def test_the_page_is_the_customers_last_one_when_the_report_names_none(bench, linear):
    file(bench)
    assert "- Page: https://shop.example/cart" in only(linear.issues)["description"]


def test_nothing_personal_goes_into_the_issue_by_itself(bench, linear):
    file(bench)
    file(bench, {**REPORT, "title": ALIKE}, key="key-2", conversation="cnv_2", contact=BOB)
    for request in linear.requests:
        for secret in ("Ada", "Bob", "example.com", "con_"):
            assert secret not in request.text


def test_a_bug_can_be_filed_outside_of_a_conversation(bench, linear):
    out = bench.action("linear.file_bug", REPORT)
    assert out["is_new"] and out["customers"] == 0
    assert only(linear.issues)["description"] == REPORT["description"]


def test_a_conversation_that_cannot_be_read_is_no_reason_not_to_file(bench, linear):
    assert file(bench, conversation="cnv_gone")["is_new"]
    assert "From:" not in only(linear.issues)["description"]


def test_a_team_without_labels_gets_issues_without_labels(start, linear):
    file(start(label_ids=None))
    assert only(linear.issues)["labelIds"] == []


def test_a_report_without_a_title_is_refused_before_linear_is_asked(bench, linear):
    with pytest.raises(Refused):
        file(bench, {"description": "Something"})
    with pytest.raises(Refused):
        file(bench, {**REPORT, "severity": "apocalyptic"})
    assert linear.requests == []


# The same bug again.

def test_a_second_customer_joins_the_open_issue_and_is_counted_on_it(bench, linear):
    file(bench)
    out = file(bench, {**REPORT, "title": ALIKE, "steps": "Press it"}, key="key-2",
               conversation="cnv_2", contact=BOB)
    issue = only(linear.issues)
    assert out["is_new"] is False and out["customers"] == 2
    assert out["identifier"] == "ENG-1" and out["url"] == issue["url"]
    assert out["summary"] == f"Already known as ENG-1 “{TITLE}”; 2 customers have reported it."
    [comment] = linear.comments_on(issue)
    assert comment["body"].startswith(
        "Another customer reports this in support: 2 customers so far.")
    assert "1. Press it" in comment["body"]
    links = [re.search(r"console/#cnv_\w+", text)[0]
             for text in (issue["description"], comment["body"])]
    assert links[0] != links[1]


def test_an_issue_that_was_filed_elsewhere_gets_its_first_customer(bench, linear):
    issue = linear.add_issue(ALIKE, "In Progress")
    out = file(bench)
    assert (out["is_new"], out["identifier"], out["customers"]) == (False, "ENG-1", 1)
    [comment] = linear.comments_on(issue)
    assert comment["body"].startswith("A customer reports this in support.")


def test_a_customer_is_counted_once_whatever_they_write(bench, linear):
    file(bench)
    for number, conversation in enumerate(("cnv_1", "cnv_3"), 2):
        out = file(bench, key=f"key-{number}", conversation=conversation)
        assert out["customers"] == 1 and out["is_new"] is False
    assert linear.comments == []
    out = file(bench, key="key-4", conversation="cnv_2", contact=BOB)
    file(bench, key="key-5", conversation="cnv_2", contact=BOB)
    assert out["customers"] == 2 and len(linear.comments) == 1


def test_without_a_conversation_a_known_issue_is_named_and_left_alone(bench, linear):
    linear.add_issue(TITLE)
    out = bench.action("linear.file_bug", REPORT)
    assert out["identifier"] == "ENG-1" and out["customers"] == 0
    assert "no conversation to join" in out["summary"] and linear.comments == []


@pytest.mark.parametrize("state", ["Done", "Canceled", "Duplicate"])
def test_a_closed_issue_is_not_joined(bench, linear, state):
    linear.add_issue(TITLE, state)
    assert file(bench)["identifier"] == "ENG-2"


def test_another_teams_issue_is_not_joined(bench, linear):
    linear.add_issue(TITLE, team=OTHER_TEAM)
    assert file(bench)["is_new"]


@pytest.mark.parametrize("other", [
    "Search button does nothing in Safari", "Checkout page is slow in Firefox", "Safari",
    "Password reset mail never arrives"])
def test_an_issue_with_another_title_is_not_joined(start, linear, other):
    linear.add_issue(other)
    assert file(start(duplicate_percent=80))["is_new"]


@pytest.mark.parametrize("other", [
    "checkout buttons doing nothing (Safari)", "Nothing happens: Safari, checkout button",
    "The checkout button does nothing"])
def test_endings_order_and_small_words_do_not_hide_the_same_title(bench, linear, other):
    linear.add_issue(other)
    assert file(bench)["is_new"] is False


def test_the_operator_says_how_alike_titles_must_be(start, linear):
    linear.add_issue("Checkout button missing in Firefox")
    assert file(start())["is_new"]
    linear.issues.clear()
    linear.add_issue("Checkout button missing in Firefox")
    assert file(start(duplicate_percent=30))["is_new"] is False


def test_one_word_is_too_little_to_be_the_same_bug(bench, linear):
    linear.add_issue("Crash")
    assert file(bench, {"title": "Crash", "description": "It crashed."})["is_new"]
    assert file(bench, {"title": "Crash in Safari", "description": "Again."}, "key-2")["is_new"]


def test_the_most_alike_is_joined_and_of_equals_the_oldest(bench, linear):
    linear.add_issue("Checkout button does nothing")
    linear.add_issue(TITLE)
    linear.add_issue(ALIKE.replace("happens with", ""))
    assert file(bench)["identifier"] == "ENG-2"


def test_a_title_with_quotes_and_braces_is_only_a_title(bench, linear):
    title = 'Checkout "button" } { nodes $input in Safari'
    assert file(bench, {**REPORT, "title": title})["is_new"]
    assert only(linear.issues)["title"] == title


# Once, however often it is asked.

def test_the_same_call_again_files_nothing_and_asks_nothing(bench, linear):
    first = file(bench)
    requests = len(linear.requests)
    assert file(bench) == first
    assert len(linear.issues) == 1 and len(linear.requests) == requests


def test_other_calls_about_other_bugs_file_other_issues(bench, linear):
    file(bench)
    file(bench, {**REPORT, "title": "Password reset mail never arrives"}, key="key-2")
    assert len(linear.issues) == 2
    assert all(UUID4.fullmatch(id) for id in linear.issues)


def test_an_issue_whose_answer_was_lost_is_not_filed_twice(bench, linear):
    linear.lose("issueCreate", Reply(502, "Bad Gateway"))
    out = file(bench)
    assert out["is_new"] and out["identifier"] == "ENG-1"
    [first, second] = asked(linear, "issueCreate")
    assert first == second and len(linear.issues) == 1


def test_a_call_that_failed_after_its_issue_was_made_goes_on_with_it(bench, linear):
    linear.lose("issueCreate", Reply(200, "<html>"))
    with pytest.raises(Refused) as refused:
        file(bench)
    assert refused.value.status == TEMPORARY
    out = file(bench)
    assert out["is_new"] and out["identifier"] == "ENG-1" and out["customers"] == 1
    assert len(linear.issues) == 1 and linear.comments == []


def test_a_call_that_failed_after_its_comment_does_not_comment_twice(bench, linear):
    linear.add_issue(TITLE)
    linear.lose("commentCreate", Reply(200, "<html>"))
    with pytest.raises(Refused):
        file(bench)
    out = file(bench)
    assert out["is_new"] is False and out["customers"] == 1
    assert len(linear.comments) == 1


def test_a_call_that_is_repeated_stays_with_the_issue_it_found(bench, linear):
    issue = linear.add_issue(TITLE)
    linear.lose("commentCreate", Reply(200, "<html>"))
    with pytest.raises(Refused):
        file(bench)
    linear.add_issue(TITLE)
    linear.move(issue, "Done")
    assert file(bench)["identifier"] == "ENG-1"
    assert len(linear.issues) == 2


def test_an_issue_that_was_deleted_meanwhile_is_said_to_be(bench, linear):
    linear.lose("issueCreate", Reply(200, "<html>"))
    with pytest.raises(Refused):
        file(bench)
    id = only(linear.issues)["id"]
    linear._issues = lambda **_: {"nodes": []}
    with pytest.raises(Refused, match="deleted") as refused:
        file(bench)
    assert refused.value.status == FAILED and list(linear.issues) == [id]


# Linear's refusals.

def test_a_wrong_key_is_named_as_such(start, linear):
    with pytest.raises(Refused, match="refuses the key.*need to authenticate") as refused:
        file(start(api_key="lin_api_revoked"))
    assert refused.value.status == FAILED and linear.issues == {}


def test_the_key_is_sent_without_bearer(bench, linear):
    file(bench)
    assert {request.headers["authorization"] for request in linear.requests} == {KEY}


def test_a_key_without_the_permission_is_named_as_such(bench, linear):
    linear.fail(403, {"errors": [{"message": "Forbidden", "extensions": {"code": "FORBIDDEN"}}]})
    with pytest.raises(Refused, match="refuses the key") as refused:
        file(bench)
    assert refused.value.status == FAILED


def test_an_unknown_team_is_told_in_linears_words(start, linear):
    bench = start(team_id="7c0ffee0-0000-4000-8000-000000000000")
    with pytest.raises(Refused, match="Could not find referenced Team") as refused:
        file(bench)
    assert refused.value.status == INVALID and linear.issues == {}


def test_an_unknown_label_is_told_in_linears_words(start, linear):
    with pytest.raises(Refused, match="labelIds contained an entry") as refused:
        file(start(label_ids=["gone"]))
    assert refused.value.status == INVALID and linear.issues == {}


def test_a_refusal_does_not_repeat_what_the_customer_wrote(bench, linear):
    linear.fail(400, {"errors": [{
        "message": 'Variable "$input" got invalid value {"description": "my password is hunter2"}; '
                   'Field "teamId" of required type "String!" was not provided.',
        "extensions": {"code": "BAD_USER_INPUT"}}], "data": None})
    with pytest.raises(Refused, match='Field "teamId" of required type') as refused:
        file(bench)
    assert refused.value.status == INVALID and "hunter2" not in refused.value.message
    assert not any("hunter2" in line for line in bench.logs)


def test_a_spent_rate_limit_may_work_later(bench, linear):
    linear.fail(400, RATE_LIMITED)
    with pytest.raises(Refused, match="rate limit") as refused:
        file(bench)
    assert refused.value.status == TEMPORARY and len(linear.requests) == 1
    assert file(bench)["is_new"]


def test_a_429_is_waited_out(bench, linear):
    linear.fail(429, {"errors": []}, retry_after=1)
    assert file(bench)["is_new"] and len(linear.issues) == 1
    assert linear.requests[1].at - linear.requests[0].at >= 0.9


def test_a_429_that_stays_may_work_later(bench, linear):
    linear.fail(429, RATE_LIMITED, retry_after=0, times=20)
    with pytest.raises(Refused) as refused:
        file(bench)
    assert refused.value.status == TEMPORARY and linear.issues == {}


def test_an_internal_error_may_work_later(bench, linear):
    linear.fail(200, {"errors": [{"message": "Internal server error",
                                  "extensions": {"code": "INTERNAL_SERVER_ERROR"}}], "data": None})
    with pytest.raises(Refused, match="cannot answer now") as refused:
        file(bench)
    assert refused.value.status == TEMPORARY


def test_a_server_error_that_passes_is_not_noticed(bench, linear):
    linear.fail(503, times=1)
    assert file(bench)["is_new"] and len(linear.issues) == 1


def test_a_server_error_that_stays_may_work_later(bench, linear):
    linear.fail(500, times=20)
    with pytest.raises(Refused, match="cannot answer now") as refused:
        file(bench)
    assert refused.value.status == TEMPORARY


def test_a_wrong_address_is_refused(bench, linear):
    linear.fail(404, "Not Found")
    with pytest.raises(Refused, match="does not know") as refused:
        file(bench)
    assert refused.value.status == INVALID


@pytest.mark.parametrize("status", [409, 422])
@pytest.mark.parametrize("body, words", [
    ({"errors": [{"message": "Argument Validation Error", "extensions": {
        "code": "INVALID_INPUT", "userPresentableMessage": "The team is archived."}}]},
     "Linear refuses: The team is archived."),
    ("<html>", r"Linear refuses \(")], ids=["in words", "without words"])
def test_what_linear_refuses_is_final_and_asked_once(bench, linear, status, body, words):
    linear.fail(status, body)
    with pytest.raises(Refused, match=words) as refused:
        file(bench)
    assert refused.value.status == INVALID and linear.issues == {}
    assert len(linear.requests) == 1
    assert file(bench)["is_new"]


def test_an_answer_that_is_none_may_be_one_later(bench, linear):
    linear.malformed()
    with pytest.raises(Refused) as refused:
        file(bench)
    assert refused.value.status == TEMPORARY and linear.issues == {}


def test_an_answer_without_data_may_be_one_later(bench, linear):
    linear.fail(200, {"data": None})
    with pytest.raises(Refused, match="without data") as refused:
        file(bench)
    assert refused.value.status == TEMPORARY


def test_an_answer_without_success_is_a_failure(bench, linear):
    linear.lose("issueCreate", Reply(200, {"data": {"issueCreate": {
        "success": False, "issue": None}}}))
    with pytest.raises(Refused, match="did not make the issue") as refused:
        file(bench)
    assert refused.value.status == FAILED


def test_a_linear_that_takes_too_long_is_given_up(bench, linear):
    linear.slow(3)
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        file(bench, deadline_ms=700)
    assert time.monotonic() - began < 2.5
    assert refused.value.code == "plugin_timeout" or refused.value.status == TEMPORARY


def test_an_address_may_end_in_a_slash(start, linear):
    assert file(start(api_base=linear.base + "/"))["is_new"]


# Searching.

def test_search_finds_the_teams_open_issues(bench, linear):
    linear.add_issue("Checkout fails", "In Progress")
    linear.add_issue("Checkout slow", "Done")
    linear.add_issue("Checkout odd", team=OTHER_TEAM)
    out = bench.action("linear.search", {"query": "checkout"})
    assert out == {"summary": "ENG-1 “Checkout fails” (In Progress)", "issues": [{
        "identifier": "ENG-1", "title": "Checkout fails", "state": "In Progress",
        "url": "https://linear.app/acme/issue/ENG-1"}]}


def test_search_finds_closed_issues_on_demand(bench, linear):
    linear.add_issue("Checkout fails", "Done")
    out = bench.action("linear.search", {"query": "checkout", "include_closed": True})
    assert [issue["identifier"] for issue in out["issues"]] == ["ENG-1"]


def test_search_finds_what_only_a_comment_says(bench, linear):
    linear.comments.append({"issueId": linear.add_issue("Checkout fails")["id"], "body": "iPad"})
    assert len(bench.action("linear.search", {"query": "ipad"})["issues"]) == 1


def test_search_keeps_to_its_limit(bench, linear):
    for number in range(8):
        linear.add_issue(f"Checkout fails {number}")
    assert len(bench.action("linear.search", {"query": "checkout"})["issues"]) == 5
    assert len(bench.action("linear.search", {"query": "checkout", "limit": 2})["issues"]) == 2


def test_search_says_when_there_is_nothing(bench):
    out = bench.action("linear.search", {"query": "checkout"})
    assert out == {"summary": "No issue has these words.", "issues": []}


# The end of an issue.

def test_every_conversation_is_told_when_the_bug_is_fixed(bench, linear):
    file(bench)
    file(bench, {**REPORT, "title": ALIKE}, key="key-2", conversation="cnv_2", contact=BOB)
    file(bench, key="key-3", conversation="cnv_3")
    assert deliver(bench, linear.move(only(linear.issues), "Done")) == 200
    assert sorted(told(bench)) == [("cnv_1", f"Fixed: {TITLE}"), ("cnv_2", f"Fixed: {ALIKE}"),
                                   ("cnv_3", f"Fixed: {TITLE}")]


def test_a_cancelled_bug_is_told_in_other_words(bench, linear):
    file(bench)
    assert deliver(bench, linear.move(only(linear.issues), "Canceled")) == 200
    assert told(bench) == [("cnv_1", f"Not fixed: {TITLE}")]


def test_a_delivery_that_comes_again_tells_nobody_again(bench, linear):
    file(bench)
    body = linear.move(only(linear.issues), "Done")
    assert [deliver(bench, body) for _ in range(3)] == [200] * 3
    assert len(told(bench)) == 1


def test_a_bug_that_returns_can_be_reported_and_told_again(bench, linear):
    file(bench)
    issue = only(linear.issues)
    deliver(bench, linear.move(issue, "Done"))
    deliver(bench, linear.move(issue, "In Progress"))
    out = file(bench, key="key-2")
    assert out["is_new"] is False and out["customers"] == 1 and len(linear.comments) == 1
    deliver(bench, linear.move(issue, "Done"))
    messages = bench.effects_of("conversations.message")
    assert len(messages) == 2 and messages[0]["id"] != messages[1]["id"]


def test_messages_have_ids_by_which_the_host_knows_them(bench, linear):
    file(bench)
    deliver(bench, linear.move(only(linear.issues), "Done"))
    [message] = bench.effects_of("conversations.message")
    assert UUID4.fullmatch(message["id"])


def test_a_change_of_an_open_issue_tells_nobody(bench, linear):
    file(bench)
    issue = only(linear.issues)
    assert deliver(bench, linear.move(issue, "In Progress")) == 200
    assert deliver(bench, linear.event(issue, updatedFrom={"title": "Old"})) == 200
    assert told(bench) == []
    deliver(bench, linear.move(issue, "Done"))
    assert len(told(bench)) == 1


def test_an_end_that_was_missed_is_told_with_the_next_change(bench, linear):
    file(bench)
    issue = only(linear.issues)
    linear.move(issue, "Done")
    assert deliver(bench, linear.event(issue, updatedFrom={"labelIds": []})) == 200
    assert len(told(bench)) == 1


def test_an_issue_that_nobody_waits_for_is_passed_over(bench, linear):
    assert deliver(bench, linear.move(linear.add_issue(TITLE), "Done")) == 200
    assert told(bench) == [] and linear.requests == []


def test_a_conversation_that_is_gone_does_not_hold_up_the_others(bench, linear):
    file(bench, conversation="cnv_0_gone", contact=BOB)
    file(bench, key="key-2")
    file(bench, key="key-3", conversation="cnv_z_gone", contact=BOB)
    body = linear.move(only(linear.issues), "Done")
    assert deliver(bench, body) == 200
    assert told(bench) == [("cnv_1", f"Fixed: {TITLE}")]
    assert bench.call("hook/conversation.opened", {"contact": BOB}) is None


def test_a_deleted_issue_tells_nobody_and_is_forgotten(bench, linear):
    file(bench)
    issue = only(linear.issues)
    assert deliver(bench, linear.event(issue, "remove")) == 200
    deliver(bench, linear.move(issue, "Done"))
    assert told(bench) == []


def test_other_deliveries_are_taken_and_passed_over(bench):
    for data in ({"id": "x", "state": "planned"}, {"body": "hello"}, None):
        body = json.dumps({"type": "Project", "action": "update", "data": data,
                           "webhookTimestamp": int(time.time() * 1000)})
        assert deliver(bench, body) == 200
    assert told(bench) == []


def test_customers_of_a_duplicate_wait_for_its_original(bench, linear):
    original = linear.add_issue("Payment page broken")
    file(bench)
    duplicate = linear.issues[[id for id in linear.issues if id != original["id"]][0]]
    assert deliver(bench, linear.merge(duplicate, original)) == 200
    assert told(bench) == []
    facts = bench.call("hook/conversation.opened", {"contact": ADA})["facts"]
    assert facts == {"open_bugs": 1, "eng_1": "Payment page broken (Todo)"}
    deliver(bench, linear.move(original, "Done"))
    assert told(bench) == [("cnv_1", f"Fixed: {TITLE}")]


def test_customers_of_a_duplicate_are_told_when_its_original_is_fixed_already(bench, linear):
    original = linear.add_issue("Payment page broken", "Done")
    file(bench)
    duplicate = linear.issues[[id for id in linear.issues if id != original["id"]][0]]
    assert deliver(bench, linear.merge(duplicate, original)) == 200
    assert told(bench) == [("cnv_1", f"Fixed: {TITLE}")]


def test_a_duplicate_whose_original_cannot_be_asked_is_delivered_again(bench, linear):
    original = linear.add_issue("Payment page broken")
    file(bench)
    duplicate = linear.issues[[id for id in linear.issues if id != original["id"]][0]]
    body = linear.merge(duplicate, original)
    linear.fail(400, RATE_LIMITED)
    assert deliver(bench, body) == 503
    assert deliver(bench, body) == 200
    deliver(bench, linear.move(original, "Done"))
    assert len(told(bench)) == 1


def test_a_duplicate_in_an_older_workspace_is_not_told_as_cancelled(bench, linear):
    file(bench)
    issue = only(linear.issues)
    linear.move(issue, "Duplicate")
    issue["state"] = {**issue["state"], "type": "canceled"}
    assert deliver(bench, linear.event(issue)) == 200
    assert told(bench) == []


def test_without_a_text_nobody_is_told_and_the_issue_is_forgotten(start, linear):
    bench = start(close_message="")
    file(bench)
    deliver(bench, linear.move(only(linear.issues), "Done"))
    assert told(bench) == []
    assert bench.call("hook/conversation.opened", {"contact": ADA}) is None


def test_the_default_texts_name_what_was_reported(start, linear):
    bench = start(close_message=None, cancel_message=None)
    file(bench)
    deliver(bench, linear.move(only(linear.issues), "Done"))
    file(bench, key="key-2")
    deliver(bench, linear.move(list(linear.issues.values())[1], "Canceled"))
    assert all(f"“{TITLE}”" in text and "{" not in text for _, text in told(bench))
    assert len(told(bench)) == 2


# Who may say that an issue has ended.

def test_a_delivery_with_another_signature_is_refused(bench, linear):
    file(bench)
    body = linear.move(only(linear.issues), "Done")
    assert deliver(bench, body, "guess") == 401
    assert bench.webhook("events", body, {})["status"] == 401
    assert bench.webhook("events", body + " ", sign(body, SECRET))["status"] == 401
    assert told(bench) == []


@pytest.mark.parametrize("seconds", [-3600, -65, 65])
def test_a_delivery_that_is_not_from_the_last_minute_is_refused(bench, linear, seconds):
    file(bench)
    issue = only(linear.issues)
    linear.move(issue, "Done")
    body = linear.event(issue, sent=time.time() + seconds)
    assert deliver(bench, body) == 401 and told(bench) == []


def test_a_delivery_of_half_a_minute_ago_is_taken(bench, linear):
    file(bench)
    issue = only(linear.issues)
    linear.move(issue, "Done")
    assert deliver(bench, linear.event(issue, sent=time.time() - 30)) == 200
    assert len(told(bench)) == 1


def test_a_delivery_without_its_time_is_refused(bench, linear):
    file(bench)
    issue = only(linear.issues)
    body = json.loads(linear.move(issue, "Done"))
    del body["webhookTimestamp"]
    assert deliver(bench, json.dumps(body)) == 401 and told(bench) == []


def test_a_delivery_that_is_not_json_is_refused(bench):
    assert deliver(bench, "issue=done") == 400


# What triage and the agent see.

def facts(bench, contact=ADA, **more):
    return bench.call("hook/conversation.opened", {"contact": contact, **more}, 800)


def test_a_customers_open_bugs_are_facts(bench, linear):
    file(bench)
    file(bench, {**REPORT, "title": "Password reset mail never arrives"}, key="key-2")
    linear.issues[list(linear.issues)[0]]["state"] = linear._state("In Progress")
    found = facts(bench)
    assert found["title"] == "Linear"
    assert found["facts"] == {"open_bugs": 2, "eng_1": f"{TITLE} (In Progress)",
                              "eng_2": "Password reset mail never arrives (Triage)"}
    assert list(found["facts"])[0] == "open_bugs"


def test_a_customer_without_bugs_has_no_facts_and_linear_is_not_asked(bench, linear):
    file(bench)
    requests = len(linear.requests)
    assert facts(bench, BOB) is None
    assert facts(bench, {}) is None
    assert len(linear.requests) == requests


def test_closed_bugs_are_no_facts(bench, linear):
    file(bench)
    linear.move(only(linear.issues), "Done")
    assert facts(bench) is None


def test_bugs_of_a_visitor_without_a_name_belong_to_the_conversation(bench, linear):
    bench.conversation(id="cnv_4", status="open", messages=[])
    file(bench, conversation="cnv_4", contact=None)
    assert facts(bench, {}, conversation="cnv_4")["facts"]["open_bugs"] == 1


@pytest.mark.parametrize("trouble", ["slow", "down", "limited"])
def test_facts_come_from_memory_when_linear_does_not_answer(bench, linear, trouble):
    file(bench)
    if trouble == "slow":
        linear.slow(2)
    elif trouble == "down":
        linear.fail(500, times=20)
    else:
        linear.fail(400, RATE_LIMITED)
    assert facts(bench)["facts"] == {"open_bugs": 1, "eng_1": TITLE}


def panel(bench, conversation="cnv_1", contact=ADA):
    return bench.call("panel/bugs", {"conversation": conversation, "contact": contact})["blocks"]


def test_the_panel_has_the_linked_issues_and_a_button(bench, linear):
    file(bench)
    linear.move(only(linear.issues), "In Progress")
    assert panel(bench) == [
        {"type": "link", "title": f"ENG-1 {TITLE}", "url": "https://linear.app/acme/issue/ENG-1"},
        {"type": "badge", "text": "In Progress", "tone": "warning"},
        {"type": "divider"},
        {"type": "button", "title": "File a bug", "action": "linear.file_bug",
         "input": {"page": "https://shop.example/cart"}}]


def test_the_panel_of_another_conversation_has_the_customers_issues(bench, linear):
    file(bench)
    assert panel(bench, "cnv_3")[0]["title"] == f"ENG-1 {TITLE}"
    assert panel(bench, "cnv_2", BOB)[0] == {"type": "text", "text": "No bugs are linked."}
    assert panel(bench, "cnv_2", BOB)[-1]["type"] == "button"


def test_the_panel_says_when_linear_does_not_answer(bench, linear):
    file(bench)
    linear.fail(400, RATE_LIMITED)
    blocks = panel(bench)
    assert blocks[0] == {"type": "badge", "text": "Linear does not answer", "tone": "warning"}
    assert blocks[1]["title"] == f"ENG-1 {TITLE}" and blocks[-1]["type"] == "button"


# Health.

def test_a_key_a_team_and_labels_that_are_right_are_healthy(bench):
    bench.call("health")


@pytest.mark.parametrize("settings, words", [
    ({"api_key": "lin_api_revoked"}, "refuses the key"),
    ({"team_id": "ENG-unknown"}, "Could not find referenced Team"),
    ({"label_ids": [LABEL, "gone"]}, "does not know the label gone")])
def test_what_is_wrong_with_the_settings_is_named(start, settings, words):
    bench = start(**settings)
    with pytest.raises(Refused, match=words):
        bench.call("health")


# The played Linear is as strict as the real one.

def test_the_played_linear_refuses_what_linear_refuses(linear):
    def ask(query, variables=None, key=KEY):
        class Sent:
            method, path, headers = "POST", "/graphql", {"authorization": key}
            json = {"query": query, "variables": variables or {}}
        reply = linear.answer(Sent)
        return reply.status, reply.body["errors"][0]["extensions"]["code"]

    make = "mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success } }"
    assert ask(make, {"input": {"title": "x"}}) == (400, "BAD_USER_INPUT")
    assert ask(make) == (400, "GRAPHQL_VALIDATION_FAILED")
    assert ask(make, {"input": {"teamId": TEAM, "title": "x", "id": "1"}}) == (200, "INVALID_INPUT")
    assert ask("query { issues { nodes { name } } }") == (400, "GRAPHQL_VALIDATION_FAILED")
    assert ask("query { issues }") == (400, "GRAPHQL_VALIDATION_FAILED")
    assert ask("query { team(id: $id) { id } }") == (400, "GRAPHQL_VALIDATION_FAILED")
    assert ask("query { team(id: \"x\") { id } }") == (200, "INPUT_ERROR")
    assert ask("query { issues { nodes { id } } }", key="Bearer " + KEY)[0] == 400
    assert ask("query { issues { nodes { id } } }", key="lin_api_x") == (
        401, "AUTHENTICATION_ERROR")
