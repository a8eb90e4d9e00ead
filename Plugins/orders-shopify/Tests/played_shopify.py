"""A Shopify shop played on this machine: its Admin API in GraphQL, as far as the plugin goes.

Requests are parsed and checked against the part of the schema below: a field, an argument or a
variable that Shopify does not have is refused as Shopify refuses it, and an answer holds what was
selected, no more. Orders, refunds and jobs are kept between requests.
"""

import json
import re
from decimal import Decimal

from plugin_bench import PlayedAPI, Reply

THROTTLED = {
    "errors": [{"message": "Throttled", "extensions": {
        "code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"}}],
    "extensions": {"cost": {"requestedQueryCost": 112, "actualQueryCost": None, "throttleStatus": {
        "maximumAvailable": 2000.0, "currentlyAvailable": 3, "restoreRate": 100.0}}},
}

# Types by field: a type, or a type with its arguments. `!` as in GraphQL.
SCHEMA = {
    "QueryRoot": {
        "orders": ("OrderConnection", {"first": "Int", "query": "String", "reverse": "Boolean",
                                       "sortKey": "OrderSortKeys"}),
        "ordersCount": ("Count", {"query": "String", "limit": "Int"}),
        "order": ("Order", {"id": "ID!"}),
        "job": ("Job", {"id": "ID!"}),
        "currentAppInstallation": "AppInstallation",
    },
    "Mutation": {
        "orderCancel": ("OrderCancelPayload", {
            "orderId": "ID!", "reason": "OrderCancelReason!", "restock": "Boolean!",
            "refundMethod": "OrderCancelRefundMethodInput!", "notifyCustomer": "Boolean",
            "staffNote": "String"}),
        "refundCreate": ("RefundCreatePayload", {"input": "RefundInput!"}),
        "orderUpdate": ("OrderUpdatePayload", {"input": "OrderInput!"}),
    },
    "OrderConnection": {"nodes": "Order"},
    "Count": {"count": "Int", "precision": "CountPrecision"},
    "Job": {"id": "ID", "done": "Boolean"},
    "AppInstallation": {"accessScopes": "AccessScope"},
    "AccessScope": {"handle": "String"},
    "Order": {
        "id": "ID", "name": "String", "email": "String", "createdAt": "DateTime",
        "cancelledAt": "DateTime", "displayFinancialStatus": "OrderDisplayFinancialStatus",
        "displayFulfillmentStatus": "OrderDisplayFulfillmentStatus",
        "totalPriceSet": "MoneyBag", "totalRefundedSet": "MoneyBag", "netPaymentSet": "MoneyBag",
        "fulfillments": ("Fulfillment", {"first": "Int"}),
        "lineItems": ("LineItemConnection", {"first": "Int"}),
        "shippingAddress": "MailingAddress",
        "suggestedRefund": ("SuggestedRefund", {"suggestFullRefund": "Boolean",
                                                "refundShipping": "Boolean"}),
    },
    "MoneyBag": {"presentmentMoney": "MoneyV2", "shopMoney": "MoneyV2"},
    "MoneyV2": {"amount": "Decimal", "currencyCode": "CurrencyCode"},
    "Fulfillment": {"trackingInfo": ("FulfillmentTrackingInfo", {"first": "Int"})},
    "FulfillmentTrackingInfo": {"company": "String", "number": "String", "url": "URL"},
    "LineItemConnection": {"nodes": "LineItem"},
    "LineItem": {"id": "ID", "title": "String", "quantity": "Int"},
    "MailingAddress": {
        "address1": "String", "address2": "String", "city": "String", "company": "String",
        "countryCodeV2": "CountryCode", "firstName": "String", "lastName": "String",
        "phone": "String", "provinceCode": "String", "zip": "String",
        "formatted": ("String", {"withName": "Boolean", "withCompany": "Boolean"})},
    "SuggestedRefund": {
        "amountSet": "MoneyBag", "maximumRefundableSet": "MoneyBag",
        "suggestedTransactions": "SuggestedOrderTransaction", "refundLineItems": "RefundLineItem",
        "shipping": "ShippingRefund"},
    "SuggestedOrderTransaction": {
        "gateway": "String", "kind": "SuggestedOrderTransactionKind",
        "parentTransaction": "OrderTransaction", "amountSet": "MoneyBag",
        "maximumRefundableSet": "MoneyBag"},
    "OrderTransaction": {"id": "ID", "status": "OrderTransactionStatus"},
    "OrderTransactionConnection": {"nodes": "OrderTransaction"},
    "RefundLineItem": {"lineItem": "LineItem", "quantity": "Int", "location": "Location",
                       "restockType": "RefundLineItemRestockType"},
    "Location": {"id": "ID"},
    "ShippingRefund": {"amountSet": "MoneyBag", "maximumRefundableSet": "MoneyBag"},
    "OrderCancelPayload": {"job": "Job", "orderCancelUserErrors": "OrderCancelUserError"},
    "OrderCancelUserError": {"field": "String", "message": "String",
                             "code": "OrderCancelUserErrorCode"},
    "RefundCreatePayload": {"refund": "Refund", "order": "Order", "userErrors": "UserError"},
    "Refund": {"id": "ID", "note": "String", "totalRefundedSet": "MoneyBag",
               "transactions": ("OrderTransactionConnection", {"first": "Int"})},
    "OrderUpdatePayload": {"order": "Order", "userErrors": "UserError"},
    "UserError": {"field": "String", "message": "String"},
}

