"""HubSpot's interface as far as the plugin speaks it, with the traps it documents.

Records are written at once, but the search sees them only after `index()`. Answers hold the
properties that were asked for and no others. Error bodies are those that HubSpot sends.
"""

import itertools
import json
import re
from datetime import datetime, timedelta, timezone

from plugin_bench import PlayedAPI, Reply

TOKEN = "pat-eu1-5ecr3t"
SCOPES = {"crm.objects.contacts.read", "crm.objects.contacts.write",
          "crm.objects.companies.read", "crm.objects.owners.read"}
DEFAULTS = {
    "contacts": {"createdate", "email", "firstname", "lastname", "hs_object_id",
                 "lastmodifieddate"},
    "companies": {"createdate", "domain", "hs_object_id", "name"},
    "notes": {"hs_createdate", "hs_lastmodifieddate", "hs_object_id"},
}
CORRELATION = "aeb5f871-7f07-4993-9211-075dc63e7cbf"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def error(status, category, message, **more):
    return Reply(status, {"status": "error", "message": message, "correlationId": CORRELATION,
                          "category": category, **more})


def not_found():
    return error(404, "OBJECT_NOT_FOUND", "Object not found.  objectId are usually numeric.")


def limit(policy="SECONDLY"):
    """The body of a 429."""
    names = {"SECONDLY": "secondly", "TEN_SECONDLY_ROLLING": "ten_secondly_rolling",
             "DAILY": "daily"}
    return {"status": "error", "message": f"You have reached your {names[policy]} limit.",
            "errorType": "RATE_LIMIT", "correlationId": CORRELATION, "policyName": policy,
            "requestId": "3d3e35b7-0dae-4b9f-a6e3-9c230cbcf8dd"}


