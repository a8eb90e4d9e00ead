"""Orders of a Shopify shop, asked through the real host process."""

import time

import pytest

from played_shopify import THROTTLED, PlayedShopify
from plugin_bench import Bench, Refused

ADA = {"id": "ct_1", "email": "ada@example.com"}
BOT = {"kind": "bot"}
AGENT = {"kind": "agent", "name": "Ann"}
FAILED, INVALID, TEMPORARY = 1, 2, 4
HAMBURG = {"order": "#1001", "address1": "Rathausplatz 1", "zip": "20095", "city": "Hamburg",
           "country_code": "de"}
DHL = {"company": "DHL", "number": "00340", "url": "https://dhl.example/00340"}


@pytest.fixture
def shop():
    with PlayedShopify() as shop:
        shop.order("#1001", "ada@example.com", created="2026-07-01T09:00:00Z")
        yield shop


def config(shop, **more):
    return {"shop": shop.base, "access_token": shop.token, "cancel_wait_s": 5, **more}


@pytest.fixture
def bench(shop):
    with Bench("Plugins/orders-shopify", config(shop)) as bench:
        yield bench


def opened(bench, email="ada@example.com", **more):
    return bench.call("hook/conversation.opened", {"contact": {"email": email}}, **more)


def run(bench, action, payload, by=AGENT, contact=ADA, **more):
    return bench.action(f"shopify.{action}", payload, by=by, contact=contact, **more)


def refused(bench, action, payload, **more):
    with pytest.raises(Refused) as found:
        run(bench, action, payload, **more)
    return found.value


# Facts

def test_a_conversation_begins_with_the_last_order(shop, bench):
    shop.order("#1002", "ada@example.com", 12950, fulfilment="FULFILLED", tracking=DHL,
               created="2026-07-05T09:00:00Z")
    assert opened(bench) == {"title": "Shopify", "facts": {
        "last_order": "#1002", "payment": "paid", "fulfilment": "fulfilled",
        "total": "129.50 EUR", "tracking": "DHL 00340",
        "tracking_url": "https://dhl.example/00340", "ordered": "2026-07-05", "orders": 2}}


def test_facts_cost_one_request(shop, bench):
    opened(bench)
    assert len(shop.requests) == 1


def test_nothing_is_asked_about_a_contact_without_an_address(shop, bench):
    assert not bench.call("hook/conversation.opened", {"contact": {"name": "Ada"}})
    assert shop.requests == []


def test_a_contact_without_orders_has_no_facts(bench):
    assert not opened(bench, "new@example.com")


def test_orders_of_a_similar_address_are_not_the_contacts(shop, bench):
    shop.order("#1002", "ada@example.com.au", created="2026-07-05T09:00:00Z")
    facts = opened(bench)["facts"]
    assert (facts["last_order"], facts["orders"]) == ("#1001", 1)


def test_an_address_is_the_same_in_capitals(bench):
    assert opened(bench, "Ada@Example.COM")["facts"]["last_order"] == "#1001"


def test_an_address_with_a_quote_in_it_does_not_widen_the_search(shop, bench):
    hostile = 'x" OR email:"ada@example.com'
    assert not opened(bench, hostile)
    assert shop.sent("orders")[0]["query"] == 'email:"x\\" OR email:\\"ada@example.com"'


def test_more_orders_than_a_page_holds_are_counted_by_shopify(shop, bench):
    for number in range(2, 14):
        shop.order(f"#10{number:02}", "ada@example.com")
    assert opened(bench)["facts"]["orders"] == 13


def test_a_cancelled_order_is_told_as_cancelled(shop, bench):
    shop.orders["#1001"]["cancelled"] = "2026-07-02T12:00:00Z"
    assert opened(bench)["facts"]["fulfilment"] == "cancelled"