INPUTS = {
    "OrderCancelRefundMethodInput": {"originalPaymentMethodsRefund": "Boolean"},
    "RefundInput": {
        "orderId": "ID!", "note": "String", "notify": "Boolean", "currency": "CurrencyCode",
        "transactions": "[OrderTransactionInput!]", "refundLineItems": "[RefundLineItemInput!]",
        "shipping": "ShippingRefundInput"},
    "OrderTransactionInput": {"orderId": "ID!", "kind": "OrderTransactionKind!",
                              "gateway": "String!", "amount": "Money!", "parentId": "ID"},
    "RefundLineItemInput": {"lineItemId": "ID!", "quantity": "Int!", "locationId": "ID",
                            "restockType": "RefundLineItemRestockType"},
    "ShippingRefundInput": {"amount": "Money", "fullRefund": "Boolean"},
    "OrderInput": {"id": "ID!", "shippingAddress": "MailingAddressInput", "email": "String",
                   "note": "String", "tags": "[String!]"},
    "MailingAddressInput": {
        "address1": "String", "address2": "String", "city": "String", "company": "String",
        "countryCode": "CountryCode", "firstName": "String", "lastName": "String",
        "phone": "String", "provinceCode": "String", "zip": "String"},
}

ENUMS = {
    "OrderCancelReason": {"CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"},
    "OrderTransactionKind": {"REFUND", "SALE", "CAPTURE", "VOID"},
    "RefundLineItemRestockType": {"CANCEL", "NO_RESTOCK", "RETURN"},
    "OrderSortKeys": {"CREATED_AT", "ID", "PROCESSED_AT", "RELEVANCE", "UPDATED_AT"},
    "CountryCode": {"DE", "AT", "US", "CA", "JP"},
    "CurrencyCode": {"EUR", "USD", "JPY"},
}

SCALARS = {"ID": str, "String": str, "Int": int, "Boolean": bool, "Money": (str, int, float)}
CONNECTIONS = {"OrderConnection", "LineItemConnection", "OrderTransactionConnection"}
DIGITS = {"JPY": 0}
STEPS = {"UNFULFILLED", "OPEN", "ON_HOLD", "SCHEDULED"}


class Fault(Exception):
    """What is answered in `errors`."""

    def __init__(self, message, code, **more):
        super().__init__(message)
        self.body = {"message": message, "extensions": {"code": code, **more}}


# GraphQL

TOKENS = re.compile(r'[\s,]*("(?:\\.|[^"\\])*"|\.\.\.|\$?\w+|-\d+|[{}()\[\]:!@=])')


