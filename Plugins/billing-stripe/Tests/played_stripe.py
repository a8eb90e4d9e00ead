# SPDX-License-Identifier: Apache-2.0
"""Stripe as far as the plugin speaks with it, in the shapes of 2025-03-31.basil.

Keeps its state, so that what one request changes the next one sees: refunds, cancellations, answers
by idempotency key, and a search index that lags behind until `index()` is called. Parameters that
Stripe does not know are refused, as it does.
"""

import copy
import hashlib
import hmac
import json
import re
import time
from urllib.parse import parse_qsl

from plugin_bench import PlayedAPI, Reply

VERSION = "2025-03-31.basil"
KEY = "rk_test_51Played0000"
NOW = 1_790_000_000  # 2026-09-21
DAY = 86_400

# What a key may do, by the names that Stripe uses in its refusals.
PERMISSIONS = {
    "customer_read", "subscription_read", "subscription_write", "invoice_read", "charge_read",
    "payment_intent_read", "product_read", "refund_read", "refund_write", "billing_portal_write"}

LIVE = {"active", "trialing", "past_due", "unpaid", "paused", "incomplete"}


class Refusal(Exception):
    """An error in Stripe's form. Saved under the idempotency key unless it is about parameters."""

    def __init__(self, status, message, *, type="invalid_request_error", saved=False, **more):
        super().__init__(message)
        self.saved = saved
        self.reply = Reply(status, {"error": {"message": message, "type": type, **more}})


def signature(body, secret, at=None):
    """The header `Stripe-Signature` of an event."""
    at = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class At:
    """Puts faults in front of one kind of request only: `api.at("POST", "/v1/refunds").fail(429)`.

    Of lists it is the first page, unless `starting_after` says that it is a later one."""

    def __init__(self, api, method, path, starting_after=False):
        self._api, self._where = api, (method, path, starting_after)

    def __getattr__(self, name):
        def put(*arguments, **named):
            with self._api.lock:
                before = len(self._api._faults)
                getattr(self._api, name)(*arguments, **named)
                self._api.targeted += [(self._where, one) for one in self._api._faults[before:]]
                del self._api._faults[before:]
        return put


