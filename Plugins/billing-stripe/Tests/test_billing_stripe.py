# SPDX-License-Identifier: Apache-2.0
"""What the Stripe plugin does, at work against a played Stripe."""

import json
import time

import pytest

from played_stripe import DAY, KEY, NOW, VERSION, PlayedStripe, signature
from plugin_bench import Bench, Refused

FAILED, INVALID, TEMPORARY = 1, 2, 4
ADA = {"id": "ctc_01kajqy9s6exyt3h8b0d5v7g2k", "name": "Ada Lovelace", "email": "ada@example.com"}
EVE = {"id": "ctc_01kajqy9s6exyt3h8b0d5v7g2m", "name": "Eve", "email": "eve@example.com"}
CONVERSATION = "cnv_01kajqy9s6exyt3h8b0d5v7g2k"
OPENED = "hook/conversation.opened"
SECRET = "whsec_played"


@pytest.fixture
def stripe():
    with PlayedStripe() as api:
        yield api


def bench_for(api, **settings):
    config = {"api_key": KEY, "webhook_secret": SECRET, "api_base": api.base, **settings}
    return Bench("Plugins/billing-stripe", config)


@pytest.fixture
def bench(stripe):
    with bench_for(stripe) as bench:
        bench.contact(**ADA)
        yield bench


@pytest.fixture
def ada(stripe):
    return stripe.add_customer(ADA["email"])


def facts(bench, contact=ADA):
    output = bench.call(OPENED, {"contact": contact})
    return output and output["facts"]


def refund(bench, payment, *, contact=ADA, key="key-1", deadline_ms=10_000, **input):
    return bench.action("stripe.refund", {"payment": payment, **input}, key=key,
                        contact=contact, conversation=CONVERSATION, deadline_ms=deadline_ms)


def cancel(bench, *, contact=ADA, key="key-1", **input):
    return bench.action("stripe.cancel_subscription", input, key=key, contact=contact)


def card_link(bench, *, contact=ADA, key="key-1"):
    return bench.action("stripe.update_card_link", {}, key=key, contact=contact)


def charges(bench, *, contact=ADA, deadline_ms=10_000, **input):
    return bench.action("stripe.charges", input, contact=contact, deadline_ms=deadline_ms)


def tell(bench, body, *, secret=SECRET, at=None):
    return bench.webhook("events", body, {"Stripe-Signature": signature(body, secret, at)})


def panel(bench, contact=ADA):
    return bench.call("panel/billing", {"contact": contact})["blocks"]


def blocks(panel, type):
    return [block for block in panel if block["type"] == type]


def refused(status, words, work, *arguments, **named):
    """The work is refused in this way."""
    with pytest.raises(Refused, match=words) as refusal:
        work(*arguments, **named)
    assert refusal.value.status == status, refusal.value
    return refusal.value


# Facts


def test_a_conversation_shows_plan_status_and_what_the_customer_has_paid(stripe, bench, ada):
    stripe.subscribe(ada, "Business")
    stripe.pay(ada, 4900, created=NOW - 40 * DAY)
    stripe.pay(ada, 4950)
    assert facts(bench) == {"plan": "Business", "status": "active", "failed_payment": False,
                            "lifetime_value": 98.5, "currency": "EUR"}


def test_a_trial_shows_the_day_on_which_it_ends(stripe, bench, ada):
    stripe.subscribe(ada, status="trialing", trial_end=NOW + 10 * DAY)
    found = facts(bench)
    assert (found["status"], found["trial_end"]) == ("trialing", "2026-10-01")


def test_a_trial_that_is_over_is_not_shown(stripe, bench, ada):
    stripe.subscribe(ada, trial_end=NOW - 100 * DAY)
    assert "trial_end" not in facts(bench)


def test_a_failed_payment_shows_how_much_when_and_why(stripe, bench, ada):
    stripe.subscribe(ada, status="past_due")
    stripe.fail_payment(ada, 4900)
    found = facts(bench)
    assert found["failed_payment"] is True
    assert found["failed_payment_detail"] == "49.00 EUR on 2026-09-19: expired_card"


def test_an_invoice_that_nobody_has_tried_to_collect_has_not_failed(stripe, bench, ada):
    invoice = stripe.invoices[stripe.fail_payment(ada)]
    invoice.update(attempted=False, attempt_count=0)
    assert facts(bench)["failed_payment"] is False


def test_a_subscription_that_is_to_end_shows_when(stripe, bench, ada):
    subscription = stripe.subscribe(ada, period_end=NOW + 10 * DAY)
    stripe.subscriptions[subscription]["cancel_at_period_end"] = True
    assert facts(bench)["ends"] == "2026-10-01"


def test_a_subscription_that_has_ended_is_shown_when_none_runs(stripe, bench, ada):
    stripe.subscribe(ada, "Business", status="canceled")
    found = facts(bench)
    assert (found["plan"], found["status"]) == ("Business", "canceled")


def test_of_several_subscriptions_the_one_that_runs_is_shown(stripe, bench, ada):
    stripe.subscribe(ada, "Old", status="past_due", created=NOW - DAY)
    stripe.subscribe(ada, "New", status="active", created=NOW - 9 * DAY)
    assert facts(bench)["plan"] == "New"


