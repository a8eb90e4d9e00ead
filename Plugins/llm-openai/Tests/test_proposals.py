# SPDX-License-Identifier: Apache-2.0
"""Actions that a model proposes beside a draft, against a played server."""

import json

import pytest
from played_openai import PlayedOpenAI
from plugin_bench import Bench

PASSAGE = {"id": "art_refunds", "title": "Refunds",
           "text": "Yearly plans are refunded in full within thirty days of the payment."}
SAID = "Yearly plans are refunded in full within thirty days of the payment [1]."
REFUND = {"name": "shop.refund", "description": "Refund an order: gives money back",
          "input": {"type": "object", "required": ["order"], "properties": {
              "order": {"type": "string", "title": "Order"},
              "amount": {"type": "integer", "minimum": 1},
              "at_period_end": {"type": "boolean"}, "countryCode": {"type": "string"}}}}
CANCEL = {"name": "shop.cancel", "description": "Cancel an order",
          "input": {"type": "object", "properties": {"order": {"type": "string"}}}}
TOOLS = [REFUND, CANCEL]
ORDER = {"order": "#1001", "amount": 2500}


@pytest.fixture
def server():
    with PlayedOpenAI() as server:
        yield server


def plugin(server, **config):
    return Bench("Plugins/llm-openai", {"base_url": server.url, "api_key": server.key,
                                        "model": "gpt-played", **config})


@pytest.fixture
def bench(server):
    with plugin(server) as bench:
        yield bench


def draft(bench, tools=TOOLS, passages=(PASSAGE,), **more):
    return bench.call("provide/reply.draft", {
        "question": "Please refund my order #1001, all 25 euros.", "language": "en",
        "passages": list(passages), "tools": tools, **more})


def proposed(server, bench, *calls, pieces=(SAID,), **more):
    """What the answer proposes when the model calls tools."""
    server.say(*pieces, calls=calls, finish="tool_calls")
    return draft(bench, **more).get("proposals", [])


def rules(chat):
    return chat["messages"][0]["content"]


# What is offered


def test_actions_are_offered_under_names_that_models_take(server, bench):
    server.say(SAID)
    answer = draft(bench)
    assert answer["text"] == SAID and "proposals" not in answer
    chat = server.chats[0]
    assert chat["tool_choice"] == "auto"
    assert chat["tools"] == [
        {"type": "function", "function": {
            "name": "shop_refund", "description": "Refund an order: gives money back",
            "parameters": REFUND["input"]}},
        {"type": "function", "function": {
            "name": "shop_cancel", "description": "Cancel an order",
            "parameters": CANCEL["input"]}}]
    assert "a call of one does nothing" in rules(chat)


def test_two_actions_never_go_by_one_name(server, bench):
    tools = [{**CANCEL, "name": name} for name in ("shop.cancel", "shop_cancel")]
    server.say(SAID, calls=[("shop_cancel_2", {})])
    answer = draft(bench, tools)
    names = [tool["function"]["name"] for tool in server.chats[0]["tools"]]
    assert names == ["shop_cancel", "shop_cancel_2"]
    assert answer["proposals"] == [{"action": "shop_cancel", "input": {}}]


def test_no_more_than_sixteen_actions_are_offered(server, bench):
    server.say(SAID)
    draft(bench, [{**CANCEL, "name": f"shop.cancel{number}"} for number in range(20)])
    assert len(server.chats[0]["tools"]) == 16


# What is proposed


@pytest.mark.parametrize("streams", [True, False])
def test_a_call_becomes_a_proposal_beside_the_draft(server, bench, streams):
    if not streams:
        server.unknown = {"stream"}
    input = {**ORDER, "at_period_end": True, "countryCode": "DE"}
    server.say(SAID, calls=[("shop_refund", input)], finish="tool_calls")
    answer = draft(bench)
    assert ("stream" in server.chats[0]) == streams
    assert (answer["refused"], answer["text"]) == (False, SAID)
    assert answer["proposals"] == [{"action": "shop.refund", "input": input}]
    assert bench.effects == []