def test_amounts_are_in_the_currency_the_customer_paid_in(shop, bench):
    shop.order("#1002", "ken@example.com", 12000, "JPY", shop_currency="EUR")
    assert opened(bench, "ken@example.com")["facts"]["total"] == "12000 JPY"


def test_facts_that_come_late_are_done_without(shop, bench):
    shop.slow(3)
    with pytest.raises(Refused) as found:
        opened(bench, deadline_ms=800)
    # Whoever notices first, the plugin's request or the server, says so.
    assert found.value.code == "plugin_timeout" or found.value.status == 4


# What Shopify answers when it does not answer

def test_a_refused_token_is_said_to_be_one(shop):
    with Bench("Plugins/orders-shopify", config(shop, access_token="shpat_old")) as bench:
        with pytest.raises(Refused) as found:
            opened(bench)
    assert found.value.status == FAILED
    assert "refuses the key (401): [API] Invalid API key" in found.value.message


def test_an_api_version_that_shopify_lacks_is_named(shop):
    with Bench("Plugins/orders-shopify", config(shop, api_version="2020-01")) as bench:
        with pytest.raises(Refused) as found:
            opened(bench)
    assert found.value.status == FAILED
    assert "api_version" in found.value.message


def test_an_address_that_leads_elsewhere_is_not_followed(shop, bench):
    shop.fail(301)
    with pytest.raises(Refused) as found:
        opened(bench)
    assert found.value.status == FAILED
    assert "myshopify.com" in found.value.message
    assert len(shop.requests) == 1


def test_a_frozen_shop_is_a_refusal(shop, bench):
    shop.fail(402, {"errors": "This shop's plan does not have access to this feature"})
    with pytest.raises(Refused) as found:
        opened(bench)
    assert found.value.status == INVALID
    assert "plan" in found.value.message


@pytest.mark.parametrize("status", [409, 422])
def test_what_shopify_refuses_is_told_in_its_words_and_not_asked_again(shop, bench, status):
    shop.fail(status, {"errors": "The shop is being moved"})
    with pytest.raises(Refused) as found:
        opened(bench)
    assert found.value.status == INVALID
    assert found.value.message == f"Shopify refuses ({status}): The shop is being moved"
    assert len(shop.requests) == 1


def test_a_query_is_asked_again_after_the_time_shopify_names(shop, bench):
    shop.fail(429, {"errors": "Too many requests"}, retry_after=1)
    found = opened(bench, deadline_ms=5000)
    assert found["facts"]["last_order"] == "#1001"
    assert shop.requests[1].at - shop.requests[0].at >= 0.9


def test_a_throttled_query_is_a_temporary_failure_although_its_status_is_200(shop, bench):
    shop.fail(200, THROTTLED)
    with pytest.raises(Refused) as found:
        opened(bench)
    assert found.value.status == TEMPORARY
    assert "Throttled" in found.value.message


