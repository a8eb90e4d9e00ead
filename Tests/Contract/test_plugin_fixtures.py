"""Fixtures of plugins, `maitred plugin test`: clock, signatures, effects, expected errors."""

import base64
import json

import c_plugins
import pytest
from plugin_commands import plugin, said

CONVERSATION = "cnv_01kajqy9s6exyt3h8b0d5v7g2k"
SECRET = "whsec_" + base64.b64encode(b"a secret of the fixture").decode()
CODE = r"""
static void noted(void *context, int32_t status, maitred_slice out) {
    host->complete(host, context, status, out);
}
static void note(maitred_call *call) {
    const maitred_service_1 *desk = host->get_service(host, MAITRED_CONVERSATIONS_SERVICE);
    desk->ask(host, desk, call, "note", slice("{\"conversation\":\"PLACE\",\"text\":\"Time.\"}"),
              noted, call);
}
static void tell_minutes(maitred_call *call) {
    static int64_t begun;
    const maitred_clock_1 *clock = host->get_service(host, MAITRED_CLOCK_SERVICE);
    if (!begun) begun = clock->unix_ms(host);
    char json[60];
    snprintf(json, sizeof json, "{\"minutes\":%d}", (int)((clock->unix_ms(host) - begun) / 60000));
    answer(call, json);
}
INVOKE {
    if (strcmp(method, "schedule/tick") == 0) note(call);
    else if (strcmp(method, "action/diary.minutes") == 0) tell_minutes(call);
    else if (strcmp(method, "action/diary.refuse") == 0)
        host->complete(host, call, MAITRED_INVALID, slice("{\"message\":\"there is no page 9\"}"));
    else answer(call, says(in, "opened") ? "{\"status\":202}" : "{\"status\":204}");
}
""".replace("PLACE", CONVERSATION)
ACTIONS = [{"name": f"diary.{name}", "title": name, "effect": "read",
            "input": {"type": "object", "properties": {}}} for name in ("minutes", "refuse")]
MINUTES = {"call": "action/diary.minutes", "input": {}}
REFUSE = {"call": "action/diary.refuse", "input": {}}


@pytest.fixture(scope="module")
def diary(tmp_path_factory):
    """The folder of a plugin with a clock, a schedule and a webhook for each scheme."""
    webhooks = [{"path": scheme, "scheme": scheme, "secret": "key", "header": "x-signature"}
                for scheme in ("stripe", "slack", "standard", "hmac-sha256")]
    webhooks.append({"path": "anybody"})
    folder = c_plugins.build(
        tmp_path_factory.mktemp("plugins"), "test.diary", CODE,
        permissions={"webhook": True, "schedule": True, "write": ["conversation.note"]},
        config={"type": "object", "properties": {"key": {"type": "string", "format": "secret"}}},
        contributes={"webhooks": webhooks, "actions": ACTIONS,
                     "schedules": [{"name": "tick", "every_s": 60}]})
    (folder / "Tests").mkdir()
    return folder


def run(folder, *steps, **members):
    """Runs one fixture; returns what it said of itself, one text for each fault."""
    fixture = {"name": "a day", "config": {"key": SECRET}, "steps": steps,
               "conversations": [{"id": CONVERSATION, "status": "open"}], **members}
    (folder / "Tests/day.json").write_text(json.dumps(fixture))
    done = plugin("test", folder)
    lines = done.stdout.splitlines()
    faults = [line.strip() for line in lines if line.startswith("       ")]
    assert lines[0] == ("FAILED a day" if faults else "ok     a day"), said(done)
    assert (done.returncode != 0) == bool(faults), said(done)
    return faults


def hook(scheme, is_signed, status):
    request = {"path": scheme, "method": "POST", "body": {"event": "opened"}, "sign": is_signed}
    return {"webhook": request, "expect": {"status": status}}


@pytest.mark.parametrize("scheme", ["stripe", "slack", "standard", "hmac-sha256"])
def test_a_signed_request_is_believed_however_far_the_clock_was_moved(scheme, diary):
    assert run(diary, hook(scheme, True, 202), {"advance_s": 3600}, hook(scheme, True, 202),
               hook(scheme, False, 401)) == []


def test_a_body_that_is_no_text_is_sent_as_json_signed_or_not(diary):
    assert run(diary, hook("anybody", False, 202), hook("stripe", True, 202)) == []


def test_moving_the_clock_moves_the_plugins_time_and_has_reminders_come_due(diary):
    note = {"method": "conversations.note", "input": {"text": "Time."}}
    steps = [{**MINUTES, "expect": {"minutes": 0}}, {"advance_s": 30}, {"advance_s": 600},
             {**MINUTES, "expect": {"minutes": 10}}]
    assert run(diary, *steps, effects=[note]) == []


def test_an_effect_that_did_not_come_fails_the_fixture_and_says_what_came(diary):
    notes = [{"method": "conversations.note", "input": {"text": text}} for text in ("Time.", "No.")]
    faults = run(diary, {"advance_s": 61}, effects=notes)
    assert len(faults) == 1 and faults[0].startswith("did not do ") and "No." in faults[0]
    # One that was done once is not there twice.
    faults = run(diary, {"advance_s": 61}, effects=[notes[0], notes[0]])
    assert len(faults) == 1 and faults[0].endswith("; did []")


@pytest.mark.parametrize("wanted", [
    {"status": 2}, {"message": "no page"}, {"status": 2, "message": "there is no page 9"}, {}])
def test_an_error_is_expected_by_its_status_or_a_part_of_its_words(wanted, diary):
    assert run(diary, {**REFUSE, "expect_error": wanted}) == []


@pytest.mark.parametrize("step, fault", [
    ({**REFUSE, "expect_error": {"status": 4}}, "step 1: the error is "),
    ({**REFUSE, "expect_error": {"message": "page 10"}}, "step 1: the error is "),
    ({**MINUTES, "expect_error": {}}, 'step 1: no error but {"minutes":0}'),
    ({**MINUTES, "expect": {"minutes": 1}}, 'step 1: the answer is {"minutes":0}'),
    (REFUSE, "step 1: failed: "),
])
def test_what_is_not_as_expected_is_told_with_its_step(step, fault, diary):
    faults = run(diary, step)
    assert len(faults) == 1 and faults[0].startswith(fault), faults