@pytest.mark.parametrize("index", [lambda number: number, lambda number: 0, lambda number: None])
def test_calls_side_by_side_are_told_apart_however_a_server_counts_them(server, bench, index):
    server.call_index = index
    server.cut = 11
    calls = [("shop_refund", {"order": "#1"}), ("shop_refund", {"order": "#2"}),
             ("shop_cancel", {"order": "ä"})]
    assert [(one["action"], one["input"]["order"]) for one in proposed(server, bench, *calls)] == [
        ("shop.refund", "#1"), ("shop.refund", "#2"), ("shop.cancel", "ä")]


def test_pieces_of_calls_that_come_by_turns_are_put_together_by_their_index(server, bench):
    def piece(index, **function):
        call = {"tool_calls": [{"index": index, "function": function}]}
        return f"data: {json.dumps({'choices': [{'index': 0, 'delta': call}]})}\n\n"

    server.say(SAID, events=[
        piece(0, name="shop_refund", arguments='{"order":'), piece(1, name="shop_cancel"),
        piece(0, arguments='"#1"}'), piece(1, arguments='{"order":"#2"}')])
    assert draft(bench)["proposals"] == [{"action": "shop.refund", "input": {"order": "#1"}},
                                         {"action": "shop.cancel", "input": {"order": "#2"}}]


def test_arguments_may_come_as_an_object(server, bench):
    server.streams = False
    call = {"choices": [{"finish_reason": "tool_calls", "message": {"content": SAID, "tool_calls": [
        {"function": {"name": "shop_refund", "arguments": ORDER}}]}}]}
    server.fail(200, call)
    assert draft(bench)["proposals"] == [{"action": "shop.refund", "input": ORDER}]


def test_a_tool_that_was_not_offered_is_not_proposed(server, bench):
    calls = [("shop_erase", {}), ("shop.refund", ORDER), ("", ORDER), ("shop_refund", ORDER)]
    assert proposed(server, bench, *calls) == [{"action": "shop.refund", "input": ORDER}]


@pytest.mark.parametrize("arguments", ["[1]", '"#1001"', "null", '{"order":', "no JSON", "7"])
def test_arguments_that_are_no_object_are_dropped(server, bench, arguments):
    assert proposed(server, bench, ("shop_refund", arguments)) == []


def test_a_call_without_arguments_has_an_empty_input(server, bench):
    assert proposed(server, bench, ("shop_cancel", "")) == [{"action": "shop.cancel", "input": {}}]


def test_at_most_three_are_proposed_and_each_once(server, bench):
    calls = [("shop_refund", {"order": f"#{number // 2}"}) for number in range(10)]
    assert [one["input"]["order"] for one in proposed(server, bench, *calls)] == ["#0", "#1", "#2"]


def test_what_was_cut_off_proposes_nothing(server, bench):
    for finish in ("length", "content_filter"):
        server.say(SAID, calls=[("shop_refund", ORDER)], finish=finish)
        answer = draft(bench)
        assert answer["refused"] and "proposals" not in answer


def test_arguments_without_end_are_not_followed(server, bench):
    server.say(SAID, calls=[("shop_refund", "7" * 70_000)])
    with pytest.raises(Exception, match="writes without end"):
        draft(bench)


def test_calls_cost_tokens_like_words(server, bench):
    server.tells_usage = False
    server.say(SAID)
    plain = draft(bench)["usage"]
    server.say(SAID, calls=[("shop_refund", {"order": "#" * 4000})])
    calling = draft(bench)["usage"]
    assert calling["completion_tokens"] - plain["completion_tokens"] >= 1000
    # The schemas are part of the question.
    server.say(SAID)
    assert draft(bench, [])["usage"]["prompt_tokens"] + 50 < plain["prompt_tokens"]


# Proposals and the check of drafts


def test_a_draft_that_the_passages_do_not_support_is_refused_and_its_proposal_stays(server, bench):
    server.say("We add a voucher as an apology [1]. ", "It is yours [1]. ", "Really [1].",
               calls=[("shop_refund", ORDER)])
    answer = draft(bench)
    assert (answer["refused"], answer["text"]) == (True, "")
    assert "not supported" in answer["reason"]
    assert answer["proposals"] == [{"action": "shop.refund", "input": ORDER}]
    assert list(bench.parts.values()) in ([], [[]])


def test_a_proposal_may_come_without_words(server, bench):
    server.say(calls=[("shop_refund", ORDER)], finish="tool_calls")
    answer = draft(bench)
    assert (answer["refused"], answer["text"]) == (True, "")
    assert answer["reason"] == "the model proposes an action and wrote no reply"
    assert answer["proposals"] == [{"action": "shop.refund", "input": ORDER}]