class PlayedStripe(PlayedAPI):
    def __init__(self):
        super().__init__()
        self.keys = {KEY: set(PERMISSIONS)}
        self.customers, self.subscriptions, self.invoices = {}, {}, {}
        self.charges, self.intents, self.payments = {}, {}, {}
        self.products, self.refunds, self.sessions = {}, {}, {}
        self.indexed = set()
        self.answers = {}
        self.targeted = []
        self.portal_is_configured = True
        self.refund_status = "succeeded"
        self.scheduled = set()
        self.before_refund = None
        self._count = 0

    # What tests put in.

    def _id(self, prefix):
        self._count += 1
        return f"{prefix}_{self._count:014d}"

    def add_customer(self, email, *, metadata=None, indexed=True, created=NOW - 400 * DAY):
        customer = {"id": self._id("cus"), "object": "customer", "email": email,
                    "created": created, "livemode": False, "delinquent": False,
                    "currency": "eur", "metadata": metadata or {}, "name": None}
        self.customers[customer["id"]] = customer
        if indexed:
            self.indexed.add(customer["id"])
        return customer["id"]

    def index(self):
        """Lets search catch up."""
        self.indexed = set(self.customers)

    def subscribe(self, customer, plan="Business", *, amount=4900, currency="eur",
                  status="active", quantity=1, trial_end=None, created=NOW - 300 * DAY,
                  period_end=NOW + 20 * DAY, nickname=None):
        product = next((one for one, value in self.products.items() if value["name"] == plan),
                       None)
        if product is None:
            product = self._id("prod")
            self.products[product] = {"id": product, "object": "product", "name": plan}
        price = {"id": self._id("price"), "object": "price", "product": product,
                 "nickname": nickname, "currency": currency, "unit_amount": amount,
                 "unit_amount_decimal": str(amount),
                 "recurring": {"interval": "month", "interval_count": 1}}
        # Since basil the period stands here and nowhere else.
        item = {"id": self._id("si"), "object": "subscription_item", "price": price,
                "quantity": quantity, "current_period_start": period_end - 30 * DAY,
                "current_period_end": period_end}
        id = self._id("sub")
        ended = NOW - 10 * DAY if status == "canceled" else None
        self.subscriptions[id] = {
            "id": id, "object": "subscription", "customer": customer, "status": status,
            "created": created, "trial_end": trial_end, "cancel_at": None,
            "cancel_at_period_end": False, "canceled_at": ended, "ended_at": ended,
            "currency": currency,
            "items": {"object": "list", "data": [item], "has_more": False}}
        return id

    def pay(self, customer, amount, currency="eur", *, created=NOW - 5 * DAY, status="succeeded",
            captured=True, subscription=None, failure=None, method="card", invoice=True):
        """An invoice and the charge that pays it, or fails to; returns the charge's id."""
        intent, charge = self._id("pi"), self._id("ch" if method == "card" else "py")
        details = {"type": method}
        if method == "card":
            details["card"] = {"brand": "visa", "last4": "4242"}
        # Without `invoice`, which basil has removed.
        self.charges[charge] = {
            "id": charge, "object": "charge", "customer": customer, "created": created,
            "currency": currency, "amount": amount, "captured": captured and not failure,
            "amount_captured": amount if status == "succeeded" and captured else 0,
            "amount_refunded": 0, "refunded": False, "disputed": False,
            "paid": status == "succeeded", "status": status, "failure_code": failure,
            "payment_intent": intent, "description": "Subscription update",
            "payment_method_details": details}
        self.intents[intent] = {"id": intent, "object": "payment_intent", "customer": customer,
                                "amount": amount, "currency": currency, "latest_charge": charge,
                                "status": "succeeded"}
        if invoice:
            self._invoice(customer, amount, currency, created, subscription, intent,
                          status == "succeeded")
        return charge

    def fail_payment(self, customer, amount=4900, currency="eur", *, created=NOW - 2 * DAY,
                     reason="expired_card", subscription=None):
        """A renewal that could not be charged; returns the invoice's id."""
        self.pay(customer, amount, currency, created=created + 60, status="failed",
                 failure=reason, subscription=subscription, invoice=False)
        return self._invoice(customer, amount, currency, created, subscription, None, False)

    def _invoice(self, customer, amount, currency, created, subscription, intent, paid):
        id = self._id("in")
        parent = None
        if subscription:
            parent = {"type": "subscription_details", "quote_details": None,
                      "subscription_details": {"subscription": subscription, "metadata": {}}}
        self.invoices[id] = {
            "id": id, "object": "invoice", "customer": customer, "number": f"M-{id[-4:]}",
            "created": created, "currency": currency, "total": amount, "amount_due": amount,
            "amount_paid": amount if paid else 0, "amount_remaining": 0 if paid else amount,
            "attempted": True, "attempt_count": 1,
            "collection_method": "charge_automatically", "status": "paid" if paid else "open",
            "customer_email": self.customers[customer]["email"], "parent": parent}
        self.payments[id] = []
        if paid:
            self.add_payment(id, intent=intent)
        return id

    def add_payment(self, invoice, *, intent=None, charge=None, record=None):
        payment = {"type": "payment_intent", "payment_intent": intent}
        if charge:
            payment = {"type": "charge", "charge": charge}
        if record:
            payment = {"type": "payment_record", "payment_record": record}
        self.payments[invoice].append({
            "id": self._id("inpay"), "object": "invoice_payment", "invoice": invoice,
            "status": "paid", "is_default": True, "payment": payment})

    def invoice_of(self, charge):
        intent = self.charges[charge]["payment_intent"]
        return next(invoice for invoice, payments in self.payments.items()
                    if any(one["payment"].get("payment_intent") == intent for one in payments))

    def forget_keys(self):
        """As Stripe may after 24 hours."""
        self.answers.clear()

    def event(self, type, invoice, *, id="evt_1", created=NOW):
        """The body of an event, in the shape of an endpoint older than basil."""
        value = {**self.invoices[invoice], "paid": False, "subscription": None}
        return json.dumps({"id": id, "object": "event", "type": type, "created": created,
                           "api_version": "2023-10-16", "livemode": False,
                           "data": {"object": value}})

    def at(self, method, path, **more):
        return At(self, method, path, **more)

    def asked(self, method, path):
        """The requests of one kind."""
        with self.lock:
            return [one for one in self.requests if (one.method, one.path) == (method, path)]

    def made_refunds(self):
        with self.lock:
            return list(self.refunds.values())

    # Answers.

    def _reply(self, handler, sent, fault):
        if fault is None:
            with self.lock:
                for one in self.targeted:
                    if one[0] == (sent.method, sent.path, "starting_after" in sent.query):
                        fault = one[1]
                        self.targeted.remove(one)
                        break
        super()._reply(handler, sent, fault)

    def answer(self, sent):
        try:
            permissions = self._permissions(sent)
            if sent.headers.get("stripe-version") != VERSION:
                given = sent.headers.get("stripe-version")
                raise Refusal(400, f"Invalid Stripe API version: {given}")
            work, needed = self._route(sent)
            if needed not in permissions:
                raise Refusal(403, (
                    f"The provided key '{self._masked(sent)}' does not have the required "
                    f"permissions for this endpoint on account 'acct_1Played'. Having the "
                    f"'rak_{needed}' permission would allow this request to continue."))
            if sent.method == "POST":
                return self._once(sent, work)
            return Reply(200, work(dict(sent.query)))
        except Refusal as refusal:
            return refusal.reply

    def _token(self, sent):
        scheme, _, token = sent.headers.get("authorization", "").partition(" ")
        return token if scheme == "Bearer" else ""

    def _masked(self, sent):
        token = self._token(sent)
        return token[:8] + "*" * 20 + token[-4:]

    def _permissions(self, sent):
        if not self._token(sent):
            raise Refusal(401, (
                "You did not provide an API key. You need to provide your API key in the "
                "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
                "YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, "
                "or we can help at https://support.stripe.com/."))
        if self._token(sent) not in self.keys:
            raise Refusal(401, f"Invalid API Key provided: {self._masked(sent)}")
        return self.keys[self._token(sent)]

    def _once(self, sent, work):
        """Carries out a POST, or gives the answer of the first one with its key again."""
        key = sent.headers.get("idempotency-key")
        form = dict(parse_qsl(sent.text, keep_blank_values=True))
        known = self.answers.get(key) if key else None
        if known and known[0] != sent.path:
            raise Refusal(400, (
                "Keys for idempotent requests can only be used for the same endpoint they were "
                f"first used for ('{known[0]}' vs '{sent.path}'). Try using a key other than "
                f"'{key}' if you meant to execute a different request."),
                type="idempotency_error")
        if known and known[1] != form:
            raise Refusal(400, (
                "Keys for idempotent requests can only be used with the same parameters they "
                f"were first used with. Try using a key other than '{key}' if you meant to "
                "execute a different request."), type="idempotency_error")
        if known:
            return Reply(known[2].status, known[2].body, {"Idempotent-Replayed": "true"})
        try:
            reply = Reply(200, work(form))
        except Refusal as refusal:
            if not refusal.saved:
                raise
            reply = refusal.reply
        if key:
            self.answers[key] = (sent.path, form, copy.deepcopy(reply))
        return reply

    def _route(self, sent):
        routes = [
            ("GET", r"/v1/customers", self._list_customers, "customer_read"),
            ("GET", r"/v1/customers/search", self._search_customers, "customer_read"),
            ("GET", r"/v1/subscriptions", self._list_subscriptions, "subscription_read"),
            ("GET", r"/v1/subscriptions/(\w+)", self._get_subscription, "subscription_read"),
            ("POST", r"/v1/subscriptions/(\w+)", self._update, "subscription_write"),
            ("DELETE", r"/v1/subscriptions/(\w+)", self._cancel, "subscription_write"),
            ("GET", r"/v1/invoices", self._list_invoices, "invoice_read"),
            ("GET", r"/v1/invoices/(\w+)", self._get_invoice, "invoice_read"),
            ("GET", r"/v1/charges", self._list_charges, "charge_read"),
            ("GET", r"/v1/charges/(\w+)", self._get_charge, "charge_read"),
            ("GET", r"/v1/payment_intents/(\w+)", self._get_intent, "payment_intent_read"),
            ("GET", r"/v1/products", self._list_products, "product_read"),
            ("GET", r"/v1/refunds", self._list_refunds, "refund_read"),
            ("POST", r"/v1/refunds", self._refund, "refund_write"),
            ("POST", r"/v1/billing_portal/sessions", self._session, "billing_portal_write"),
        ]
        for method, pattern, work, needed in routes:
            match = re.fullmatch(pattern, sent.path)
            if match and method == sent.method:
                return (lambda values: work(*match.groups(), values)), needed
        raise Refusal(404, f"Unrecognized request URL ({sent.method}: {sent.path}).")

    @staticmethod
    def _check(values, *known):
        for name in values:
            if re.sub(r"\[.*", "", name) not in known:
                raise Refusal(400, f"Received unknown parameter: {name}", param=name,
                              code="parameter_unknown")

    @staticmethod
    def _missing(kind, id, status=404):
        return Refusal(status, f"No such {kind}: '{id}'", param="id", code="resource_missing")

    def _page(self, path, values, found):
        limit = int(values.get("limit", 10))
        if not 1 <= limit <= 100:
            raise Refusal(400, "This value must be less than or equal to 100.", param="limit")
        found = sorted(found, key=lambda one: one.get("created", 0), reverse=True)
        if "starting_after" in values:
            ids = [one["id"] for one in found]
            if values["starting_after"] not in ids:
                raise self._missing("object", values["starting_after"], 400)
            found = found[ids.index(values["starting_after"]) + 1:]
        return {"object": "list", "url": path, "has_more": len(found) > limit,
                "data": copy.deepcopy(found[:limit])}

    @staticmethod
    def _expand(values, *known):
        asked = {value for name, value in values.items() if name.startswith("expand")}
        for property in asked:
            if property.count(".") >= 4:
                raise Refusal(400, "You cannot expand more than 4 levels of a property. "
                                   f"Property: {property}")
            if property not in known:
                raise Refusal(400, f"This property cannot be expanded ({property}).")
        return asked

    def _with_subscriptions(self, page, values):
        if self._expand(values, "data.subscriptions"):
            for customer in page["data"]:
                current = [one for one in self.subscriptions.values()
                           if one["customer"] == customer["id"] and one["status"] in LIVE]
                customer["subscriptions"] = self._page("/v1/subscriptions", {}, current)
        return page

    def _list_customers(self, values):
        self._check(values, "email", "limit", "expand")
        email = values.get("email")
        # The case of letters matters here.
        found = [one for one in self.customers.values() if email in (None, one["email"])]
        return self._with_subscriptions(self._page("/v1/customers", values, found), values)

    def _search_customers(self, values):
        self._check(values, "query", "limit", "expand", "page")
        text = r'"((?:[^"\\]|\\.)*)"'
        query = values.get("query", "")
        match = re.fullmatch(rf"(email|metadata\[{text}\]):{text}", query)
        if not match:
            raise Refusal(400, f"We were unable to parse your search query: {query}")
        field, value = (re.sub(r"\\(.)", r"\1", part or "") for part in match.group(2, 3))
        found = []
        for id in self.indexed:
            customer = self.customers[id]
            has = customer["metadata"].get(field) if field else customer["email"]
            if (has or "").lower() == value.lower():
                found.append(customer)
        page = self._page("/v1/customers/search", values, found)
        page["object"] = "search_result"
        return self._with_subscriptions(page, values)

    def _of_customer(self, values, objects):
        customer = values.get("customer")
        if customer is not None and customer not in self.customers:
            raise Refusal(400, f"No such customer: '{customer}'", param="customer",
                          code="resource_missing")
        return [one for one in objects.values() if customer in (None, one["customer"])]

    def _list_subscriptions(self, values):
        self._check(values, "customer", "status", "limit")
        status = values.get("status")
        found = [one for one in self._of_customer(values, self.subscriptions)
                 if status == "all" or one["status"] == status
                 or (status is None and one["status"] != "canceled")]
        return self._page("/v1/subscriptions", values, found)

    def _get_subscription(self, id, values):
        self._check(values)
        if id not in self.subscriptions:
            raise self._missing("subscription", id)
        return copy.deepcopy(self.subscriptions[id])

    def _refuse_schedule(self, id):
        if id in self.scheduled:
            raise Refusal(400, (
                "The subscription is managed by the subscription schedule `sub_sched_1`, and "
                "updating any cancelation behavior directly is not allowed. Please update the "
                "schedule instead."))

    def _update(self, id, values):
        self._check(values, "cancel_at_period_end")
        one = self.subscriptions.get(id)
        if one is None or one["status"] == "canceled":
            raise self._missing("subscription", id)
        self._refuse_schedule(id)
        one["cancel_at_period_end"] = values["cancel_at_period_end"] == "true"
        one["cancel_at"] = max(item["current_period_end"] for item in one["items"]["data"])
        one["canceled_at"] = NOW
        return copy.deepcopy(one)

    def _cancel(self, id, values):
        self._check(values, "invoice_now", "prorate")
        one = self.subscriptions.get(id)
        if one is None or one["status"] == "canceled":
            raise self._missing("subscription", id)
        one.update(status="canceled", canceled_at=NOW, ended_at=NOW)
        return copy.deepcopy(one)

    def _list_invoices(self, values):
        self._check(values, "customer", "status", "limit")
        status = values.get("status")
        found = [one for one in self._of_customer(values, self.invoices)
                 if status in (None, one["status"])]
        return self._page("/v1/invoices", values, found)

    def _get_invoice(self, id, values):
        self._check(values, "expand")
        if id not in self.invoices:
            raise self._missing("invoice", id)
        invoice = copy.deepcopy(self.invoices[id])
        if self._expand(values, "payments"):
            invoice["payments"] = self._page("/v1/invoice_payments", {}, self.payments[id])
        return invoice

    def _list_charges(self, values):
        self._check(values, "customer", "limit", "starting_after")
        found = self._of_customer(values, self.charges)
        return self._page("/v1/charges", values, found)

    def _get_charge(self, id, values):
        self._check(values)
        if id not in self.charges:
            raise self._missing("charge", id)
        return copy.deepcopy(self.charges[id])

    def _get_intent(self, id, values):
        self._check(values, "expand")
        if id not in self.intents:
            raise self._missing("payment_intent", id)
        intent = copy.deepcopy(self.intents[id])
        if self._expand(values, "latest_charge") and intent["latest_charge"]:
            intent["latest_charge"] = copy.deepcopy(self.charges[intent["latest_charge"]])
        return intent

    def _list_products(self, values):
        self._check(values, "ids", "limit")
        ids = {value for name, value in values.items() if name.startswith("ids")}
        found = [one for one in self.products.values() if not ids or one["id"] in ids]
        return self._page("/v1/products", values, found)

    def _list_refunds(self, values):
        self._check(values, "charge", "limit")
        found = [one for one in self.refunds.values() if one["charge"] == values.get("charge")]
        return self._page("/v1/refunds", values, found)

    def _refund(self, values):
        self._check(values, "charge", "payment_intent", "amount", "reason", "metadata")
        if self.before_refund:
            self.before_refund()
        reason = values.get("reason")
        if reason not in (None, "duplicate", "fraudulent", "requested_by_customer"):
            raise Refusal(400, "Invalid reason: must be one of duplicate, fraudulent, or "
                               "requested_by_customer", param="reason")
        charge = self.charges.get(values.get("charge"))
        if charge is None:
            raise self._missing("charge", values.get("charge"))
        if charge["disputed"]:
            raise Refusal(400, f"Charge {charge['id']} has been charged back; cannot issue a "
                               "refund.", code="charge_disputed", saved=True)
        left = charge["amount_captured"] - charge["amount_refunded"]
        if left == 0:
            raise Refusal(400, f"Charge {charge['id']} has already been refunded.",
                          code="charge_already_refunded", saved=True)
        amount = int(values.get("amount", left))
        if amount < 1:
            raise Refusal(400, "Invalid positive integer", param="amount",
                          code="parameter_invalid_integer")
        if amount > left:
            raise Refusal(400, f"Refund amount ({amount}) is greater than unrefunded amount on "
                               f"charge ({left})", param="amount", saved=True)
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        id = self._id("re")
        metadata = {name[9:-1]: value for name, value in values.items()
                    if name.startswith("metadata[")}
        self.refunds[id] = {
            "id": id, "object": "refund", "charge": charge["id"], "amount": amount,
            "currency": charge["currency"], "reason": reason, "status": self.refund_status,
            "metadata": metadata, "created": NOW}
        return dict(self.refunds[id])

    def _session(self, values):
        self._check(values, "customer", "return_url", "configuration", "flow_data")
        if values.get("customer") not in self.customers:
            raise Refusal(400, f"No such customer: '{values.get('customer')}'", param="customer",
                          code="resource_missing")
        if not self.portal_is_configured and "configuration" not in values:
            raise Refusal(400, (
                "No configuration provided and your test mode default configuration has not been "
                "created. Provide a configuration or create your default by saving your customer "
                "portal settings in test mode at "
                "https://dashboard.stripe.com/test/settings/billing/portal."))
        id = self._id("bps")
        self.sessions[id] = dict(values)
        return {"id": id, "object": "billing_portal.session", "customer": values["customer"],
                "created": NOW, "return_url": values.get("return_url"),
                "flow": {"type": values.get("flow_data[type]")},
                "url": f"https://billing.stripe.com/p/session/test_{id}"}