def test_a_customer_without_subscription_is_shown_as_such(stripe, bench, ada):
    assert facts(bench) == {"status": "no subscription", "failed_payment": False,
                            "lifetime_value": 0}


def test_nobody_at_stripe_gives_no_facts(stripe, bench):
    stripe.add_customer("somebody@example.com")
    assert not facts(bench)


def test_a_contact_without_address_costs_no_request(stripe, bench):
    assert not facts(bench, {"id": "ctc_9", "name": "Visitor"})
    assert stripe.requests == []


@pytest.mark.parametrize("written", ["ADA@Example.com", "Ada@example.com"])
def test_an_address_is_found_whatever_the_case_of_its_letters(stripe, bench, written):
    stripe.subscribe(stripe.add_customer("Ada@example.com"))
    assert facts(bench, {**ADA, "email": written})["plan"] == "Business"


def test_a_customer_too_new_for_search_is_found_by_the_address(stripe, bench):
    stripe.add_customer("ada@example.com", indexed=False)
    assert facts(bench, {**ADA, "email": "Ada@Example.com"})["status"] == "no subscription"


def test_search_that_is_not_to_be_had_is_as_good_as_nothing_found(stripe, bench):
    stripe.at("GET", "/v1/customers/search").fail(400, {"error": {
        "message": "Search is not available in your country for ada@example.com",
        "type": "invalid_request_error"}})
    assert not facts(bench)


def test_the_site_own_id_counts_more_than_an_address(stripe):
    stripe.subscribe(stripe.add_customer(ADA["email"]), "Typed")
    known = stripe.add_customer("other@example.com", metadata={"user": "u-7"})
    stripe.subscribe(known, "Known")
    with bench_for(stripe, metadata_key="user") as bench:
        assert facts(bench, {**ADA, "external_id": "u-7"})["plan"] == "Known"


def test_an_id_that_search_does_not_know_yet_leaves_the_address(stripe, ada):
    stripe.subscribe(ada, "Typed")
    new = stripe.add_customer("other@example.com", metadata={"user": "u-7"}, indexed=False)
    stripe.subscribe(new, "Known")
    with bench_for(stripe, metadata_key="user") as bench:
        assert facts(bench, {**ADA, "external_id": "u-7"})["plan"] == "Typed"
        stripe.index()
        assert facts(bench, {**ADA, "external_id": "u-7"})["plan"] == "Known"


def test_without_matching_by_address_what_a_visitor_types_shows_nothing(stripe, ada):
    with bench_for(stripe, metadata_key="user", match_email=False) as bench:
        assert not facts(bench, {**ADA, "external_id": "u-7"})
        refused(INVALID, "no customer", charges, bench, contact={**ADA, "external_id": "u-7"})


@pytest.mark.parametrize("id", ['x" OR email:"ada@example.com', "\\", '\\"', "o'brien"])
def test_quotes_in_an_id_do_not_widen_the_search(stripe, id):
    stripe.subscribe(stripe.add_customer("x@example.com", metadata={"user": id}), "Theirs")
    with bench_for(stripe, metadata_key="user") as bench:
        assert facts(bench, {"id": "ctc_1", "external_id": id})["plan"] == "Theirs"


def test_several_customers_of_one_address_are_added_up(stripe, bench, ada):
    second = stripe.add_customer(ADA["email"])
    stripe.pay(ada, 1000)
    stripe.pay(second, 500)
    stripe.subscribe(second)
    found = facts(bench)
    assert (found["plan"], found["lifetime_value"]) == ("Business", 15)


def test_currencies_are_not_added_up(stripe, bench, ada):
    stripe.pay(ada, 3000, "usd", created=NOW - 9 * DAY)
    stripe.pay(ada, 1234, "eur")
    found = facts(bench)
    assert (found["lifetime_value"], found["currency"]) == (12.34, "EUR")
    assert found["lifetime_value_other"] == "30.00 USD"


@pytest.mark.parametrize("currency, amount, units", [
    ("jpy", 500, 500), ("kwd", 5120, 5.12), ("isk", 500, 5), ("ugx", 500, 5), ("eur", 5, 0.05)])
def test_minor_units_are_those_of_the_currency(stripe, bench, ada, currency, amount, units):
    stripe.pay(ada, amount, currency)
    assert facts(bench)["lifetime_value"] == units


def test_refunds_and_failures_are_no_value(stripe, bench, ada):
    first = stripe.pay(ada, 4900)
    stripe.charges[first]["amount_refunded"] = 900
    stripe.pay(ada, 7000, status="failed", failure="card_declined")
    assert facts(bench)["lifetime_value"] == 40


@pytest.mark.parametrize("count, value, is_minimum", [
    (50, 50, None), (51, 51, None), (200, 200, None), (201, 200, True)])
def test_charges_beyond_the_fourth_page_make_the_value_a_minimum(
        stripe, bench, ada, count, value, is_minimum):
    for number in range(count):
        stripe.pay(ada, 100, created=NOW - number, invoice=False)
    found = facts(bench)
    assert found["lifetime_value"] == value
    assert found.get("lifetime_value_is_minimum") is is_minimum