def test_without_passages_the_model_is_asked_for_proposals_alone(server, bench):
    server.say("We have refunded you.", calls=[("shop_refund", ORDER)])
    answer = draft(bench, passages=[])
    assert (answer["refused"], answer["text"]) == (True, "")
    assert answer["reason"] == "there are no passages to answer from"
    assert answer["proposals"] == [{"action": "shop.refund", "input": ORDER}]


def test_a_proposal_stays_beside_a_draft_that_is_translated(server, bench):
    server.say(SAID, calls=[("shop_refund", ORDER)])
    server.say("Jahrestarife werden binnen dreißig Tagen voll erstattet [1].")
    answer = draft(bench, language="de")
    assert answer["text"].startswith("Jahrestarife")
    assert answer["proposals"] == [{"action": "shop.refund", "input": ORDER}]
    assert "tools" in server.chats[0] and "tools" not in server.chats[1]


def test_only_drafts_are_offered_tools(server, bench):
    server.say("The customer wants a refund.", calls=[("shop_refund", ORDER)])
    answer = bench.call("provide/llm.complete", {
        "task": "summary", "tools": TOOLS, "history": [{"from": "customer", "text": "Refund"}]})
    assert "tools" not in server.chats[0] and "proposals" not in answer
    server.say(SAID, calls=[("shop_refund", ORDER)])
    answer = bench.call("provide/llm.complete", {
        "task": "draft", "question": "Refund?", "passages": [PASSAGE], "tools": TOOLS})
    assert answer["proposals"] == [{"action": "shop.refund", "input": ORDER}]


# Servers that take no tools


REFUSALS = [
    (400, "registry.ollama.ai/library/gemma does not support tools"),
    (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
    (404, "No endpoints found that support tool use."),
    (500, "tools param requires --jinja flag")]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_server_without_tools_is_asked_again_without_and_that_is_remembered(
        server, bench, refusal):
    server.without_tools = refusal
    for expected in (2, 3):
        server.say(SAID)
        answer = draft(bench)
        assert (answer["refused"], answer["text"]) == (False, SAID)
        assert len(server.requests) == expected
    assert not any({"tools", "tool_choice"} & set(chat) for chat in server.chats)
    assert "You have no tools." in rules(server.chats[0])


@pytest.mark.parametrize("names_param", [True, False])
def test_a_server_that_does_not_know_the_parameter_is_asked_without_it(
        server, bench, names_param):
    server.unknown, server.names_param = {"tools"}, names_param
    server.say(SAID)
    assert draft(bench)["text"] == SAID
    server.say(SAID)
    assert draft(bench)["text"] == SAID
    assert not any("tools" in chat for chat in server.chats)


def test_a_server_that_takes_tools_without_a_choice_is_given_tools(server, bench):
    server.unknown = {"tool_choice"}
    assert proposed(server, bench, ("shop_refund", ORDER)) == [
        {"action": "shop.refund", "input": ORDER}]
    assert "tools" in server.chats[0] and "tool_choice" not in server.chats[0]


def test_the_operator_may_say_whether_actions_are_suggested(server):
    with plugin(server, use_tools="off") as bench:
        server.say(SAID, calls=[("shop_refund", ORDER)])
        answer = draft(bench)
        assert answer["text"] == SAID and "proposals" not in answer
        assert draft(bench, passages=[])["reason"] == "there are no passages to answer from"
    assert len(server.chats) == 1 and "tools" not in server.chats[0]
    server.without_tools = REFUSALS[0]
    with plugin(server, use_tools="on") as bench:
        with pytest.raises(Exception, match="does not support tools"):
            draft(bench)
    assert len(server.requests) == 2


def test_where_tools_are_not_taken_and_nothing_was_found_the_model_is_not_asked(server, bench):
    server.without_tools = REFUSALS[0]
    server.say(SAID)
    draft(bench)
    asked = len(server.requests)
    assert draft(bench, passages=[])["reason"] == "there are no passages to answer from"
    assert len(server.requests) == asked


def test_another_refusal_does_not_end_the_offer(server, bench):
    server.fail(500, {"error": {"message": "The server had an error."}})
    with pytest.raises(Exception, match="had an error"):
        draft(bench)
    assert proposed(server, bench, ("shop_refund", ORDER)) != []