def test_an_internal_error_told_with_status_200_is_temporary(shop, bench):
    shop.fail(200, {"errors": [{"message": "Internal error",
                                "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]})
    with pytest.raises(Refused) as found:
        opened(bench)
    assert found.value.status == TEMPORARY


def test_a_shop_that_is_down_is_a_temporary_failure(shop, bench):
    shop.fail(503, times=3)
    with pytest.raises(Refused) as found:
        opened(bench, deadline_ms=20_000)
    assert found.value.status == TEMPORARY


def test_a_page_instead_of_json_is_a_temporary_failure(shop, bench):
    shop.malformed()
    with pytest.raises(Refused) as found:
        opened(bench)
    assert found.value.status == TEMPORARY


def test_neither_token_nor_address_is_logged(shop):
    with Bench("Plugins/orders-shopify", config(shop)) as bench:
        opened(bench)
        shop.fail(500)
        with pytest.raises(Refused):
            opened(bench)
    logs = "\n".join(bench.logs)
    assert shop.token not in logs
    assert "ada@example.com" not in logs


# Looking up

@pytest.mark.parametrize("name", ["#1001", "1001", " # 1001 "])
def test_an_order_is_found_with_and_without_the_sign(bench, name):
    assert run(bench, "lookup", {"order": name}) == {
        "summary": "#1001 of 2026-07-01: 89.00 EUR, paid, unfulfilled.", "order": "#1001",
        "placed": "2026-07-01T09:00:00Z", "payment": "paid", "fulfilment": "unfulfilled",
        "total": "89.00 EUR", "items": "2 × Mug"}


def test_a_name_that_only_begins_alike_is_another_order(shop, bench):
    del shop.orders["#1001"]
    shop.order("#10012", "ada@example.com")
    found = refused(bench, "lookup", {"order": "#1001"})
    assert found.status == INVALID
    assert "no order #1001" in found.message


def test_without_a_name_the_contacts_latest_orders_are_looked_up(shop, bench):
    shop.order("#1002", "ada@example.com", created="2026-07-05T09:00:00Z")
    found = run(bench, "lookup", {}, by=BOT)
    assert (found["order"], found["other_orders"]) == ("#1002", "#1001")


def test_an_address_without_orders_is_an_answer(bench):
    assert run(bench, "lookup", {"email": "new@example.com"}) == {
        "summary": "No orders were made with this address."}


def test_a_lookup_needs_something_to_go_by(shop, bench):
    found = refused(bench, "lookup", {}, contact={"id": "ct_2"})
    assert found.status == INVALID
    assert shop.requests == []


def test_the_assistant_sees_the_contacts_own_order(bench):
    assert run(bench, "lookup", {"order": "1001"}, by=BOT)["order"] == "#1001"


def test_the_assistant_cannot_tell_anothers_order_from_none(shop, bench):
    shop.order("#1002", "bob@example.com")
    other = refused(bench, "lookup", {"order": "#1002"}, by=BOT)
    none = refused(bench, "lookup", {"order": "#1003"}, by=BOT)
    assert other.status == none.status == INVALID
    assert other.message.replace("#1002", "#1003") == none.message


def test_the_assistant_looks_up_no_other_address(shop, bench):
    found = refused(bench, "lookup", {"email": "bob@example.com"}, by=BOT)
    assert found.status == INVALID
    assert shop.requests == []


def test_an_agent_may_look_up_any_order(shop, bench):
    shop.order("#1002", "bob@example.com")
    assert run(bench, "lookup", {"order": "#1002"})["order"] == "#1002"


@pytest.mark.parametrize("action", ["cancel", "refund", "update_address"])
def test_the_assistant_changes_no_order_but_the_contacts(shop, bench, action):
    shop.order("#1002", "bob@example.com")
    more = {**HAMBURG} if action == "update_address" else {}
    found = refused(bench, action, {**more, "order": "#1002"}, by=BOT)
    assert found.status == INVALID
    assert "customer's address" in found.message
    assert not any(b"mutation" in sent.body for sent in shop.requests)


def test_nobody_known_may_do_nothing(shop, bench):
    found = refused(bench, "cancel", {"order": "#1001"}, by=BOT, contact={"id": "ct_2"})
    assert found.status == INVALID
    assert shop.sent("orderCancel") == []


# Cancelling

def test_a_cancellation_is_waited_for(shop, bench):
    shop.polls_until_done = 3
    found = run(bench, "cancel", {"order": "#1001", "note": "asked in chat"})
    assert found == {"summary": "#1001 is cancelled.", "order": "#1001", "state": "cancelled"}
    order = shop.orders["#1001"]
    assert order["cancelled"]
    assert order["payments"][0]["refunded"] == 8900
    assert (order["restocked"], order["notified"]) == (["Mug"], ["cancelled"])
    assert order["note"] == "asked in chat"
    assert len(shop.sent("job")) == 3


def test_a_cancellation_leaves_alone_what_it_is_told_to(shop, bench):
    run(bench, "cancel", {"order": "#1001", "reason": "fraud", "refund": False, "restock": False,
                          "notify": False})
    order = shop.orders["#1001"]
    assert order["payments"][0]["refunded"] == 0
    assert (order["restocked"], order["notified"]) == ([], [])
    assert shop.sent("orderCancel")[0]["reason"] == "FRAUD"


def test_a_note_longer_than_shopify_takes_is_refused(shop, bench):
    assert refused(bench, "cancel", {"order": "#1001", "note": "n" * 256}).status == INVALID
    assert shop.requests == []


def test_a_cancellation_that_takes_long_is_under_way(shop):
    shop.polls_until_done = None
    with Bench("Plugins/orders-shopify", config(shop, cancel_wait_s=1)) as bench:
        found = run(bench, "cancel", {"order": "#1001"})
        assert found["state"] == "cancelling"
        # Asked again, it looks after the same job.
        shop.jobs["gid://shopify/Job/1"]["polls"] = 1
        assert run(bench, "cancel", {"order": "#1001"})["state"] == "cancelled"
    assert len(shop.sent("orderCancel")) == 1


def test_an_order_that_is_cancelled_is_not_cancelled_again(shop, bench):
    shop.orders["#1001"]["cancelled"] = "2026-07-02T12:00:00Z"
    found = run(bench, "cancel", {"order": "#1001"})
    assert found["summary"] == "#1001 is cancelled, since 2026-07-02."
    assert shop.sent("orderCancel") == []


def test_an_order_with_an_open_return_is_not_cancelled_and_shopify_says_why(shop, bench):
    shop.orders["#1001"]["open_return"] = True
    found = refused(bench, "cancel", {"order": "#1001"})
    assert found.status == INVALID
    assert "#1001: Order cannot be cancelled while it has open returns." in found.message
    assert shop.sent("job") == []


def test_a_job_that_ends_without_cancelling_is_a_failure(shop, bench):
    shop.polls_until_done = None
    shop.on("job").fail(200, {"data": {"job": {"done": True}, "order": {"cancelledAt": None}}})
    found = refused(bench, "cancel", {"order": "#1001"})
    assert found.status == FAILED
    assert "without cancelling #1001" in found.message


def test_a_job_that_shopify_no_longer_knows_is_judged_by_the_order(shop, bench):
    shop.on("job").fail(200, {"data": {"job": None, "order": {"cancelledAt": "2026-07-02T1"}}})
    assert run(bench, "cancel", {"order": "#1001"})["state"] == "cancelled"


def test_a_cancellation_is_waited_for_although_watching_it_is_throttled(shop, bench):
    shop.on("job").fail(200, THROTTLED)
    assert run(bench, "cancel", {"order": "#1001"})["state"] == "cancelled"


def test_a_cancellation_whose_answer_was_lost_is_found_done(shop, bench):
    shop.on("orderCancel").fail(502, after=True)
    assert refused(bench, "cancel", {"order": "#1001"}).status == TEMPORARY
    assert len(shop.sent("orderCancel")) == 1
    shop._tick()
    # The server repeats what failed for the time being, with the same key.
    assert run(bench, "cancel", {"order": "#1001"})["state"] == "cancelled"
    assert len(shop.sent("orderCancel")) == 1


def test_a_cancellation_whose_answer_was_lost_is_waited_for_when_it_is_refused(shop, bench):
    shop.polls_until_done = 2
    shop.on("orderCancel").fail(502, after=True)
    assert refused(bench, "cancel", {"order": "#1001"}).status == TEMPORARY
    # Shopify refuses a second job while the first is under way.
    assert run(bench, "cancel", {"order": "#1001"})["state"] == "cancelled"
    assert len(shop.jobs) == 1


def test_a_cancellation_that_was_not_begun_is_refused_when_it_is_repeated(shop):
    with Bench("Plugins/orders-shopify", config(shop, cancel_wait_s=1)) as bench:
        shop.on("orderCancel").fail(200, THROTTLED)
        assert refused(bench, "cancel", {"order": "#1001"}).status == TEMPORARY
        shop.orders["#1001"]["open_return"] = True
        found = refused(bench, "cancel", {"order": "#1001"})
    assert found.status == INVALID
    assert "open returns" in found.message


@pytest.mark.parametrize("status", [429, 502])
def test_a_cancellation_is_not_repeated_whatever_the_status(shop, bench, status):
    shop.on("orderCancel").fail(status, retry_after=0)
    assert refused(bench, "cancel", {"order": "#1001"}).status == TEMPORARY
    assert len(shop.sent("orderCancel")) == 1


@pytest.mark.parametrize("status", [409, 422])
@pytest.mark.parametrize("action, mutation, payload", [
    ("cancel", "orderCancel", {}), ("refund", "refundCreate", {"amount": 2000}),
    ("update_address", "orderUpdate", {**HAMBURG})])
def test_a_change_that_shopify_refuses_is_not_made_and_not_tried_again(
        shop, bench, action, mutation, payload, status):
    shop.on(mutation).fail(status, {"errors": "Conflict with another change"})
    found = refused(bench, action, {**payload, "order": "#1001"})
    assert found.status == INVALID
    assert f"({status}): Conflict with another change" in found.message
    assert len(shop.sent(mutation)) == 1


def test_a_token_that_may_only_read_cancels_nothing(shop, bench):
    shop.scopes = ["read_orders"]
    found = refused(bench, "cancel", {"order": "#1001"})
    assert found.status == FAILED
    assert "write_orders" in found.message


def test_a_token_that_may_not_refund_is_said_to_be_one(shop, bench):
    shop.on("orderCancel").fail(200, {"data": {"orderCancel": {
        "job": None, "orderCancelUserErrors": [
            {"field": ["refund"], "message": "No permission", "code": "NO_REFUND_PERMISSION"}]}}})
    found = refused(bench, "cancel", {"order": "#1001"})
    assert found.status == FAILED
    assert "may not refund" in found.message


# Refunding

def test_an_amount_is_refunded_as_money_only(shop, bench):
    found = run(bench, "refund", {"order": "#1001", "amount": 2050, "note": "late"})
    assert found == {
        "summary": "Refunded 20.50 EUR of #1001.", "order": "#1001",
        "refund": "gid://shopify/Refund/1", "amount": 2050, "currency": "EUR", "state": "done"}
    wish = shop.sent("refundCreate")[0]["input"]
    assert wish["note"] == "late"
    assert "refundLineItems" not in wish and "shipping" not in wish
    assert shop.orders["#1001"]["payments"][0]["refunded"] == 2050


def test_without_an_amount_items_and_shipping_are_refunded_too(shop, bench):
    shop.order("#1002", "ada@example.com", 9490, shipping=490)
    found = run(bench, "refund", {"order": "#1002"})
    assert found["summary"] == "Refunded 94.90 EUR of #1002."
    wish = shop.sent("refundCreate")[0]["input"]
    assert [(item["quantity"], item["restockType"]) for item in wish["refundLineItems"]] == [
        (2, "NO_RESTOCK")]
    assert wish["shipping"] == {"fullRefund": True}
    assert shop.orders["#1002"]["notified"] == ["refunded"]


def test_the_whole_amount_is_a_whole_refund(shop, bench):
    run(bench, "refund", {"order": "#1001", "amount": 8900, "notify": False})
    wish = shop.sent("refundCreate")[0]["input"]
    assert len(wish["refundLineItems"]) == 1
    assert "shipping" not in wish
    assert shop.orders["#1001"]["notified"] == []


def test_items_go_back_in_stock_when_asked(shop, bench):
    run(bench, "refund", {"order": "#1001", "restock": True})
    assert len(shop.orders["#1001"]["restocked"]) == 1


def test_an_amount_is_taken_from_several_payments_in_their_order(shop, bench):
    shop.order("#1002", "ada@example.com", 9000,
               payments=[("gift_card", 2000), ("shopify_payments", 7000)])
    run(bench, "refund", {"order": "#1002", "amount": 3000})
    wish = shop.sent("refundCreate")[0]["input"]
    assert [(part["gateway"], part["amount"]) for part in wish["transactions"]] == [
        ("gift_card", "20.00"), ("shopify_payments", "10.00")]
    assert shop.refunds[0]["amount"] == 3000


def test_yen_have_no_cents(shop, bench):
    shop.order("#1002", "ada@example.com", 12000, "JPY", shop_currency="EUR")
    found = run(bench, "refund", {"order": "#1002", "amount": 500})
    assert found["summary"] == "Refunded 500 JPY of #1002."
    wish = shop.sent("refundCreate")[0]["input"]
    assert (wish["currency"], wish["transactions"][0]["amount"]) == ("JPY", "500")


def test_more_than_is_left_is_refused_before_shopify_is_asked(shop, bench):
    run(bench, "refund", {"order": "#1001", "amount": 8000})
    found = refused(bench, "refund", {"order": "#1001", "amount": 1000}, key="key-2")
    assert found.status == INVALID
    assert "#1001 has 9.00 EUR left to refund, not 10.00 EUR" in found.message
    assert len(shop.refunds) == 1


def test_an_order_of_which_nothing_is_left_is_not_refunded(shop, bench):
    shop.orders["#1001"]["payments"][0]["refunded"] = 8900
    found = refused(bench, "refund", {"order": "#1001"})
    assert found.status == INVALID
    assert "nothing of #1001 is left" in found.message


@pytest.mark.parametrize("payload", [{}, {"amount": 2000}])
def test_the_same_refund_twice_is_one_refund(shop, bench, payload):
    first = run(bench, "refund", {"order": "#1001", **payload})
    assert run(bench, "refund", {"order": "#1001", **payload}) == first
    assert len(shop.refunds) == 1


def test_two_refunds_of_the_same_amount_are_two(shop, bench):
    run(bench, "refund", {"order": "#1001", "amount": 2000}, key="key-1")
    run(bench, "refund", {"order": "#1001", "amount": 2000}, key="key-2")
    assert [refund["amount"] for refund in shop.refunds] == [2000, 2000]


def test_a_refund_whose_answer_is_lost_is_repeated_and_made_once(shop, bench):
    shop.on("refundCreate").fail(502, after=True)
    shop.on("refundCreate").hang_up(after=True)
    assert run(bench, "refund", {"order": "#1001"})["amount"] == 8900
    assert len(shop.sent("refundCreate")) == 3
    assert len(shop.refunds) == 1


def test_a_refund_is_repeated_after_the_time_shopify_names(shop, bench):
    shop.on("refundCreate").fail(429, retry_after=0)
    assert run(bench, "refund", {"order": "#1001"})["state"] == "done"
    assert len(shop.refunds) == 1


def test_a_throttled_refund_is_a_temporary_failure_and_can_be_made_later(shop, bench):
    shop.on("refundCreate").fail(200, THROTTLED)
    assert refused(bench, "refund", {"order": "#1001"}).status == TEMPORARY
    assert run(bench, "refund", {"order": "#1001"})["amount"] == 8900
    assert len(shop.refunds) == 1


def test_a_refund_that_shopify_is_at_is_a_temporary_failure(shop, bench):
    shop.on("refundCreate").fail(200, {"data": {"refundCreate": {"refund": None, "userErrors": [
        {"message": "This request is currently in progress, please try again."}]}}})
    assert refused(bench, "refund", {"order": "#1001"}).status == TEMPORARY


def test_what_shopify_says_against_a_refund_is_passed_on(shop, bench):
    shop.on("refundCreate").fail(200, {"data": {"refundCreate": {"refund": None, "userErrors": [
        {"message": "Refund amount is greater than net payment received"}]}}})
    found = refused(bench, "refund", {"order": "#1001"})
    assert found.status == INVALID
    assert "#1001: Refund amount is greater than net payment received" in found.message


def test_a_refund_that_the_payment_provider_is_at_is_pending(shop, bench):
    shop.provider_status = "PENDING"
    found = run(bench, "refund", {"order": "#1001", "amount": 2000})
    assert found["state"] == "pending"
    assert found["summary"] == "A refund of 20.00 EUR of #1001 is with the payment provider."


def test_a_refund_that_the_payment_provider_refuses_is_a_failure(shop, bench):
    shop.provider_status = "FAILURE"
    found = refused(bench, "refund", {"order": "#1001", "amount": 2000})
    assert found.status == FAILED
    assert "payment provider refused" in found.message


def test_without_an_amount_the_assistant_refunds_no_more_than_the_limit(shop, bench):
    found = refused(bench, "refund", {"order": "#1001"}, by=BOT)
    assert found.status == INVALID
    assert "89.00 EUR is above the limit" in found.message
    assert shop.refunds == []


def test_without_an_amount_the_assistant_refunds_what_is_within_the_limit(shop, bench):
    shop.order("#1002", "ada@example.com", 5000)
    assert run(bench, "refund", {"order": "#1002"}, by=BOT)["amount"] == 5000


def test_a_refund_of_nothing_is_refused(shop, bench):
    assert refused(bench, "refund", {"order": "#1001", "amount": 0}).status == INVALID
    assert shop.refunds == []


# Another address

def test_an_order_goes_to_another_address(shop, bench):
    found = run(bench, "update_address", HAMBURG, by=BOT)
    assert found == {"summary": "#1001 now goes to the new address.", "order": "#1001",
                     "address": "Rathausplatz 1, 20095 Hamburg, DE"}
    assert shop.orders["#1001"]["address"] == {
        "address1": "Rathausplatz 1", "address2": None, "zip": "20095", "city": "Hamburg",
        "provinceCode": None, "countryCode": "DE", "firstName": "Ada", "lastName": "Lovelace",
        "company": None, "phone": "+4930123456"}


def test_an_order_goes_to_another_person(shop, bench):
    run(bench, "update_address", {**HAMBURG, "first_name": "Bob", "last_name": "Bell",
                                  "company": "Bell & Co"})
    address = shop.orders["#1001"]["address"]
    assert (address["firstName"], address["lastName"], address["company"]) == (
        "Bob", "Bell", "Bell & Co")


@pytest.mark.parametrize("status", ["FULFILLED", "PARTIALLY_FULFILLED", "IN_PROGRESS"])
def test_an_order_on_its_way_keeps_its_address(shop, bench, status):
    shop.orders["#1001"]["fulfilment"] = status
    found = refused(bench, "update_address", HAMBURG)
    assert found.status == INVALID
    assert status.lower().replace("_", " ") in found.message
    assert shop.sent("orderUpdate") == []


def test_a_cancelled_order_keeps_its_address(shop, bench):
    shop.orders["#1001"]["cancelled"] = "2026-07-02T12:00:00Z"
    assert refused(bench, "update_address", HAMBURG).status == INVALID


def test_an_address_that_shopify_refuses_is_refused_in_its_words(shop, bench):
    found = refused(bench, "update_address", {**HAMBURG, "zip": ""})
    assert found.status == INVALID
    assert "zip can't be blank" in found.message


def test_a_country_that_does_not_exist_is_an_error_of_shopifys(shop, bench):
    assert refused(bench, "update_address", {**HAMBURG, "country_code": "XX"}).status == FAILED
    assert shop.orders["#1001"]["address"]["city"] == "Berlin"


def test_a_change_of_address_whose_answer_is_lost_is_repeated(shop, bench):
    shop.on("orderUpdate").fail(503, after=True)
    assert run(bench, "update_address", HAMBURG)["order"] == "#1001"
    assert len(shop.sent("orderUpdate")) == 2


# The panel

def panel(bench, **contact):
    return bench.call("panel/orders", {"contact": contact, "conversation": "cnv_1"})["blocks"]


def buttons(blocks):
    return [(block["action"], block["input"]) for block in blocks if block["type"] == "button"]


def test_the_panel_shows_the_latest_orders(shop, bench):
    shop.order("#1002", "ada@example.com", 12950, fulfilment="FULFILLED", tracking=DHL,
               created="2026-07-05T09:00:00Z")
    blocks = panel(bench, email="ada@example.com")
    assert blocks[0] == {
        "type": "table",
        "columns": ["Order", "Date", "Total", "Payment", "Fulfilment", "Tracking"],
        "rows": [["#1002", "2026-07-05", "129.50 EUR", "paid", "fulfilled", "DHL 00340"],
                 ["#1001", "2026-07-01", "89.00 EUR", "paid", "unfulfilled", ""]]}
    assert {"type": "link", "title": "Open #1002",
            "url": f"{shop.base}/admin/orders/5001"} in blocks
    assert {"type": "link", "title": "Track #1002", "url": DHL["url"]} in blocks


def test_the_panel_offers_what_can_be_done_to_an_order(bench):
    assert buttons(panel(bench, email="ada@example.com")) == [
        ("shopify.refund", {"order": "#1001", "amount": 8900}),
        ("shopify.cancel", {"order": "#1001"}),
        ("shopify.update_address", {"order": "#1001"})]


def test_the_refund_offered_is_what_is_left_and_takes_the_items_with_it(shop, bench):
    run(bench, "refund", {"order": "#1001", "amount": 900})
    action, payload = buttons(panel(bench, email="ada@example.com"))[0]
    assert payload["amount"] == 8000
    bench.action(action, payload, key="key-2")
    assert "refundLineItems" in shop.sent("refundCreate")[1]["input"]


def test_the_panel_offers_nothing_for_an_order_that_is_over(shop, bench):
    run(bench, "cancel", {"order": "#1001"})
    assert buttons(panel(bench, email="ada@example.com")) == []


def test_the_panel_shows_five_orders_and_says_of_how_many(shop, bench):
    for number in range(2, 9):
        shop.order(f"#100{number}", "ada@example.com")
    blocks = panel(bench, email="ada@example.com")
    assert len(blocks[0]["rows"]) == 5
    assert blocks[1] == {"type": "text", "text": "The latest 5 of 8 orders."}


def test_the_panel_says_what_is_missing(shop, bench):
    assert panel(bench, name="Ada") == [
        {"type": "text", "text": "Orders appear once the customer's email address is known."}]
    assert panel(bench, email="new@example.com") == [
        {"type": "text", "text": "No orders were made with this address."}]


# The settings

def test_the_connection_is_tested(bench):
    bench.call("health")


def test_a_scope_to_write_is_one_to_read_as_well(shop, bench):
    shop.scopes = ["write_orders"]
    bench.call("health")


def test_the_connection_test_names_the_scope_that_is_missing(shop, bench):
    shop.scopes = ["read_orders"]
    with pytest.raises(Refused) as found:
        bench.call("health")
    assert found.value.status == FAILED
    assert found.value.message.endswith("the access token lacks write_orders")


def test_an_api_version_that_has_ended_is_logged(shop, bench):
    shop.answered_version = "2026-07"
    bench.call("health")
    until = time.monotonic() + 5
    while not any("another API version" in line for line in bench.logs):
        assert time.monotonic() < until


def test_a_slash_behind_the_shops_address_does_no_harm(shop):
    with Bench("Plugins/orders-shopify", {"shop": shop.base + "/", "access_token": "t"}) as bench:
        with pytest.raises(Refused):
            bench.call("health")
    assert all(not sent.path.startswith("//") for sent in shop.requests) and shop.requests