class Document:
    """A parsed document: one operation with the fragments it uses."""

    def __init__(self, text):
        text = text.strip()
        self.tokens, at = [], 0
        while at < len(text):
            match = TOKENS.match(text, at)
            if not match:
                raise Fault(f"Parse error on {text[at:at + 10]!r}", "parseError")
            self.tokens.append(match[1])
            at = match.end()
        self.fragments, self.variables, self.kind, self.fields = {}, {}, None, []
        while self.tokens:
            word = self.take()
            if word == "fragment":
                name = self.take()
                self.want("on")
                self.fragments[name] = (self.take(), self.selection())
            elif word in ("query", "mutation") and self.kind is None:
                self.kind = word
                self.operation()
            else:
                raise Fault(f"Parse error on {word!r}", "parseError")

    def take(self):
        if not self.tokens:
            raise Fault("Parse error: unexpected end", "parseError")
        return self.tokens.pop(0)

    def want(self, word):
        found = self.take()
        if found != word:
            raise Fault(f"Parse error on {found!r}, expected {word!r}", "parseError")

    def at(self, word):
        return bool(self.tokens) and self.tokens[0] == word

    def operation(self):
        if not self.at("{") and not self.at("("):
            self.take()
        if self.at("("):
            self.take()
            while not self.at(")"):
                name = self.take()
                self.want(":")
                self.variables[name[1:]] = self.type()
            self.take()
        self.fields = self.selection()

    def type(self):
        text = self.take()
        if text == "[":
            text += self.type()
            self.want("]")
            text += "]"
        if self.at("!"):
            text += self.take()
        return text

    def selection(self):
        fields = []
        self.want("{")
        while not self.at("}"):
            name = self.take()
            if name == "...":
                fields.append({"spread": self.take()})
                continue
            field = {"name": name, "arguments": self.arguments(), "directives": {}, "fields": None}
            while self.at("@"):
                self.take()
                directive = self.take()
                field["directives"][directive] = self.arguments()
            if self.at("{"):
                field["fields"] = self.selection()
            fields.append(field)
        self.take()
        return fields

    def arguments(self):
        found = {}
        if self.at("("):
            self.take()
            while not self.at(")"):
                name = self.take()
                self.want(":")
                found[name] = self.value()
            self.take()
        return found

    def value(self):
        word = self.take()
        if word.startswith("$"):
            return {"variable": word[1:]}
        if word.startswith('"'):
            return json.loads(word)
        if word in ("true", "false"):
            return word == "true"
        return int(word) if word.lstrip("-").isdigit() else word


def coerce(value, type, path):
    """Checks a value against a type as Shopify does before it runs anything."""
    if type.endswith("!"):
        if value is None:
            raise Fault(f"Variable ${path} was provided invalid value "
                        "(Expected value to not be null)", "INVALID_VARIABLE")
        type = type[:-1]
    if value is None:
        return
    if type.startswith("["):
        for index, entry in enumerate(value):
            coerce(entry, type[1:-1], f"{path}.{index}")
    elif type in INPUTS:
        members = INPUTS[type]
        for name in value:
            if name not in members:
                raise Fault(f"Variable ${path} was provided invalid value for {name} "
                            f"(Field is not defined on {type})", "INVALID_VARIABLE")
        for name, member in members.items():
            coerce(value.get(name), member, f"{path}.{name}")
    elif type in ENUMS:
        if value not in ENUMS[type]:
            raise Fault(f"Variable ${path} was provided invalid value "
                        f"(Expected {value!r} to be one of {type})", "INVALID_VARIABLE")
    elif not isinstance(value, SCALARS[type]) or (type == "Int" and isinstance(value, bool)):
        raise Fault(f"Variable ${path} was provided invalid value (not {type})", "INVALID_VARIABLE")