def test_a_later_page_that_cannot_be_had_makes_the_value_a_minimum(stripe, bench, ada):
    for number in range(60):
        stripe.pay(ada, 100, created=NOW - number, invoice=False)
    stripe.at("GET", "/v1/charges", starting_after=True).fail(500)
    found = facts(bench)
    assert (found["lifetime_value"], found["lifetime_value_is_minimum"]) == (50, True)


def test_a_product_is_asked_for_its_name_once(stripe, bench, ada):
    stripe.subscribe(ada)
    stripe.subscribe(ada, "Extra seats")
    assert facts(bench)["plan"] == facts(bench)["plan"]
    assert len(stripe.asked("GET", "/v1/products")) == 1


def test_without_a_product_name_the_price_says_what_is_bought(stripe, bench, ada):
    stripe.subscribe(ada)
    stripe.keys[KEY].discard("product_read")
    assert facts(bench)["plan"] == "49.00 EUR / month"


def test_a_permission_that_lacks_costs_its_own_facts_only(stripe, bench, ada):
    stripe.subscribe(ada)
    stripe.keys[KEY].discard("charge_read")
    assert facts(bench) == {"plan": "Business", "status": "active", "failed_payment": False}
    assert any("rak_charge_read" in line for line in bench.logs)


def test_an_answer_that_makes_no_sense_costs_its_own_facts_only(stripe, bench, ada):
    stripe.subscribe(ada)
    stripe.pay(ada, 4900)
    stripe.at("GET", "/v1/invoices").malformed()
    found = facts(bench)
    assert "failed_payment" not in found
    assert (found["plan"], found["lifetime_value"]) == ("Business", 49)


def test_what_comes_too_late_costs_its_own_facts_only(stripe, bench, ada):
    stripe.subscribe(ada)
    stripe.at("GET", "/v1/charges").slow(2)
    before = time.monotonic()
    found = bench.call(OPENED, {"contact": ADA}, deadline_ms=800)["facts"]
    assert time.monotonic() - before < 1.5
    assert found == {"plan": "Business", "status": "active", "failed_payment": False}


def test_a_key_that_stripe_refuses_is_said_to_the_operator(stripe):
    with bench_for(stripe, api_key="rk_test_wrong") as bench:
        refused(FAILED, r"refuses the key \(401\): Invalid API Key", facts, bench)


def test_a_key_that_may_not_read_customers_is_said_to_the_operator(stripe, bench):
    stripe.keys[KEY].discard("customer_read")
    refused(FAILED, r"lacks a permission \(403\).*rak_customer_read", facts, bench)


def test_stripe_out_of_order_is_a_failure_that_may_pass(stripe, bench, ada):
    stripe.at("GET", "/v1/customers").fail(500, {"error": {"message": "Oops", "type": "api_error"}})
    refused(TEMPORARY, r"cannot answer now \(500\): Oops", facts, bench)
    assert facts(bench)["status"] == "no subscription"


def test_every_request_is_in_the_pinned_version_with_the_key(stripe, bench, ada):
    stripe.subscribe(ada)
    refund(bench, stripe.pay(ada, 4900))
    facts(bench)
    panel(bench)
    assert {one.headers["stripe-version"] for one in stripe.requests} == {VERSION}
    assert {one.headers["authorization"] for one in stripe.requests} == {f"Bearer {KEY}"}


def test_nothing_personal_is_logged(stripe, bench, ada):
    stripe.keys[KEY] -= {"charge_read", "invoice_read", "product_read"}
    stripe.at("GET", "/v1/customers").fail(400, {"error": {
        "message": "Invalid email address: ada@example.com", "type": "invalid_request_error"}})
    facts(bench)
    facts(bench)
    bench.webhook("events", "{", {"Stripe-Signature": signature("{", SECRET)})
    assert bench.logs
    assert not any("ada" in line.lower() for line in bench.logs)


# Events


def test_a_failed_payment_that_stripe_tells_of_is_shown_though_it_answers_late(
        stripe, bench, ada):
    invoice = stripe.fail_payment(ada, 4900)
    assert tell(bench, stripe.event("invoice.payment_failed", invoice))["status"] == 200
    stripe.at("GET", "/v1/customers").slow(2)
    assert facts(bench) == {"failed_payment": True,
                            "failed_payment_detail": "49.00 EUR on 2026-09-21"}


def test_a_failed_payment_that_stripe_tells_of_is_shown_though_it_is_down(stripe, bench, ada):
    invoice = stripe.fail_payment(ada, 4900)
    tell(bench, stripe.event("invoice.payment_failed", invoice))
    stripe.at("GET", "/v1/customers").fail(500)
    assert facts(bench)["failed_payment"] is True


def test_an_event_says_when_a_payment_has_failed(stripe, bench, ada):
    invoice = stripe.fail_payment(ada, 4900, reason=None)
    stripe.keys[KEY].discard("charge_read")
    tell(bench, stripe.event("invoice.payment_failed", invoice, created=NOW - DAY))
    assert facts(bench)["failed_payment_detail"] == "49.00 EUR on 2026-09-20"