class PlayedHubSpot(PlayedAPI):
    """An account with contacts, companies, owners and notes; `version` as its paths name it."""

    def __init__(self, version="v3"):
        super().__init__()
        self.version = version
        self.token = TOKEN
        self.scopes = set(SCOPES)
        self.known = {"contacts": {"email", "firstname", "lastname", "company", "lifecyclestage",
                                   "hubspot_owner_id", "associatedcompanyid", "tier",
                                   "renewal_date", "mrr"},
                      "companies": {"name", "domain", "hubspot_owner_id", "tier",
                                    "renewal_date", "lifecyclestage"},
                      "notes": {"hs_timestamp", "hs_note_body", "hubspot_owner_id"}}
        self.objects = {"contacts": {}, "companies": {}, "notes": {}}
        self.notes_of = {}
        self.owners = {}
        self.note_faults = []
        self.indexed = set()
        self.ids = itertools.count(501)

    # The account's own doings.

    def add(self, type, **properties):
        """Enters a record that is as old as the hills: the search knows it."""
        id = self._store(type, properties)
        self.indexed.add(id)
        return id

    def index(self):
        """Lets the search catch up."""
        self.indexed.update(self.objects["contacts"])

    @property
    def notes(self):
        """The notes' bodies, in the order they were written."""
        return [note["hs_note_body"] for note in self.objects["notes"].values()]

    def asked(self, what):
        """How many requests had this in their path."""
        return [sent for sent in self.requests if what in sent.path]

    def _store(self, type, properties):
        id = str(next(self.ids))
        self.objects[type][id] = {**properties, "hs_object_id": id,
                                  "createdate": "2026-01-05T09:00:00.000Z"}
        return id

    def fail_note(self, status, body=None, *, retry_after=None, after=False):
        """Lets the next note fail, before it is written or `after`."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.note_faults.append(("after" if after else "reply",
                                 Reply(status, body or {}, headers)))

    def hang_up_on_note(self, after=False):
        """Lets the next note's connection break, before it is written or `after`."""
        self.note_faults.append(("hang_after" if after else "hang", None))

    def _reply(self, handler, sent, fault):
        if sent.method == "POST" and sent.path.endswith("/notes"):
            with self.lock:
                fault = self.note_faults.pop(0) if self.note_faults else fault
        super()._reply(handler, sent, fault)

    # Its interface.

    def answer(self, sent):
        if sent.headers.get("authorization") != f"Bearer {self.token}":
            return error(401, "INVALID_AUTHENTICATION",
                         "Authentication credentials not found. This API supports OAuth 2.0 "
                         "authentication and you can find more details at https://developers."
                         "hubspot.com/docs/methods/auth/oauth-overview")
        if sent.method in ("POST", "PATCH") and "application/json" not in sent.headers.get(
                "content-type", ""):
            return Reply(415, "")
        dated = not self.version.startswith("v")
        objects = f"/crm/objects/{self.version}" if dated else f"/crm/{self.version}/objects"
        owners = f"/crm/owners/{self.version}" if dated else f"/crm/{self.version}/owners"
        if sent.path == f"/account-info/{self.version}/details":
            return Reply(200, {"portalId": 123456, "accountType": "STANDARD",
                               "timeZone": "US/Eastern", "uiDomain": "app-eu1.hubspot.com"})
        if sent.path.startswith(owners):
            return self._need("crm.objects.owners.read") or self._owners(
                sent, sent.path.removeprefix(owners).strip("/"))
        match = re.fullmatch(re.escape(objects) + r"/(contacts|companies|notes)(?:/(.+))?",
                             sent.path)
        if not match:
            return Reply(404, "<html><body>404</body></html>", {"Content-Type": "text/html"})
        type, rest = match.groups()
        reading = sent.method == "GET" or rest in ("search", "batch/read")
        scope = "companies" if type == "companies" else "contacts"
        missing = self._need(f"crm.objects.{scope}.{'read' if reading else 'write'}")
        if missing:
            return missing
        if sent.method == "GET":
            return self._read(type, rest, sent) if rest else self._list(type, sent)
        if rest == "search":
            return self._search(type, sent.json)
        if rest == "batch/read":
            return self._batch(type, sent.json)
        return self._create_note(sent.json) if type == "notes" else self._create(type, sent.json)

    def _need(self, scope):
        if scope in self.scopes:
            return None
        return error(403, "MISSING_SCOPES",
                     "This app hasn't been granted all required scopes to make this call. Read "
                     "more about required scopes here: https://developers.hubspot.com/scopes.",
                     errors=[{"message": "One or more of the following scopes are required.",
                              "context": {"requiredGranularScopes": [scope]}}],
                     links={"scopes": "https://developers.hubspot.com/scopes"})

    def _owners(self, sent, id):
        if not id:
            return Reply(200, {"results": list(self.owners.values())[:1]})
        owner = self.owners.get(id)
        return Reply(200, owner) if owner else error(
            404, "OBJECT_NOT_FOUND", "resource not found")

    def _shown(self, type, id, asked):
        properties = self.objects[type][id]
        names = DEFAULTS[type] | {name for name in asked if name in self.known[type]}
        shown = {name: properties.get(name) for name in names}
        if type == "notes" and "hs_timestamp" in names:
            # Taken as milliseconds, given back as ISO 8601.
            moment = EPOCH + timedelta(milliseconds=int(properties["hs_timestamp"]))
            shown["hs_timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%S.") + (
                f"{moment.microsecond // 1000:03d}Z")
        return {"id": id, "properties": shown, "createdAt": "2026-01-05T09:00:00.000Z",
                "updatedAt": "2026-01-05T09:00:00.000Z", "archived": False}

    @staticmethod
    def _asked(sent):
        return sent.query.get("properties", "").split(",")

    def _list(self, type, sent):
        ids = list(self.objects[type])[:int(sent.query.get("limit", 10))]
        return Reply(200, {"results": [self._shown(type, id, self._asked(sent)) for id in ids]})

    def _read(self, type, id, sent):
        if sent.query.get("idProperty"):
            name = sent.query["idProperty"]
            id = next((key for key, properties in self.objects[type].items()
                       if properties.get(name) == id), None)
        if id not in self.objects[type]:
            return not_found()
        shown = self._shown(type, id, self._asked(sent))
        if sent.query.get("associations") == "notes" and self.notes_of.get(id):
            shown["associations"] = {"notes": {"results": [
                {"id": note, "type": "contact_to_note"} for note in self.notes_of[id]]}}
        return Reply(200, shown)

    def _search(self, type, body):
        filters = body["filterGroups"][0]["filters"]
        for filter in filters:
            if filter["propertyName"] not in self.known[type]:
                return error(400, "VALIDATION_ERROR",
                             "There was a problem with the request.")
        found = [id for id, properties in self.objects[type].items() if id in self.indexed
                 and all(properties.get(filter["propertyName"]) == filter["value"]
                         for filter in filters)]
        return Reply(200, {"total": len(found), "results": [
            self._shown(type, id, body.get("properties", [])) for id in found[:body["limit"]]]})

    def _batch(self, type, body):
        if len(body["inputs"]) > 100:
            return error(400, "VALIDATION_ERROR", "The maximum number of inputs is 100.")
        ids = [item["id"] for item in body["inputs"] if item["id"] in self.objects[type]]
        return Reply(200, {"status": "COMPLETE", "results": [
            self._shown(type, id, body["properties"]) for id in ids]})

    def _create(self, type, body):
        properties = body["properties"]
        for name in properties:
            if name not in self.known[type]:
                return self._invalid(name, "PROPERTY_DOESNT_EXIST",
                                     f'Property "{name}" does not exist')
        email = properties.get("email", "")
        if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", email):
            return self._invalid("email", "INVALID_EMAIL", f"Email address {email} is invalid")
        for id, other in self.objects[type].items():
            if email and other.get("email") == email:
                return error(409, "CONFLICT", f"Contact already exists. Existing ID: {id}")
        return Reply(201, self._shown(type, self._store(type, properties), properties))

    @staticmethod
    def _invalid(name, code, message):
        quoted = json.dumps([{"isValid": False, "message": message, "error": code, "name": name}])
        return error(400, "VALIDATION_ERROR", f"Property values were not valid: {quoted}")

    def _create_note(self, body):
        properties = body["properties"]
        if not str(properties.get("hs_timestamp", "")).isdigit():
            return self._invalid("hs_timestamp", "REQUIRED", "hs_timestamp is required")
        if len(properties.get("hs_note_body", "")) > 65_536:
            return self._invalid("hs_note_body", "TOO_LONG", "hs_note_body is too long")
        for association in body["associations"]:
            kinds = [(kind["associationCategory"], kind["associationTypeId"])
                     for kind in association["types"]]
            if kinds != [("HUBSPOT_DEFINED", 202)]:
                return error(400, "VALIDATION_ERROR", "No association type found")
            if association["to"]["id"] not in self.objects["contacts"]:
                return not_found()
        id = self._store("notes", properties)
        for association in body["associations"]:
            self.notes_of.setdefault(association["to"]["id"], []).append(id)
        return Reply(201, self._shown("notes", id, properties))