class Request:
    """A document with its variables, checked."""

    def __init__(self, body):
        self.document = Document(body["query"])
        self.variables = body.get("variables") or {}
        self.used = set()
        root = "QueryRoot" if self.document.kind == "query" else "Mutation"
        self.check(self.document.fields, root)
        for name in self.document.variables:
            if name not in self.used:
                raise Fault(f"Variable ${name} is declared but not used", "variableNotUsed")
        for name, type in self.document.variables.items():
            coerce(self.variables.get(name), type, name)

    def flat(self, fields):
        for field in fields:
            if "spread" in field:
                yield from self.flat(self.document.fragments[field["spread"]][1])
            else:
                yield field

    def check(self, fields, type):
        for field in self.flat(fields):
            name = field["name"]
            found = SCHEMA[type].get(name)
            if found is None:
                raise Fault(f"Field '{name}' doesn't exist on type '{type}'", "undefinedField",
                            typeName=type, fieldName=name)
            result, takes = found if isinstance(found, tuple) else (found, {})
            self.check_arguments(field, takes)
            if result in CONNECTIONS and "first" not in field["arguments"]:
                raise Fault("you must provide one of first or last", "BAD_REQUEST")
            if (result in SCHEMA) != (field["fields"] is not None):
                raise Fault(f"Field '{name}' selects wrongly", "selectionMismatch")
            if field["fields"]:
                self.check(field["fields"], result)

    def check_arguments(self, field, takes):
        name, given = field["name"], field["arguments"]
        for argument, value in list(given.items()) + [
                pair for found in field["directives"].values() for pair in found.items()]:
            if isinstance(value, dict):
                variable = value["variable"]
                if variable not in self.document.variables:
                    raise Fault(f"Variable ${variable} is used but not declared",
                                "variableNotDefined")
                self.used.add(variable)
                wanted, has = takes.get(argument, ""), self.document.variables[variable]
                if wanted.endswith("!") and not has.endswith("!"):
                    raise Fault(f"Nullability mismatch on variable ${variable} and argument "
                                f"{argument} ({has} / {wanted})", "variableMismatch")
        for argument in given:
            if argument not in takes:
                raise Fault(f"Field '{name}' doesn't accept argument '{argument}'",
                            "argumentNotAccepted")
        missing = [argument for argument, type in takes.items()
                   if type.endswith("!") and argument not in given]
        if missing:
            raise Fault(f"Field '{name}' is missing required arguments: {', '.join(missing)}",
                        "missingRequiredArguments")

    def arguments(self, given):
        return {name: self.variables.get(value["variable"]) if isinstance(value, dict) else value
                for name, value in given.items()}

    def project(self, value, fields):
        """What was selected of an answer."""
        if fields is None or value is None:
            return value
        if isinstance(value, list):
            return [self.project(entry, fields) for entry in value]
        chosen = {}
        for field in self.flat(fields):
            found = value[field["name"]]
            if callable(found):
                found = found(**self.arguments(field["arguments"]))
            chosen[field["name"]] = self.project(found, field["fields"])
        return chosen


# The shop

def money(minor, currency):
    """As Shopify writes it, with at least one digit behind the point: `89.0`, also of yen."""
    whole, _, digits = f"{Decimal(minor).scaleb(-DIGITS.get(currency, 2)):f}".partition(".")
    return {"amount": f"{whole}.{digits.rstrip('0') or '0'}", "currencyCode": currency}


def minor(amount, currency):
    return int(Decimal(amount).scaleb(DIGITS.get(currency, 2)))


class Faults:
    """Faults kept for the requests of one field."""

    def __init__(self):
        self._faults = []

    fail, slow = PlayedAPI.fail, PlayedAPI.slow
    malformed, hang_up = PlayedAPI.malformed, PlayedAPI.hang_up