@pytest.mark.parametrize("type", ["invoice.paid", "invoice.voided"])
def test_what_is_paid_or_voided_is_forgotten(stripe, bench, ada, type):
    invoice = stripe.fail_payment(ada)
    tell(bench, stripe.event("invoice.payment_failed", invoice))
    tell(bench, stripe.event(type, invoice, id="evt_2"))
    stripe.at("GET", "/v1/customers").fail(500)
    refused(TEMPORARY, "cannot answer", facts, bench)


def test_another_invoice_that_is_paid_settles_nothing(stripe, bench, ada):
    invoice, other = stripe.fail_payment(ada, 4900), stripe.fail_payment(ada, 100)
    tell(bench, stripe.event("invoice.payment_failed", invoice))
    tell(bench, stripe.event("invoice.paid", other, id="evt_2"))
    stripe.at("GET", "/v1/customers").fail(500)
    assert facts(bench)["failed_payment_detail"].startswith("49.00 EUR")


def test_a_failure_told_after_the_payment_is_not_shown(stripe, bench, ada):
    invoice = stripe.fail_payment(ada)
    tell(bench, stripe.event("invoice.paid", invoice, id="evt_2"))
    tell(bench, stripe.event("invoice.payment_failed", invoice))
    stripe.at("GET", "/v1/customers").fail(500)
    refused(TEMPORARY, "cannot answer", facts, bench)


def test_what_stripe_says_now_counts_more_than_what_it_told(stripe, bench, ada):
    invoice = stripe.fail_payment(ada)
    tell(bench, stripe.event("invoice.payment_failed", invoice))
    stripe.invoices[invoice].update(status="paid", amount_remaining=0)
    assert facts(bench)["failed_payment"] is False


def test_an_event_is_taken_once(stripe, bench, ada):
    invoice = stripe.fail_payment(ada)
    body = stripe.event("invoice.payment_failed", invoice)
    assert tell(bench, body)["body"] == "taken"
    assert tell(bench, body)["body"] == "seen before"


@pytest.mark.parametrize("secret, age", [("whsec_other", 0), (SECRET, 600)])
def test_an_event_with_a_wrong_or_old_signature_changes_nothing(stripe, bench, ada, secret, age):
    body = stripe.event("invoice.payment_failed", stripe.fail_payment(ada))
    answer = tell(bench, body, secret=secret, at=time.time() - age)
    assert answer["status"] == 401
    assert tell(bench, body)["body"] == "taken"


def test_other_events_are_answered_and_left_alone(stripe, bench):
    body = json.dumps({"id": "evt_1", "type": "customer.created", "created": NOW,
                       "data": {"object": {"id": "cus_1"}}})
    answer = tell(bench, body)
    assert (answer["status"], answer["body"]) == (200, "not needed")


@pytest.mark.parametrize("body", ["{", "[]", '{"id": "evt_1"}', json.dumps(
    {"id": "evt_1", "type": "invoice.paid", "created": 1, "data": {"object": {}}})])
def test_an_event_that_makes_no_sense_is_a_bad_request(bench, body):
    assert tell(bench, body)["status"] == 400


# Refunds


