"""The Slack plugin at work against a played Slack."""

import json
import time

import pytest
from played_slack import PlayedSlack
from plugin_bench import Bench, Refused

HANDOFF = {"reason": {"code": "refund_failed", "text": "The refund did not go through"},
           "skill": "billing", "status": "queued"}
ADA = {"id": "con_ada", "name": "Ada Lovelace", "email": "ada@example.com"}
CHANNELS = {"handoffs_channel": "C000000000", "risk_channel": "C000000001",
            "incidents_channel": "C000000002", "health_channel": "C000000003"}
REPLIERS = {"signing_secret": PlayedSlack.SECRET,
            "reply_agent_email": [{"slack_user": "U0ANN", "email": "ann@shop.example"}]}


@pytest.fixture
def slack():
    with PlayedSlack() as api:
        yield api


def started(slack, **config):
    settings = {"bot_token": slack.TOKEN, "api_base": slack.base, **CHANNELS, **config}
    return Bench("Plugins/notify-slack", {k: v for k, v in settings.items() if v is not None})


@pytest.fixture
def bench(slack):
    with started(slack, **REPLIERS) as bench:
        waiting(bench)
        yield bench


def waiting(bench, id="cnv_1", status="queued", **more):
    summary = {"id": id, "status": status, "contact": ADA, "page": "/billing",
               "url": f"https://desk.example/{id}", "tags": [],
               "messages": [{"from": "customer", "name": "Ada Lovelace", "text": "Where is it?"},
                            {"from": "bot", "name": "Max", "text": "Let me ask a colleague."}]}
    bench.conversation(**{**summary, **more})


def now():
    return int(time.time() * 1000)


def hand_off(bench, id="evt-1", data=None, **more):
    bench.observe("conversation.handed_off", data or HANDOFF, id=id,
                  **{"contact": ADA, "at": now(), **more})


def whole(message):
    """All that stands in a message."""
    texts = [message["text"]]
    for block in message.get("blocks", []):
        parts = [block.get("text")] + block.get("fields", []) + block.get("elements", [])
        texts += [part["text"] for part in parts if part]
    return "\n".join(texts)


def event(bench, slack, body, **headers):
    return bench.webhook("events", body, {**slack.signed(body), **headers})