class PlayedShopify(PlayedAPI):
    """`orders` by name; `refunds` and `jobs` as they came about."""

    token = "shpat_0123456789abcdef"
    version = "2026-04"

    def __init__(self):
        self.orders, self.refunds, self.jobs, self.keys = {}, [], {}, {}
        self.scopes = ["read_orders", "write_orders"]
        self.answered_version = self.version
        self.polls_until_done = 1
        self.provider_status = "SUCCESS"
        self._faults_of = {}
        super().__init__()

    def order(self, name, email, total=8900, currency="EUR", *, items=(("Mug", 2),), shipping=0,
              fulfilment="UNFULFILLED", payments=None, tracking=None, open_return=False,
              created="2026-07-01T09:00:00Z", shop_currency=None):
        """Enters an order that has been paid."""
        number = 5000 + len(self.orders)
        order = {
            "id": f"gid://shopify/Order/{number}", "name": name, "email": email, "total": total,
            "currency": currency, "shop_currency": shop_currency or currency, "shipping": shipping,
            "fulfilment": fulfilment, "tracking": tracking, "open_return": open_return,
            "created": created, "cancelled": None, "restocked": [], "notified": [], "note": None,
            "items": [{"id": f"gid://shopify/LineItem/{number}{index}", "title": title,
                       "quantity": quantity} for index, (title, quantity) in enumerate(items)],
            "payments": [
                {"id": f"gid://shopify/OrderTransaction/{number}{index}", "gateway": gateway,
                 "amount": amount, "refunded": 0}
                for index, (gateway, amount) in enumerate(
                    payments or [("shopify_payments", total)])],
            "address": {"address1": "Alte Gasse 1", "address2": "Hinterhaus", "zip": "10115",
                        "city": "Berlin", "provinceCode": None, "countryCode": "DE",
                        "firstName": "Ada", "lastName": "Lovelace", "company": None,
                        "phone": "+4930123456"},
        }
        self.orders[name] = order
        return order

    def on(self, field):
        """Faults for the requests that name a field: `api.on("refundCreate").fail(502)`."""
        return self._faults_of.setdefault(field, Faults())

    def sent(self, field):
        """The variables of the requests that named a field."""
        return [sent.json["variables"] for sent in self.requests if self._names(sent, field)]

    @staticmethod
    def _names(sent, field):
        return sent.body.startswith(b"{") and re.search(rf"\b{field}\(", sent.json["query"])

    def _reply(self, handler, sent, fault):
        for field, faults in self._faults_of.items():
            if fault is None and faults._faults and self._names(sent, field):
                fault = faults._faults.pop(0)
        super()._reply(handler, sent, fault)

    def answer(self, sent):
        headers = {"X-Shopify-API-Version": self.answered_version}
        if sent.path != f"/admin/api/{self.version}/graphql.json" or sent.method != "POST":
            return Reply(404, {"errors": "Not Found"})
        if sent.headers.get("x-shopify-access-token") != self.token:
            return Reply(401, {"errors": "[API] Invalid API key or access token (unrecognized "
                                         "login or wrong password)"})
        if not sent.headers.get("content-type", "").startswith("application/json"):
            return Reply(400, {"errors": {"query": "Required parameter missing or invalid"}})
        try:
            request = Request(sent.json)
            data = {}
            names = {field["name"] for field in request.flat(request.document.fields)}
            if names & {"job", "order"}:
                self._tick()
            for field in request.flat(request.document.fields):
                found = getattr(self, f"_{field['name']}")(
                    request.arguments(field["arguments"]),
                    {name: request.arguments(given)
                     for name, given in field["directives"].items()})
                data[field["name"]] = request.project(found, field["fields"])
        except Fault as fault:
            return Reply(200, {"errors": [fault.body]}, headers)
        return Reply(200, {"data": data, "extensions": {"cost": {"requestedQueryCost": 12}}},
                     headers)

    # Queries

    def _need(self, scope, field):
        granted = set(self.scopes) | {name.replace("write_", "read_") for name in self.scopes}
        if scope not in granted:
            raise Fault(f"Access denied for {field} field. Required access: `{scope}` access "
                        "scope.", "ACCESS_DENIED")

    def _found(self, query):
        """By words, as the search does it: more than what is meant."""
        match = re.fullmatch(r'(email|name):"((?:\\.|[^"\\])*)"', query or "")
        if not match:
            return list(self.orders.values())
        term = re.sub(r"\\(.)", r"\1", match[2]).lower()
        return [order for order in self.orders.values()
                if (order[match[1]] or "").lower().lstrip("#").startswith(term)]

    def _orders(self, given, _):
        self._need("read_orders", "orders")
        found = sorted(self._found(given.get("query")), key=lambda order: order["created"],
                       reverse=bool(given.get("reverse")))
        return {"nodes": [self._seen(order) for order in found[:given["first"]]]}

    def _ordersCount(self, given, _):
        return {"count": len(self._found(given.get("query"))), "precision": "EXACT"}

    def _order(self, given, _):
        return next((self._seen(order) for order in self.orders.values()
                     if order["id"] == given["id"]), None)

    def _job(self, given, _):
        job = self.jobs.get(given["id"])
        return job and {"id": given["id"], "done": job["done"]}

    def _tick(self):
        """Jobs come nearer to their end with each look at one, or at an order."""
        for job in self.jobs.values():
            if job["polls"] is not None and not job["done"]:
                job["polls"] -= 1
                if job["polls"] <= 0:
                    job["done"] = True
                    job["work"]()

    def _currentAppInstallation(self, given, _):
        return {"accessScopes": [{"handle": scope} for scope in self.scopes]}

    @staticmethod
    def _refunded(order):
        return sum(payment["refunded"] for payment in order["payments"])

    def _bag(self, order, amount):
        # The shop's own currency is worth half, so that no one takes it for the customer's.
        rate = 1 if order["currency"] == order["shop_currency"] else 2
        return {"presentmentMoney": money(amount, order["currency"]),
                "shopMoney": money(amount // rate, order["shop_currency"])}

    def _seen(self, order):
        paid = sum(payment["amount"] for payment in order["payments"])
        refunded = self._refunded(order)
        status = ("REFUNDED" if refunded >= paid else
                  "PARTIALLY_REFUNDED" if refunded else "PAID")
        address = order["address"]
        formatted = [address["address1"], address["address2"],
                     f"{address['zip'] or ''} {address['city']}".strip(), address["countryCode"]]
        return {
            "id": order["id"], "name": order["name"], "email": order["email"],
            "createdAt": order["created"], "cancelledAt": order["cancelled"],
            "displayFinancialStatus": status, "displayFulfillmentStatus": order["fulfilment"],
            "totalPriceSet": self._bag(order, order["total"]),
            "totalRefundedSet": self._bag(order, refunded),
            "netPaymentSet": self._bag(order, paid - refunded),
            "fulfillments": lambda first: [
                {"trackingInfo": lambda first: [order["tracking"]]}] if order["tracking"] else [],
            "lineItems": lambda first: {"nodes": order["items"][:first]},
            "shippingAddress": {
                **address, "countryCodeV2": address["countryCode"],
                "formatted": lambda withName=False: [line for line in formatted if line]},
            "suggestedRefund": lambda suggestFullRefund=False: self._suggested(order),
        }

    def _suggested(self, order):
        left = [(payment, payment["amount"] - payment["refunded"]) for payment in order["payments"]]
        whole = sum(amount for _, amount in left)
        return {
            "amountSet": self._bag(order, whole), "maximumRefundableSet": self._bag(order, whole),
            "suggestedTransactions": [
                {"gateway": payment["gateway"], "kind": "SUGGESTED_REFUND",
                 "parentTransaction": {"id": payment["id"], "status": "SUCCESS"},
                 "amountSet": self._bag(order, amount),
                 "maximumRefundableSet": self._bag(order, amount)} for payment, amount in left],
            "refundLineItems": [
                {"lineItem": item, "quantity": item["quantity"], "restockType": "CANCEL",
                 "location": {"id": "gid://shopify/Location/1"}} for item in order["items"]],
            "shipping": {"amountSet": self._bag(order, order["shipping"]),
                         "maximumRefundableSet": self._bag(order, order["shipping"])},
        }

    def _known(self, id):
        return next((order for order in self.orders.values() if order["id"] == id), None)

    # Mutations

    def _orderCancel(self, given, _):
        self._need("write_orders", "orderCancel")
        order = self._known(given["orderId"])

        def refused(message, code="INVALID"):
            return {"job": None, "orderCancelUserErrors": [
                {"field": ["orderId"], "message": message, "code": code}]}

        if order is None:
            return refused("Order does not exist.", "NOT_FOUND")
        if order["cancelled"] or order.get("cancelling"):
            return refused("Order has already been cancelled.")
        if order["open_return"]:
            return refused("Order cannot be cancelled while it has open returns.")
        if order["fulfilment"] not in STEPS:
            return refused("Order has fulfillments that cannot be cancelled.")
        if len(given.get("staffNote") or "") > 255:
            return refused("Staff note is too long (maximum is 255 characters)")
        order["cancelling"] = True

        def work():
            order["cancelled"] = "2026-07-02T12:00:00Z"
            order["note"] = given.get("staffNote")
            if given["restock"]:
                order["restocked"] += [item["title"] for item in order["items"]]
            if given.get("notifyCustomer"):
                order["notified"].append("cancelled")
            if given["refundMethod"].get("originalPaymentMethodsRefund"):
                for payment in order["payments"]:
                    payment["refunded"] = payment["amount"]

        id = f"gid://shopify/Job/{len(self.jobs) + 1}"
        self.jobs[id] = {"polls": self.polls_until_done, "done": False, "work": work}
        return {"job": {"id": id, "done": False}, "orderCancelUserErrors": []}

    def _refundCreate(self, given, directives):
        self._need("write_orders", "refundCreate")
        key = directives.get("idempotent", {}).get("key")
        if not key:
            raise Fault("The @idempotent directive is required for this mutation but was not "
                        "provided.", "BAD_REQUEST")
        asked = json.dumps(given["input"], sort_keys=True)
        if key not in self.keys:
            payload = self._refund(given["input"])
            if payload["userErrors"]:
                return payload
            self.keys[key] = (asked, payload)
        first, payload = self.keys[key]
        if first != asked:
            return self._refused("The same idempotency key cannot be used with different "
                                 "operation parameters.")
        return payload

    @staticmethod
    def _refused(message):
        return {"refund": None, "order": None, "userErrors": [{"field": None, "message": message}]}

    def _refund(self, wish):
        order = self._known(wish["orderId"])
        if order is None:
            return self._refused("Order does not exist")
        if order["currency"] != (wish.get("currency") or order["shop_currency"]):
            return self._refused("Currency must be the presentment currency of the order")
        paid = {payment["id"]: payment for payment in order["payments"]}
        for transaction in wish.get("transactions") or []:
            payment = paid.get(transaction.get("parentId"))
            if payment is None or payment["gateway"] != transaction["gateway"]:
                return self._refused("Transactions parent is invalid")
            left = payment["amount"] - payment["refunded"]
            if minor(transaction["amount"], order["currency"]) > left:
                return self._refused("Refund amount is greater than net payment received")
        for item in wish.get("refundLineItems") or []:
            if item.get("restockType") in ("CANCEL", "RETURN") and not item.get("locationId"):
                return self._refused("Refund line items location can't be blank")
        transactions = []
        for transaction in wish.get("transactions") or []:
            amount = minor(transaction["amount"], order["currency"])
            if self.provider_status == "SUCCESS":
                paid[transaction["parentId"]]["refunded"] += amount
            transactions.append({"id": "gid://shopify/OrderTransaction/1", "amount": amount,
                                 "status": self.provider_status})
        if wish.get("notify"):
            order["notified"].append("refunded")
        for item in wish.get("refundLineItems") or []:
            if item.get("restockType") != "NO_RESTOCK":
                order["restocked"].append(item["lineItemId"])
        refund = {"id": f"gid://shopify/Refund/{len(self.refunds) + 1}", "note": wish.get("note"),
                  "order": order["name"], "amount": sum(each["amount"] for each in transactions),
                  "transactions": lambda first: {"nodes": transactions}}
        self.refunds.append(refund)
        return {"refund": refund, "order": self._seen(order), "userErrors": []}

    def _orderUpdate(self, given, _):
        self._need("write_orders", "orderUpdate")
        wish = given["input"]
        order = self._known(wish["id"])
        address = wish["shippingAddress"]

        def refused(message):
            return {"order": None, "userErrors": [{"field": ["shippingAddress"],
                                                   "message": message}]}

        if order is None:
            return refused("Order does not exist")
        if address["countryCode"] in ("DE", "US", "CA") and not address.get("zip"):
            return refused("Shipping address zip can't be blank")
        # What is not given stays as it was.
        order["address"] = {**order["address"], **address}
        return {"order": self._seen(order), "userErrors": []}