def test_a_charge_is_refunded_in_whole(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    output = refund(bench, charge, reason="duplicate")
    made, = stripe.made_refunds()
    assert output == {"summary": f"Refunded 49.00 EUR of {charge}.", "refund": made["id"],
                      "charge": charge, "amount": 4900, "currency": "eur", "status": "succeeded"}
    assert made["reason"] == "duplicate"
    assert made["metadata"] == {"maitred_action": "key-1", "maitred_conversation": CONVERSATION}
    assert stripe.charges[charge]["refunded"]


def test_the_action_key_is_the_idempotency_key(stripe, bench, ada):
    refund(bench, stripe.pay(ada, 4900), key="act-77")
    sent, = stripe.asked("POST", "/v1/refunds")
    assert sent.headers["idempotency-key"] == "act-77"


def test_a_part_of_a_charge_is_refunded(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    assert refund(bench, charge, amount=1200)["amount"] == 1200
    assert refund(bench, charge, amount=700, key="key-2")["amount"] == 700
    assert stripe.charges[charge]["amount_refunded"] == 1900


def test_a_refund_without_amount_is_all_that_is_left(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    refund(bench, charge, amount=1200)
    assert refund(bench, charge, key="key-2")["amount"] == 3700


def test_a_charge_is_found_by_its_payment_intent(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    assert refund(bench, stripe.charges[charge]["payment_intent"])["charge"] == charge


def test_a_charge_is_found_by_its_invoice(stripe, bench, ada):
    stripe.pay(ada, 100, created=NOW)
    charge = stripe.pay(ada, 4900, subscription=stripe.subscribe(ada))
    assert refund(bench, stripe.invoice_of(charge))["charge"] == charge


def test_an_invoice_paid_with_a_bare_charge_is_refunded(stripe, bench, ada):
    charge, invoice = stripe.pay(ada, 500, invoice=False), stripe.fail_payment(ada, 500)
    stripe.add_payment(invoice, charge=charge)
    assert refund(bench, invoice)["charge"] == charge


def test_a_charge_that_is_no_card_is_refunded(stripe, bench, ada):
    charge = stripe.pay(ada, 4900, method="sepa_debit")
    assert charge.startswith("py_")
    assert refund(bench, charge)["charge"] == charge


def test_the_last_charge_is_the_latest_that_was_paid(stripe, bench, ada):
    stripe.pay(ada, 100, created=NOW - 9 * DAY)
    charge = stripe.pay(ada, 200, created=NOW - 5 * DAY)
    stripe.pay(ada, 300, created=NOW - DAY, status="failed", failure="card_declined")
    assert refund(bench, "last")["charge"] == charge


def test_the_last_charge_asked_for_twice_does_not_reach_the_one_before(stripe, bench, ada):
    stripe.pay(ada, 100, created=NOW - 9 * DAY)
    charge = stripe.pay(ada, 200)
    refund(bench, "last")
    refused(INVALID, f"{charge} has already been refunded", refund, bench, "last", key="key-2")
    assert len(stripe.made_refunds()) == 1


@pytest.mark.parametrize("by", ["charge", "intent", "invoice"])
def test_somebody_elses_charge_is_never_refunded(stripe, bench, ada, by):
    charge = stripe.pay(stripe.add_customer(EVE["email"]), 4900)
    payment = {"charge": charge, "intent": stripe.charges[charge]["payment_intent"],
               "invoice": stripe.invoice_of(charge)}[by]
    refused(INVALID, "does not belong to this contact's customer", refund, bench, payment)
    assert stripe.asked("POST", "/v1/refunds") == []


def test_a_charge_of_nobody_is_not_refunded(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    stripe.charges[charge]["customer"] = None
    refused(INVALID, "does not belong", refund, bench, charge)


def test_a_contact_who_is_nobody_at_stripe_gets_no_refund(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    refused(INVALID, "no customer for this contact", refund, bench, charge, contact=EVE)
    refused(INVALID, "no customer for this contact", refund, bench, charge, contact=None)


def test_no_refund_is_made_by_address_while_the_id_cannot_be_searched(stripe, ada):
    charge = stripe.pay(ada, 4900)
    with bench_for(stripe, metadata_key="user") as bench:
        stripe.at("GET", "/v1/customers/search").fail(500)
        refused(TEMPORARY, "cannot answer", refund, bench, charge,
                contact={**ADA, "external_id": "u-7"})
    assert stripe.made_refunds() == []


def test_a_charge_that_was_refunded_before_is_refused_in_clear_words(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    refund(bench, charge)
    refused(INVALID, f"{charge} has already been refunded; nothing was refunded now",
            refund, bench, charge, key="key-2")
    assert len(stripe.asked("POST", "/v1/refunds")) == 1


def test_a_charge_that_somebody_refunds_meanwhile_is_refused_in_the_same_words(
        stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    stripe.before_refund = lambda: stripe.charges[charge].update(amount_refunded=4900)
    refused(INVALID, "has already been refunded; nothing", refund, bench, charge)


def test_more_than_is_left_is_refused(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    refund(bench, charge, amount=4000)
    refused(INVALID, r"9\.00 EUR of 49\.00 EUR are left", refund, bench, charge, amount=1000,
            key="key-2")


def test_a_disputed_charge_is_refused(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    stripe.charges[charge]["disputed"] = True
    refused(INVALID, "is disputed", refund, bench, charge)


def test_what_was_not_paid_cannot_be_refunded(stripe, bench, ada):
    failed = stripe.pay(ada, 100, status="failed", failure="card_declined")
    refused(INVALID, r"was not paid \(failed\)", refund, bench, failed)
    refused(INVALID, "has not paid anything", refund, bench, "last")
    refused(INVALID, "has not been paid", refund, bench, stripe.fail_payment(ada))
    authorised = stripe.pay(ada, 100, captured=False)
    refused(INVALID, "only authorised", refund, bench, authorised)


def test_an_invoice_paid_in_parts_needs_the_charge_named(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    invoice = stripe.invoice_of(charge)
    stripe.add_payment(invoice, charge=stripe.pay(ada, 100, invoice=False))
    refused(INVALID, "was paid in parts", refund, bench, invoice)
    assert stripe.made_refunds() == []


def test_an_invoice_paid_outside_of_stripe_cannot_be_refunded(stripe, bench, ada):
    invoice = stripe.fail_payment(ada)
    stripe.add_payment(invoice, record="prec_1")
    refused(INVALID, "outside of Stripe", refund, bench, invoice)


@pytest.mark.parametrize("payment", ["ch_1/../../refunds", "ch_1?expand", "cus_1", "", "LAST"])
def test_what_is_no_id_does_not_reach_stripe(stripe, bench, ada, payment):
    before = len(stripe.requests)
    refused(INVALID, None, refund, bench, payment)
    assert all(one.path == "/v1/customers" for one in stripe.requests[before:])


def test_a_charge_that_stripe_does_not_know_is_refused(stripe, bench, ada):
    refused(INVALID, "does not know it: No such charge: 'ch_unknown'", refund, bench, "ch_unknown")


@pytest.mark.parametrize("input", [{"reason": "fraudulent"}, {"amount": 0}, {"amount": -5},
                                   {"amount": 1.5}, {"amount": "all"}])
def test_input_that_is_not_allowed_is_refused(stripe, bench, ada, input):
    charge = stripe.pay(ada, 4900)
    refused(INVALID, None, refund, bench, charge, **input)
    assert stripe.made_refunds() == []


def test_the_same_key_twice_is_one_refund(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    assert refund(bench, charge, amount=1200) == refund(bench, charge, amount=1200)
    assert stripe.charges[charge]["amount_refunded"] == 1200


def test_the_same_key_is_one_refund_after_stripe_has_forgotten_it(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    refund(bench, charge, amount=1200)
    stripe.forget_keys()
    assert refund(bench, charge, amount=1200)["amount"] == 1200
    assert stripe.charges[charge]["amount_refunded"] == 1200


def test_a_repeated_refund_of_the_last_charge_means_the_same_charge(stripe, bench, ada):
    charge = stripe.pay(ada, 200)
    stripe.at("POST", "/v1/refunds").fail(500, after=True)
    refused(TEMPORARY, "may have been made all the same", refund, bench, "last")
    stripe.pay(ada, 300, created=NOW)
    assert refund(bench, "last")["charge"] == charge
    assert len(stripe.made_refunds()) == 1


def test_a_refund_whose_answer_is_lost_is_made_once(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    stripe.at("POST", "/v1/refunds").hang_up(after=True)
    assert refund(bench, charge, amount=1200)["amount"] == 1200
    assert len(stripe.asked("POST", "/v1/refunds")) == 2
    assert len(stripe.made_refunds()) == 1


def test_too_many_requests_are_waited_out(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    stripe.at("POST", "/v1/refunds").fail(429, {"error": {
        "message": "Too many requests", "type": "invalid_request_error", "code": "rate_limit"}},
        retry_after=1)
    assert refund(bench, charge)["amount"] == 4900
    first, second = stripe.asked("POST", "/v1/refunds")
    assert second.at - first.at >= 0.9
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


@pytest.mark.parametrize("status", [500, 409])
def test_a_refund_that_may_have_been_made_says_to_look_first(stripe, bench, ada, status):
    stripe.at("POST", "/v1/refunds").fail(status, {"error": {"message": "Oops"}})
    refused(TEMPORARY, f"{status}.*list the charges first", refund, bench, stripe.pay(ada, 4900))


def test_a_refund_that_stripe_cannot_carry_out_is_final_and_asked_once(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    stripe.at("POST", "/v1/refunds").fail(422, {"error": {"message": "This is not possible."}})
    refused(INVALID, r"refuses \(422\): This is not possible", refund, bench, charge)
    assert len(stripe.asked("POST", "/v1/refunds")) == 1
    assert refund(bench, charge, key="key-2")["amount"] == 4900


def test_an_answer_to_a_refund_that_makes_no_sense_may_pass(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    stripe.at("POST", "/v1/refunds").malformed()
    refused(TEMPORARY, "makes no sense", refund, bench, charge)
    assert refund(bench, charge)["amount"] == 4900


def test_a_refund_has_its_deadline(stripe, bench, ada):
    charge = stripe.pay(ada, 4900)
    stripe.at("GET", f"/v1/charges/{charge}").slow(2)
    with pytest.raises(Refused) as refusal:
        refund(bench, charge, deadline_ms=500)
    assert refusal.value.code == "plugin_timeout" or refusal.value.status == TEMPORARY
    assert stripe.made_refunds() == []


def test_a_refund_on_its_way_is_told_as_such(stripe, bench, ada):
    stripe.refund_status = "pending"
    output = refund(bench, stripe.pay(ada, 4900))
    assert output["status"] == "pending" and "on its way (pending)" in output["summary"]


def test_a_refund_that_fails_is_a_failure(stripe, bench, ada):
    stripe.refund_status = "failed"
    refused(FAILED, "is failed", refund, bench, stripe.pay(ada, 4900))


def test_a_key_that_may_not_refund_is_said_to_the_operator(stripe, bench, ada):
    stripe.keys[KEY].discard("refund_write")
    refused(FAILED, "rak_refund_write", refund, bench, stripe.pay(ada, 4900))


# Cancellations


def test_a_subscription_ends_with_its_period(stripe, bench, ada):
    subscription = stripe.subscribe(ada, period_end=NOW + 10 * DAY)
    output = cancel(bench)
    assert output == {
        "summary": "The subscription ends on 2026-10-01 and is not renewed.",
        "subscription": subscription, "status": "active", "ends": "2026-10-01", "already": False}
    assert stripe.subscriptions[subscription]["cancel_at_period_end"] is True
    sent, = stripe.asked("POST", f"/v1/subscriptions/{subscription}")
    assert sent.headers["idempotency-key"] == "key-1"


def test_a_subscription_ends_at_once_when_that_is_asked_for(stripe, bench, ada):
    subscription = stripe.subscribe(ada)
    output = cancel(bench, subscription=subscription, at_period_end=False)
    assert (output["status"], output["already"]) == ("canceled", False)
    assert stripe.subscriptions[subscription]["status"] == "canceled"


def test_a_subscription_that_is_to_end_can_be_ended_at_once(stripe, bench, ada):
    subscription = stripe.subscribe(ada)
    cancel(bench)
    cancel(bench, at_period_end=False, key="key-2")
    assert stripe.subscriptions[subscription]["status"] == "canceled"


def test_of_several_subscriptions_one_must_be_named(stripe, bench, ada):
    first, second = stripe.subscribe(ada), stripe.subscribe(ada, "Extra")
    refusal = refused(INVALID, "several subscriptions, say which", cancel, bench)
    assert first in refusal.message and second in refusal.message
    assert cancel(bench, subscription=second)["subscription"] == second
    assert stripe.subscriptions[first]["cancel_at_period_end"] is False


def test_a_customer_without_subscription_has_none_to_cancel(stripe, bench, ada):
    stripe.subscribe(ada, status="canceled")
    refused(INVALID, "no subscription that runs", cancel, bench)


def test_somebody_elses_subscription_is_never_cancelled(stripe, bench, ada):
    subscription = stripe.subscribe(stripe.add_customer(EVE["email"]))
    refused(INVALID, "does not belong", cancel, bench, subscription=subscription)
    assert stripe.subscriptions[subscription]["cancel_at_period_end"] is False


def test_what_has_been_cancelled_before_is_said_and_not_done_again(stripe, bench, ada):
    subscription = stripe.subscribe(ada)
    cancel(bench)
    output = cancel(bench, key="key-2")
    assert output["already"] and "already ends on" in output["summary"]
    assert len(stripe.asked("POST", f"/v1/subscriptions/{subscription}")) == 1
    ended = stripe.subscribe(ada, status="canceled")
    assert "had already ended" in cancel(bench, subscription=ended, key="key-3")["summary"]


def test_a_cancellation_whose_answer_is_lost_has_still_happened(stripe, bench, ada):
    subscription = stripe.subscribe(ada)
    stripe.at("DELETE", f"/v1/subscriptions/{subscription}").hang_up(after=True)
    output = cancel(bench, at_period_end=False)
    assert (output["status"], output["summary"]) == ("canceled", "The subscription has ended.")


def test_a_repeated_cancellation_finds_its_own_subscription(stripe, bench, ada):
    subscription = stripe.subscribe(ada)
    cancel(bench, at_period_end=False)
    stripe.subscribe(ada, "Another")
    output = cancel(bench, at_period_end=False)
    assert (output["subscription"], output["status"]) == (subscription, "canceled")


def test_a_subscription_under_a_schedule_is_refused_in_stripes_words(stripe, bench, ada):
    stripe.scheduled.add(stripe.subscribe(ada))
    refused(INVALID, r"refuses \(400\): The subscription is managed by", cancel, bench)


def test_a_subscription_that_stripe_does_not_know_is_refused(stripe, bench, ada):
    refused(INVALID, "No such subscription", cancel, bench, subscription="sub_unknown")
    refused(INVALID, "not an id that begins with sub_", cancel, bench, subscription="ch_1")


# Links for the card


def test_a_link_leads_to_the_card_and_nowhere_else(stripe, ada):
    with bench_for(stripe, return_url="https://example.com/account",
                   portal_configuration="bpc_1") as bench:
        output = card_link(bench)
    (id, made), = stripe.sessions.items()
    assert output["url"] == f"https://billing.stripe.com/p/session/test_{id}"
    assert made == {"customer": ada, "flow_data[type]": "payment_method_update",
                    "return_url": "https://example.com/account", "configuration": "bpc_1"}


def test_the_same_key_twice_is_one_link(stripe, bench, ada):
    assert card_link(bench)["url"] == card_link(bench)["url"]
    assert len(stripe.sessions) == 1


def test_a_key_that_was_used_for_something_else_is_refused(stripe, bench, ada):
    stripe.add_customer(EVE["email"])
    card_link(bench)
    refused(INVALID, "key with other values: Keys for idempotent", card_link, bench, contact=EVE)
    assert len(stripe.sessions) == 1


def test_a_portal_that_is_not_set_up_is_said(stripe, bench, ada):
    stripe.portal_is_configured = False
    refused(INVALID, "No configuration provided", card_link, bench)


def test_the_customer_with_the_subscription_gets_the_link(stripe, bench, ada):
    stripe.subscribe(ada)
    stripe.add_customer(ADA["email"], created=NOW)
    card_link(bench)
    assert [one["customer"] for one in stripe.sessions.values()] == [ada]


# Charges


def test_charges_are_listed_with_what_is_left_to_refund(stripe, bench, ada):
    old = stripe.pay(ada, 4900, created=NOW - 9 * DAY)
    stripe.charges[old]["amount_refunded"] = 900
    new = stripe.pay(ada, 500, "jpy", status="failed", failure="card_declined")
    output = charges(bench)
    assert output["summary"] == "2 charges, the latest 500 JPY on 2026-09-16 (failed)."
    assert [one["id"] for one in output["charges"]] == [new, old]
    assert output["charges"][1] == {
        "id": old, "date": "2026-09-12", "amount": 4900, "refundable": 4000, "currency": "eur",
        "status": "partly refunded", "card": "visa 4242", "description": "Subscription update"}
    assert output["charges"][0]["refundable"] == 0


def test_charges_of_all_customers_of_one_address_are_listed(stripe, bench, ada):
    mine = {stripe.pay(ada, 100), stripe.pay(stripe.add_customer(ADA["email"]), 100)}
    stripe.pay(stripe.add_customer(EVE["email"]), 100)
    assert {one["id"] for one in charges(bench)["charges"]} == mine


def test_no_more_charges_are_listed_than_asked_for(stripe, bench, ada):
    for number in range(4):
        stripe.pay(ada, 100, created=NOW - number)
    assert len(charges(bench, limit=3)["charges"]) == 3
    assert charges(bench, contact=ADA, limit=1)["summary"].startswith("One charge")


def test_a_customer_without_charges_has_none(stripe, bench, ada):
    assert charges(bench) == {"summary": "There are no charges.", "charges": []}


def test_a_list_that_comes_too_late_is_a_timeout(stripe, bench, ada):
    stripe.at("GET", "/v1/charges").slow(2)
    with pytest.raises(Refused) as refusal:
        charges(bench, deadline_ms=400)
    assert refusal.value.code == "plugin_timeout" or refusal.value.status == TEMPORARY


# Panel


def test_the_panel_shows_status_plan_value_and_invoices(stripe, bench, ada):
    subscription = stripe.subscribe(ada, "Business", quantity=3, period_end=NOW + 10 * DAY)
    charge = stripe.pay(ada, 14700, subscription=subscription)
    shown = panel(bench)
    assert blocks(shown, "badge") == [{"type": "badge", "text": "active", "tone": "good"}]
    fields, = blocks(shown, "fields")
    assert fields["fields"] == [
        {"name": "Plan", "value": "Business (3 × 49.00 EUR / month)"},
        {"name": "Renews", "value": "2026-10-01"},
        {"name": "Lifetime value", "value": "147.00 EUR"},
        {"name": "Customer since", "value": "2025-08-17"}]
    table, = blocks(shown, "table")
    number = stripe.invoices[stripe.invoice_of(charge)]["number"]
    assert table["rows"] == [[number, "2026-09-16", "147.00 EUR", "paid", "subscription"]]
    assert blocks(shown, "link")[0]["url"].endswith(f"/test/customers/{ada}")


def test_the_panel_buttons_are_filled_in(stripe, bench, ada):
    subscription = stripe.subscribe(ada)
    charge = stripe.pay(ada, 4900)
    stripe.charges[charge]["amount_refunded"] = 900
    buttons = {one["action"]: one for one in blocks(panel(bench), "button")}
    assert buttons["stripe.refund"]["input"] == {"payment": charge, "amount": 4000}
    assert buttons["stripe.refund"]["title"] == "Refund 40.00 EUR of 2026-09-16"
    assert buttons["stripe.cancel_subscription"]["input"] == {
        "subscription": subscription, "at_period_end": True}
    assert buttons["stripe.update_card_link"]["input"] == {}


def test_the_panel_offers_only_what_is_left_to_do(stripe, bench, ada):
    stripe.subscribe(ada)
    cancel(bench)
    refund(bench, stripe.pay(ada, 4900), key="key-2")
    assert [one["action"] for one in blocks(panel(bench), "button")] == [
        "stripe.update_card_link"]


def test_the_panel_shows_a_failed_payment(stripe, bench, ada):
    stripe.fail_payment(ada, subscription=stripe.subscribe(ada, status="past_due"))
    shown = panel(bench)
    assert {(one["text"], one["tone"]) for one in blocks(shown, "badge")} == {
        ("past_due", "bad"), ("Payment failed: 49.00 EUR on 2026-09-19: expired_card", "bad")}
    assert blocks(shown, "table")[0]["rows"][0][3] == "payment failed"


def test_the_panel_says_when_the_contact_is_nobody_at_stripe(bench):
    assert panel(bench) == [{"type": "text", "text": "Stripe has no customer for this contact."}]


def test_the_panel_says_when_something_is_missing(stripe, bench, ada):
    stripe.keys[KEY].discard("charge_read")
    assert "has not said everything" in blocks(panel(bench), "text")[0]["text"]


# Health


def test_health_is_good_with_a_key_that_may_read(bench):
    bench.call("health")


def test_health_names_the_permission_that_is_missing(stripe, bench):
    stripe.keys[KEY].discard("invoice_read")
    refused(FAILED, "rak_invoice_read", bench.call, "health")


def test_health_is_bad_with_a_wrong_key(stripe):
    with bench_for(stripe, api_key="rk_test_wrong") as bench:
        refused(FAILED, r"\(401\)", bench.call, "health")