def logged(bench, words):
    """Whether a line of the log has the words; it may come a little later than the answer."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if any(words in line for line in bench.logs):
            return True
        time.sleep(0.01)
    return False


# Handoffs


def test_a_handoff_is_shown_with_who_where_why_and_the_last_messages(bench, slack):
    hand_off(bench)
    [message] = slack.messages("support")
    text = whole(message)
    assert "|Ada Lovelace> needs a person" in text
    for words in ["/billing", "The refund did not go through (refund_failed)", "billing",
                  ">Where is it?", ">Let me ask a colleague.", "*Max*"]:
        assert words in text
    assert message["text"] == "Ada Lovelace on /billing needs a person"
    assert "thread_ts" not in message


def test_requests_carry_the_token_and_the_character_set(bench, slack):
    hand_off(bench)
    [sent] = slack.requests
    assert sent.headers["authorization"] == f"Bearer {slack.TOKEN}"
    assert sent.headers["content-type"] == "application/json; charset=utf-8"
    assert slack.TOKEN not in json.dumps(bench.effects)


def test_a_handoff_told_twice_is_posted_once(bench, slack):
    hand_off(bench)
    hand_off(bench)
    assert len(slack.messages("support")) == 1
    assert len(slack.requests) == 1


def test_another_handoff_of_the_same_conversation_is_posted_anew(bench, slack):
    hand_off(bench, "evt-1")
    hand_off(bench, "evt-2")
    assert len(slack.messages("support")) == 2


def test_a_handoff_is_shown_even_when_the_conversation_cannot_be_read(slack):
    with started(slack) as bench:
        hand_off(bench, conversation="cnv_gone")
    [message] = slack.messages("support")
    assert "Ada Lovelace" in message["text"]


def test_without_a_channel_nothing_is_posted_and_nothing_fails(slack):
    none = {key: None for key in CHANNELS}
    with started(slack, **none) as bench:
        waiting(bench)
        hand_off(bench)
        bench.observe("conversation.assigned", {"owner": {"kind": "agent", "name": "Ann"}},
                      id="evt-2")
        bench.observe("csat.received", {"score": 1, "comment": "no"}, id="evt-3")
        bench.advance(11 * 60)
    assert slack.requests == []


def test_what_a_customer_writes_makes_no_mention_and_no_link(slack):
    evil = "<!channel> @channel @here <@U0ANN> <https://evil.example|your bank> & more"
    with started(slack) as bench:
        waiting(bench, page="/<!here>", contact={"name": evil},
                messages=[{"from": "customer", "name": evil, "text": evil}])
        hand_off(bench, contact={"id": "con_x", "name": evil},
                 data={"reason": {"code": "<!everyone>", "text": evil}, "status": "queued"})
        bench.observe("message.created", {"message": "m1", "text": evil, "sequence": 9,
                                          "from": {"kind": "customer", "name": evil}}, id="evt-2")
        bench.observe("csat.received", {"score": 1, "comment": evil}, id="evt-3",
                      contact={"id": "con_x", "name": evil})
        bench.advance(11 * 60)
    said = [m for channel in slack.channels.values() for m in channel["messages"]]
    assert len(said) == 5
    for message in said:
        assert message["pings"] == []
        assert "&lt;!channel&gt; @\u2060channel" in whole(message)
        assert "<https://evil.example" not in whole(message)
        assert message["parse"] == "none" and message["unfurl_links"] is False
    assert "&amp; more" in whole(said[0])


def test_very_long_texts_stay_within_what_slack_takes(slack):
    with started(slack) as bench:
        long = "&" * 20_000
        waiting(bench, page="/" + long[:4000], contact={"name": long[:4000]},
                messages=[{"from": "customer", "name": long[:4000], "text": long}] * 9)
        hand_off(bench, contact={"id": "c", "name": long[:4000]},
                 data={"reason": {"code": "x", "text": long}, "skill": long, "status": "queued"})
        bench.observe("message.created", {"message": "m1", "text": long[:8000], "sequence": 9,
                                          "from": {"kind": "customer", "name": "Ada"}}, id="evt-2")
        bench.observe("message.created", {"message": "m2", "text": "\n" * 8000, "sequence": 9,
                                          "from": {"kind": "customer", "name": "Ada"}}, id="evt-3")
    [message] = slack.messages("support")
    assert len(slack.messages("support", thread=message["ts"])) == 2


def test_replies_are_promised_only_where_they_are_set_up(bench, slack):
    hand_off(bench)
    assert "Replies in this thread go to the customer" in whole(slack.messages("support")[0])
    with started(slack) as other:
        hand_off(other, "evt-2")
    assert "go to the customer" not in whole(slack.messages("support")[1])


# The thread


def test_assignment_and_resolution_are_told_in_the_thread(bench, slack):
    hand_off(bench)
    bench.observe("conversation.assigned",
                  {"owner": {"kind": "agent", "name": "Ann"}, "status": "open"}, id="evt-2")
    bench.observe("conversation.resolved", {"by": {"kind": "agent", "name": "Ann"}}, id="evt-3")
    bench.observe("conversation.resolved", {"by": {"kind": "agent", "name": "Ann"}}, id="evt-3")
    [first] = slack.messages("support")
    texts = [m["text"] for m in slack.messages("support", thread=first["ts"])]
    assert texts == ["*Ann* has taken the conversation.", ":white_check_mark: Resolved by *Ann*."]


def test_what_customer_and_agents_write_after_the_handoff_follows_in_the_thread(bench, slack):
    def says(id, kind, name, text):
        bench.observe("message.created", {"message": id, "text": text, "sequence": 5,
                                          "from": {"kind": kind, "name": name}}, id=id)

    says("evt-0", "customer", "Ada", "before")
    hand_off(bench)
    says("evt-2", "customer", "Ada", "Hello?\nAnyone?")
    says("evt-3", "bot", "Max", "One moment")
    says("evt-4", "agent", "Ann", "I am here")
    bench.observe("conversation.resolved", {"by": {"kind": "agent", "name": "Ann"}}, id="evt-5")
    says("evt-6", "customer", "Ada", "thanks")
    [first] = slack.messages("support")
    texts = [m["text"] for m in slack.messages("support", thread=first["ts"])]
    assert texts[:2] == ["*Ada*\n>Hello?\n>Anyone?", "*Ann*\n>I am here"]
    assert len(texts) == 3


def test_messages_are_left_out_of_the_thread_where_the_operator_wants_it(slack):
    with started(slack, mirror_messages=False) as bench:
        hand_off(bench)
        bench.observe("message.created", {"message": "m", "text": "Hello?", "sequence": 5,
                                          "from": {"kind": "customer", "name": "Ada"}}, id="evt-2")
    assert len(slack.requests) == 1


# Customers who wait


def test_a_customer_who_still_waits_is_told_of_once_in_the_risk_channel_and_in_the_thread(
        bench, slack):
    hand_off(bench)
    bench.advance(9 * 60)
    assert slack.messages("risk") == []
    bench.advance(2 * 60)
    bench.advance(60 * 60)
    [risk] = slack.messages("risk")
    waits = "|Ada Lovelace>* has been waiting for a person for 10 minutes, on /billing"
    assert waits in whole(risk)
    [first] = slack.messages("support")
    [told] = slack.messages("support", thread=first["ts"])
    assert "waiting for a person for 10 minutes" in told["text"]


def test_the_time_counts_from_the_handoff_not_from_hearing_of_it(bench, slack):
    hand_off(bench, at=now() - 8 * 60_000)
    bench.advance(3 * 60)
    assert len(slack.messages("risk")) == 1


def test_a_customer_who_is_served_is_not_told_of(bench, slack):
    hand_off(bench)
    waiting(bench, status="open")
    bench.advance(11 * 60)
    assert slack.messages("risk") == []


@pytest.mark.parametrize("type", ["conversation.assigned", "conversation.resolved"])
def test_the_reminder_ends_when_somebody_takes_care(bench, slack, type):
    hand_off(bench)
    bench.observe(type, {}, id="evt-2")
    bench.advance(11 * 60)
    assert slack.messages("risk") == []


def test_a_handoff_to_an_agent_who_is_there_sets_no_reminder(bench, slack):
    hand_off(bench, data={**HANDOFF, "status": "open"})
    bench.advance(11 * 60)
    assert slack.messages("risk") == []


def test_a_risk_channel_that_does_not_work_does_not_keep_the_thread_from_being_told(bench, slack):
    hand_off(bench)
    slack.channels["C000000001"]["archived"] = True
    bench.advance(11 * 60)
    [first] = slack.messages("support")
    assert len(slack.messages("support", thread=first["ts"])) == 1
    assert logged(bench, "is archived")


# Incidents


def handoffs(bench, count, *, first=0, code="refund_failed", page="/billing", at=None):
    for number in range(first, first + count):
        id = f"cnv_{number}"
        waiting(bench, id, page=page)
        hand_off(bench, f"evt-{number}", conversation=id, at=(at or now()) + number,
                 data={"reason": {"code": code, "text": "It failed"}, "status": "queued"})


def test_many_handoffs_for_one_reason_make_one_message_in_their_time(slack):
    with started(slack, incident_count=3, handoffs_channel=None) as bench:
        for number in range(5):
            handoffs(bench, 1, first=number, page=f"/page-{number}")
    [message] = slack.messages("incidents")
    assert "3 or more handoffs in 10 minutes for the reason *It failed (refund_failed)*" in (
        whole(message))
    assert "|conversation 3>" in whole(message)


def test_many_handoffs_from_one_page_make_one_message_whatever_its_query(slack):
    with started(slack, incident_count=3, handoffs_channel=None) as bench:
        for number in range(4):
            handoffs(bench, 1, first=number, code=f"reason-{number}", page=f"/pay?try={number}")
    [message] = slack.messages("incidents")
    assert "from the page */pay*" in whole(message)


def test_handoffs_far_apart_make_no_incident(slack):
    with started(slack, incident_count=3) as bench:
        for number in range(4):
            handoffs(bench, 1, first=number, at=now() + number * 6 * 60_000)
    assert slack.messages("incidents") == []


def test_a_handoff_told_many_times_is_no_incident(slack):
    with started(slack, incident_count=2) as bench:
        waiting(bench)
        at = now()
        for _ in range(3):
            hand_off(bench, at=at)
    assert slack.messages("incidents") == []


def test_an_incident_that_could_not_be_posted_is_posted_when_told_again(slack):
    with started(slack, incident_count=2, handoffs_channel=None) as bench:
        at = now()
        handoffs(bench, 1, page="", at=at)
        slack.fail(200, {"ok": False, "error": "team_added_to_org"})
        for expected in (4, None):
            try:
                handoffs(bench, 1, first=1, page="", at=at)
                status = None
            except Refused as refused:
                status = refused.status
            assert status == expected
    assert len(slack.messages("incidents")) == 1


# Unhappy customers


@pytest.mark.parametrize("score, told", [(1, 1), (2, 1), (3, 0), (5, 0)])
def test_a_low_score_is_told_with_its_comment(bench, slack, score, told):
    for _ in range(2):
        bench.observe("csat.received", {"score": score, "comment": "Never <again>"}, contact=ADA)
    messages = slack.messages("health")
    assert len(messages) == told
    for message in messages:
        assert f"|Ada Lovelace>* gave {score} of 5" in whole(message)
        assert ">Never &lt;again&gt;" in whole(message)


def test_unhelpful_answers_are_told_when_they_repeat_and_once_a_day(bench, slack):
    for number in range(5):
        bench.observe("answer.judged", {"helpful": False}, id=f"evt-{number}", contact=ADA,
                      conversation=f"cnv_{number}")
        bench.observe("answer.judged", {"helpful": True}, id=f"yes-{number}", contact=ADA)
        assert len(slack.messages("health")) == (number >= 2)
    [message] = slack.messages("health")
    assert "found 3 answers within a day unhelpful" in message["text"]


def test_unhelpful_answers_to_different_customers_do_not_add_up(bench, slack):
    for number in range(5):
        bench.observe("answer.judged", {"helpful": False}, id=f"evt-{number}",
                      contact={"id": f"con_{number}"})
    assert slack.messages("health") == []


# Replies


def threaded(bench, slack):
    hand_off(bench)
    return slack.messages("support")[0]["ts"]


def test_the_challenge_of_slack_is_answered(bench, slack):
    body = json.dumps({"token": "x", "challenge": "3eZbrw1aB10FEMAGAZd4FyFQ",
                       "type": "url_verification"})
    answer = event(bench, slack, body)
    assert (answer["status"], answer["body"]) == (200, "3eZbrw1aB10FEMAGAZd4FyFQ")


def test_what_is_not_signed_by_slack_is_refused(bench, slack):
    body = slack.says("hello", thread=threaded(bench, slack))
    wrong = slack.signed(body, secret="another")
    old = slack.signed(body, at=time.time() - 600)
    for headers in [wrong, old, {"content-type": "application/json"}]:
        assert bench.webhook("events", body, headers)["status"] == 401
    assert bench.effects_of("conversations.reply") == []


def test_a_reply_in_the_thread_goes_to_the_customer_in_the_agents_name(bench, slack):
    body = slack.says("Hi Ada, it is on its way.", thread=threaded(bench, slack))
    assert event(bench, slack, body)["status"] == 200
    [reply] = bench.effects_of("conversations.reply")
    assert reply["conversation"] == "cnv_1"
    assert reply["text"] == "Hi Ada, it is on its way."
    assert reply["agent_email"] == "ann@shop.example"
    assert reply["id"] == "slack-C000000000-1790000500-000700"


def test_a_reply_that_slack_sends_again_happens_once(bench, slack):
    body = slack.says("Hi", thread=threaded(bench, slack))
    for number in range(4):
        retry = {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"}
        assert event(bench, slack, body, **(retry if number else {}))["status"] == 200
    assert len({reply["id"] for reply in bench.effects_of("conversations.reply")}) == 1


@pytest.mark.parametrize("written, read", [
    ("see <https://shop.example/a?b=1&amp;c=2>", "see https://shop.example/a?b=1&c=2"),
    ("<https://shop.example|the shop>", "the shop (https://shop.example)"),
    ("<http://shop.example|shop.example>", "http://shop.example"),
    ("<mailto:a@b.example|a@b.example>", "a@b.example"),
    ("<@U0BOB> and <@U0BOB|bob> in <#C0123|general>", "@colleague and @bob in #general"),
    ("<!here> <!subteam^S012|@team> <!date^1392734382^{date}|Feb 18>", "@here @team Feb 18"),
    ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;", "1 < 2 && 3 > 2 &lt;"),
    ("  R&D is < done ", "R&D is < done"),
])
def test_slacks_notation_becomes_plain_text(bench, slack, written, read):
    event(bench, slack, slack.says(written, thread=threaded(bench, slack)))
    [reply] = bench.effects_of("conversations.reply")
    assert reply["text"] == read


@pytest.mark.parametrize("text", ["note: ask finance", "Note:ask finance", "NOTE:  ask finance "])
def test_with_note_in_front_it_is_a_note_once_and_no_reply(bench, slack, text):
    body = slack.says(text, thread=threaded(bench, slack))
    event(bench, slack, body)
    event(bench, slack, body, **{"x-slack-retry-num": "1"})
    [note] = bench.effects_of("conversations.note")
    assert note["text"] == "ann@shop.example, in Slack: ask finance"
    assert bench.effects_of("conversations.reply") == []


def test_a_member_who_is_not_mapped_is_told_how_to_be_and_nobody_else_sees_it(bench, slack):
    thread = threaded(bench, slack)
    body = slack.says("Hi", thread=thread, user="U0BOB")
    event(bench, slack, body)
    event(bench, slack, body, **{"x-slack-retry-num": "1"})
    [whisper] = slack.whispers
    assert (whisper["user"], whisper["channel"], whisper["thread_ts"]) == (
        "U0BOB", "C000000000", thread)
    assert "U0BOB is not mapped to an agent" in whisper["text"]
    assert bench.effects_of("conversations.reply") == []
    assert slack.messages("support", thread=thread) == []


def test_where_slack_cannot_whisper_the_thread_is_told(bench, slack):
    thread = threaded(bench, slack)
    slack.channels["C000000000"]["users"].clear()
    event(bench, slack, slack.says("Hi", thread=thread, user="U0BOB"))
    [message] = slack.messages("support", thread=thread)
    assert "is not mapped to an agent" in message["text"]


@pytest.mark.parametrize("more", [
    {"bot_id": "B0MAITRED"},
    {"subtype": "message_changed"},
    {"subtype": "channel_join"},
    {"subtype": "bot_message", "bot_id": "B1"},
    {"type": "reaction_added"},
    {"text": "  "},
])
def test_what_no_person_has_written_is_passed_over(bench, slack, more):
    thread = threaded(bench, slack)
    answer = event(bench, slack, slack.says(**{"text": "Hi", "thread": thread, **more}))
    assert answer["status"] == 200
    assert bench.effects_of("conversations.reply") == bench.effects_of("conversations.note") == []
    assert slack.whispers == []


@pytest.mark.parametrize("where", [
    {"thread": None},
    {"thread": "1790000001.999999"},
    {"channel": "C000000004"},
])
def test_what_is_written_elsewhere_is_passed_over(bench, slack, where):
    thread = threaded(bench, slack)
    event(bench, slack, slack.says("Hi", **{"user": "U0BOB", "thread": thread, **where}))
    assert bench.effects_of("conversations.reply") == []
    assert slack.whispers == []


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_who_could_think_it_was_passed_on_is_told_that_it_was_not(bench, slack, subtype):
    event(bench, slack, slack.says("Hi", thread=threaded(bench, slack), subtype=subtype))
    [whisper] = slack.whispers
    assert "This was not sent." in whisper["text"]
    assert bench.effects_of("conversations.reply") == []


def test_who_wrote_a_reply_that_is_refused_is_told_why(bench, slack):
    hand_off(bench, conversation="cnv_gone")
    thread = slack.messages("support")[0]["ts"]
    for text in ["Hi", "note: hi"]:
        body = slack.says(text, thread=thread, ts=f"1790000500.00070{len(text)}")
        assert event(bench, slack, body)["status"] == 200
    for whisper in slack.whispers:
        assert "This was not sent. there is no such conversation" in whisper["text"]
    assert len(slack.whispers) == 2


def test_a_late_reply_to_a_resolved_conversation_still_reaches_it(bench, slack):
    thread = threaded(bench, slack)
    bench.observe("conversation.resolved", {"by": {"kind": "agent", "name": "Ann"}}, id="evt-2")
    event(bench, slack, slack.says("One more thing", thread=thread))
    assert len(bench.effects_of("conversations.reply")) == 1


def test_a_body_that_is_no_event_is_refused(bench, slack):
    assert event(bench, slack, "<html>")["status"] == 400


# The action


def post(bench, key="key-1", **more):
    return bench.action("slack.post", {"channel": "C000000004", "comment": "A bug? <!here>"},
                        key=key, conversation="cnv_1", contact=ADA, **more)


def test_an_agent_posts_a_conversation_to_a_channel(bench, slack):
    output = post(bench)
    [message] = slack.messages("engineering")
    assert output["ts"] == message["ts"] and output["channel"] == "C000000004"
    assert output["summary"] == "The conversation was posted to Slack."
    text = whole(message)
    assert "*Ann* shares the conversation with <" in text and "|Ada Lovelace>" in text
    assert "A bug? &lt;!here&gt;" in text and ">Where is it?" in text
    assert message["pings"] == []


def test_the_same_action_repeated_posts_once_and_answers_the_same(bench, slack):
    assert post(bench) == post(bench)
    assert len(slack.messages("engineering")) == 1
    post(bench, key="key-2")
    assert len(slack.messages("engineering")) == 2


def test_what_is_said_about_a_posted_conversation_stays_in_slack(bench, slack):
    thread = post(bench)["ts"]
    event(bench, slack, slack.says("odd customer", thread=thread, channel="C000000004"))
    assert bench.effects_of("conversations.reply") == []


@pytest.mark.parametrize("change, status, words", [
    (lambda slack: slack.channels.pop("C000000004"), 2, "channel_not_found"),
    (lambda slack: slack.channels["C000000004"].update(member=False), 2, "/invite"),
    (lambda slack: slack.channels["C000000004"].update(archived=True), 2, "is_archived"),
    (lambda slack: setattr(slack, "revoked", True), 1, "token_revoked"),
    (lambda slack: slack.scopes.remove("chat:write"), 1, "chat:write"),
    (lambda slack: slack.fail(200, {"ok": False, "error": "strange_new_code"}), 2,
     "strange_new_code"),
    (lambda slack: slack.fail(404, {"oops": 1}), 1, "api_base answers 404"),
    (lambda slack: slack.fail(400, {"ok": False, "error": "invalid_arguments"}), 2,
     "invalid_arguments"),
    (lambda slack: slack.fail(401, {"ok": False, "error": "invalid_auth"}), 1, "invalid_auth"),
    (lambda slack: slack.fail(409, {"ok": False, "error": "external_channel_migrating"}), 2,
     "external_channel_migrating"),
    (lambda slack: slack.fail(422, {"ok": False, "error": "invalid_blocks"}), 2, "invalid_blocks"),
    (lambda slack: slack.fail(409, "<html>"), 1, "api_base answers 409"),
    (lambda slack: slack.fail(422, "<html>"), 1, "api_base answers 422"),
    (lambda slack: slack.fail(503, {"ok": False, "error": "service_unavailable"}, times=3), 4,
     "503"),
    (lambda slack: slack.fail(200, {"ok": False, "error": "internal_error"}), 4, "internal_error"),
    (lambda slack: slack.malformed(), 4, "makes no sense"),
    (lambda slack: slack.hang_up(times=3), 4, "cannot be reached"),
    (lambda slack: slack.fail(429, {"ok": False, "error": "ratelimited"}, retry_after=60), 4,
     "wait for 60 s"),
])
def test_the_agent_reads_why_slack_did_not_take_it(bench, slack, change, status, words):
    change(slack)
    with pytest.raises(Refused) as refused:
        post(bench)
    assert (refused.value.code, refused.value.status) == ("plugin_failed", status)
    assert words in refused.value.message
    assert slack.TOKEN not in refused.value.message


def test_a_wrong_token_is_named_as_such(slack):
    with started(slack, bot_token="xoxb-wrong") as bench:
        waiting(bench)
        with pytest.raises(Refused, match="refuses the bot token.*invalid_auth"):
            post(bench)


def test_a_conversation_is_needed(bench):
    with pytest.raises(Refused, match="no conversation to post"):
        bench.action("slack.post", {"channel": "C000000004"})


# Trouble with Slack


def test_a_short_pause_is_waited_out(bench, slack):
    slack.fail(429, {"ok": False, "error": "ratelimited"}, retry_after=1)
    hand_off(bench)
    assert len(slack.messages("support")) == 1
    first, second = slack.requests
    assert second.at - first.at >= 1


def test_a_pause_asked_for_in_a_success_is_waited_out_too(bench, slack):
    slack.fail(200, {"ok": False, "error": "ratelimited"}, retry_after=1)
    hand_off(bench)
    assert len(slack.messages("support")) == 1


def test_a_long_pause_has_the_happening_told_again_later(bench, slack):
    slack.fail(429, {"ok": False, "error": "ratelimited"}, retry_after=60)
    with pytest.raises(Refused) as refused:
        hand_off(bench)
    assert refused.value.status == 4
    assert len(slack.requests) == 1 and slack.messages("support") == []


@pytest.mark.parametrize("loss", [
    lambda slack: slack.hang_up(after=True),
    lambda slack: slack.fail(502, "bad gateway", after=True),
    lambda slack: slack.fail(200, {"ok": False, "error": "fatal_error"}, after=True),
])
def test_a_message_whose_answer_was_lost_is_found_and_not_posted_again(bench, slack, loss):
    loss(slack)
    with pytest.raises(Refused) as refused:
        hand_off(bench)
    assert refused.value.status == 4
    hand_off(bench)
    [message] = slack.messages("support")
    event(bench, slack, slack.says("Hi", thread=message["ts"]))
    assert len(bench.effects_of("conversations.reply")) == 1


def test_a_line_in_a_thread_whose_answer_was_lost_is_found_too(bench, slack):
    thread = threaded(bench, slack)
    slack.hang_up(after=True)
    with pytest.raises(Refused):
        bench.observe("conversation.assigned", {"owner": {"name": "Ann"}}, id="evt-2")
    bench.observe("conversation.assigned", {"owner": {"name": "Ann"}}, id="evt-2")
    assert len(slack.messages("support", thread=thread)) == 1


def test_a_message_that_was_lost_on_the_way_is_posted_when_told_again(bench, slack):
    hand_off(bench, "evt-0", conversation="cnv_0")
    slack.hang_up()
    with pytest.raises(Refused):
        hand_off(bench)
    assert len(slack.messages("support")) == 1
    hand_off(bench)
    assert len(slack.messages("support")) == 2


def test_without_the_scope_to_look_a_second_notice_is_better_than_none(bench, slack):
    slack.scopes.remove("channels:history")
    slack.hang_up()
    with pytest.raises(Refused):
        hand_off(bench)
    hand_off(bench)
    assert len(slack.messages("support")) == 1


def test_a_slow_slack_costs_the_call_and_no_second_message(bench, slack):
    slack.slow(3)
    with pytest.raises(Refused):
        bench.call("observe/conversation.handed_off",
                   {"id": "evt-1", "type": "conversation.handed_off", "at": now(),
                    "conversation": "cnv_1", "contact": ADA, "data": HANDOFF}, deadline_ms=500)
    end = time.monotonic() + 10
    while not slack.messages("support") and time.monotonic() < end:
        time.sleep(0.02)
    hand_off(bench)
    assert len(slack.messages("support")) == 1


def test_what_slack_will_never_take_is_logged_and_not_told_again(bench, slack):
    slack.channels.pop("C000000000")
    hand_off(bench)
    assert logged(bench, "channel_not_found")
    assert not any("Ada" in line or "Where is it" in line for line in bench.logs)
    slack.channel("C000000000", "support")
    hand_off(bench)
    assert len(slack.messages("support")) == 1


# Health


def test_the_connection_test_asks_slack(bench, slack):
    bench.call("health")
    assert [sent.path for sent in slack.requests] == ["/api/auth.test"]


def test_the_connection_test_repeats_what_slack_could_not_answer(bench, slack):
    slack.fail(503, {}, retry_after=0)
    bench.call("health")
    assert len(slack.requests) == 2


@pytest.mark.parametrize("change, words", [
    (lambda slack: setattr(slack, "revoked", True), "refuses the bot token"),
    (lambda slack: slack.scopes.remove("chat:write"), "chat:write"),
])
def test_the_connection_test_says_what_is_wrong(bench, slack, change, words):
    change(slack)
    with pytest.raises(Refused, match=words):
        bench.call("health")


def test_a_slash_at_the_end_of_the_address_does_no_harm(slack):
    with started(slack, api_base=slack.base + "/") as bench:
        bench.call("health")
    assert slack.requests[0].path == "/api/auth.test"


def test_replies_need_the_signing_secret(slack):
    with started(slack) as bench:
        waiting(bench)
        body = slack.says("Hi", thread=threaded(bench, slack))
        try:
            status = bench.webhook("events", body, slack.signed(body, secret=""))["status"]
        except Refused:
            status = None
        assert status != 200
        assert bench.effects_of("conversations.reply") == []
