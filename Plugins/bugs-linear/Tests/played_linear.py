"""Linear, played: issues, comments and their GraphQL interface, as far as documented.

Queries are read and answered for what they select, so that a field that is not asked for is not
there. Error bodies are as Linear sends them: with 200 for most, 400 for a spent rate limit and for
a key with `Bearer`, 401 for a wrong one.
"""

import copy
import hashlib
import hmac
import itertools
import json
import re
import time

from plugin_bench import PlayedAPI, Reply

KEY = "lin_api_s3cret"
TEAM = "3b7d3585-029d-4490-80ce-6a44c6d9f081"
OTHER_TEAM = "4a4914d5-f940-4121-a014-171a84b8f8dc"
LABEL = "8b6c8b3a-7b3f-4c53-9d0e-3f5a2c1d4e6f"
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

STATES = {
    "Triage": "triage", "Backlog": "backlog", "Todo": "unstarted", "In Progress": "started",
    "Done": "completed", "Canceled": "canceled", "Duplicate": "duplicate",
}

# Which fields the objects have, and what those that are objects are.
SCHEMA = {
    "Query": {"issues": "Issues", "searchIssues": "Issues", "issue": "Issue", "team": "Team",
              "issueLabels": "Labels"},
    "Mutation": {"issueCreate": "IssuePayload", "commentCreate": "CommentPayload",
                 "issueUpdate": "IssuePayload"},
    "Issues": {"nodes": "Issue"},
    "Issue": {"id": None, "identifier": None, "title": None, "description": None, "url": None,
              "priority": None, "createdAt": None, "state": "State", "team": "Team",
              "labels": "Labels", "relations": "Relations"},
    "State": {"id": None, "name": None, "type": None},
    "Team": {"id": None, "key": None, "name": None},
    "Labels": {"nodes": "Label"},
    "Label": {"id": None, "name": None},
    "Relations": {"nodes": "Relation"},
    "Relation": {"type": None, "relatedIssue": "Issue"},
    "IssuePayload": {"success": None, "issue": "Issue"},
    "CommentPayload": {"success": None, "comment": "Comment"},
    "Comment": {"id": None, "body": None},
}


class Fault(Exception):
    def __init__(self, message, code, type, said=None, status=200, http=400):
        extensions = {"type": type, "code": code, "statusCode": http, "userError": True}
        if said:
            extensions["userPresentableMessage"] = said
        self.reply = Reply(
            status, {"errors": [{"message": message, "extensions": extensions}], "data": None})


def not_found(kind):
    return Fault(f"Entity not found: {kind}", "INPUT_ERROR", "invalid input",
                 f"Could not find referenced {kind}.")


def conflict(kind, id):
    return Fault(f"conflict on insert of {kind}", "INPUT_ERROR", "invalid input",
                 f"Entity {kind} with id {id} already exists.")


def invalid(message):
    return Fault(message, "GRAPHQL_VALIDATION_FAILED", "graphql error", status=400)


RATE_LIMITED = {"errors": [{
    "message": "Rate limit exceeded. Only 2500 requests are allowed per 1 hour and you have made "
               "2500 requests in the last hour.",
    "extensions": {"type": "ratelimited", "code": "RATELIMITED", "statusCode": 429,
                   "userError": True},
}]}


class PlayedLinear(PlayedAPI):
    def __init__(self):
        self.issues = {}
        self.comments = []
        self.relations = []
        self.asked = []
        self.lost = {}
        self.teams = {TEAM: {"id": TEAM, "key": "ENG", "name": "Engineering"},
                      OTHER_TEAM: {"id": OTHER_TEAM, "key": "OPS", "name": "Operations"}}
        self.labels = {LABEL: {"id": LABEL, "name": "Support"}}
        self._numbers = itertools.count(1)
        super().__init__()

    # What people do in Linear.

    def add_issue(self, title, state="Todo", team=TEAM, id=None, **more):
        number = next(self._numbers)
        id = id or f"00000000-0000-4000-8000-{number:012d}"
        identifier = f"{self.teams[team]['key']}-{number}"
        issue = {
            "id": id, "identifier": identifier, "title": title, "description": "", "priority": 0,
            "url": f"https://linear.app/acme/issue/{identifier}", "labelIds": [],
            "createdAt": f"2026-11-01T10:00:{number:02d}.000Z", "team": self.teams[team],
            "state": self._state(state), **more,
        }
        self.issues[id] = issue
        return issue

    def move(self, issue, state, action="update", **more):
        """Moves an issue; returns the body that the webhook sends."""
        before = issue["state"]["id"]
        issue["state"] = self._state(state)
        return self.event(issue, action, updatedFrom={"stateId": before}, **more)

    @staticmethod
    def event(issue, action="update", *, sent=None, **more):
        data = {name: issue[name] for name in ("id", "identifier", "title", "state", "labelIds")}
        return json.dumps({
            "action": action, "type": "Issue", "data": data, "url": issue["url"],
            "webhookTimestamp": int((sent or time.time()) * 1000),
            "webhookId": "6b0f4e1c-0000-4000-8000-000000000001", **more})

    def merge(self, duplicate, original):
        self.relations.append((duplicate["id"], original["id"]))
        return self.move(duplicate, "Duplicate")

    def comments_on(self, issue):
        return [comment for comment in self.comments if comment["issueId"] == issue["id"]]

    def lose(self, field, reply, times=1):
        """Carries out a field's next requests but answers something else."""
        self.lost.setdefault(field, []).extend([reply] * times)

    @staticmethod
    def _state(name):
        return {"id": f"state-{name.lower()}", "name": name, "type": STATES[name]}

    # What the interface does.

    def answer(self, sent):
        if (sent.method, sent.path) != ("POST", "/graphql"):
            return Reply(404, "Not Found")
        try:
            self._authorize(sent.headers.get("authorization", ""))
            kind, selection = parse(sent.json["query"], sent.json.get("variables") or {})
            data = {}
            for name, arguments, wanted in selection:
                type = SCHEMA[kind].get(name)
                if type is None:
                    raise invalid(f'Cannot query field "{name}" on type "{kind}".')
                check(type, wanted)
                self.asked.append((name, copy.deepcopy(arguments)))
                data[name] = project(type, wanted, getattr(self, f"_{name}")(**arguments))
                if self.lost.get(name):
                    return self.lost[name].pop(0)
            return Reply(200, {"data": data})
        except Fault as fault:
            return fault.reply

    def _authorize(self, header):
        if header.startswith("Bearer lin_api_"):
            raise Fault("It looks like you're trying to use an API key as a Bearer token. Remove "
                        "the Bearer prefix from the Authorization header.",
                        "AUTHENTICATION_ERROR", "authentication error", status=400)
        if header != KEY:
            raise Fault("Authentication required, not authenticated", "AUTHENTICATION_ERROR",
                        "authentication error",
                        "You need to authenticate to access this operation.", 401, 401)

    def _issues(self, filter=None, first=50, orderBy="createdAt"):
        found = [issue for issue in self.issues.values() if matches(filter or {}, issue)]
        found.sort(key=lambda issue: issue[orderBy], reverse=True)
        return {"nodes": [self._whole(issue) for issue in found[:first]]}

    def _searchIssues(self, term, teamId=None, filter=None, first=50, includeComments=False):
        def text(issue):
            parts = [issue["title"], issue["description"]]
            if includeComments:
                parts += [comment["body"] for comment in self.comments_on(issue)]
            return " ".join(parts).lower()
        found = [issue for issue in self.issues.values()
                 if all(word in text(issue) for word in term.lower().split())
                 and (teamId is None or issue["team"]["id"] == teamId)
                 and matches(filter or {}, issue)]
        return {"nodes": [self._whole(issue) for issue in found[:first]]}

    def _issue(self, id):
        if id not in self.issues:
            raise not_found("Issue")
        return self._whole(self.issues[id])

    def _team(self, id):
        if id not in self.teams:
            raise not_found("Team")
        return self.teams[id]

    def _issueLabels(self, filter=None, first=50):
        found = [label for label in self.labels.values() if matches(filter or {}, label)]
        return {"nodes": found[:first]}

    def _issueCreate(self, input):
        if "teamId" not in input:
            raise Fault(f'Variable "$input" got invalid value {json.dumps(input)}; Field "teamId" '
                        'of required type "String!" was not provided.', "BAD_USER_INPUT",
                        "graphql error", status=400)
        if input["teamId"] not in self.teams:
            raise not_found("Team")
        if any(label not in self.labels for label in input.get("labelIds", [])):
            raise Fault("Entity not found: IssueLabel: labelIds contained an entry that could not "
                        "be found.", "INPUT_ERROR", "invalid input",
                        "labelIds contained an entry that could not be found.")
        self._own_id(input, "Issue", self.issues)
        if not input.get("title"):
            raise Fault("Argument Validation Error", "INVALID_INPUT", "invalid input",
                        "title should not be empty.")
        issue = self.add_issue(
            input["title"], "Triage", input["teamId"], input.get("id"),
            description=input.get("description", ""), priority=input.get("priority", 0),
            labelIds=input.get("labelIds", []))
        return {"success": True, "issue": self._whole(issue)}

    def _issueUpdate(self, id, input):
        if id not in self.issues:
            raise not_found("Issue")
        self.issues[id].update(input)
        return {"success": True, "issue": self._whole(self.issues[id])}

    def _commentCreate(self, input):
        if input.get("issueId") not in self.issues:
            raise not_found("Issue")
        self._own_id(input, "Comment", {comment["id"] for comment in self.comments})
        self.comments.append(input)
        return {"success": True, "comment": input}

    @staticmethod
    def _own_id(input, kind, taken):
        if "id" not in input:
            return
        if not UUID4.fullmatch(input["id"]):
            raise Fault("Argument Validation Error", "INVALID_INPUT", "invalid input",
                        "id must be a UUID.")
        if input["id"] in taken:
            raise conflict(kind, input["id"])

    def _whole(self, issue):
        related = [self.issues[original] for duplicate, original in self.relations
                   if duplicate == issue["id"]]
        return {**issue, "labels": {"nodes": [self.labels[id] for id in issue["labelIds"]]},
                "relations": {"nodes": [{"type": "duplicate", "relatedIssue": other}
                                        for other in related]}}


def sign(body, secret):
    """The headers of a delivery."""
    signature = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    return {"linear-signature": signature,
            "linear-delivery": "234d1a4e-b617-4388-90fe-adc3633d6b72", "linear-event": "Issue",
            "content-type": "application/json; charset=utf-8"}


def matches(filter, value):
    """Whether a value passes a filter: compound ones, comparators, and filters of members."""
    for name, wanted in filter.items():
        if name == "and":
            passes = all(matches(part, value) for part in wanted)
        elif name == "or":
            passes = any(matches(part, value) for part in wanted)
        elif name == "eq":
            passes = value == wanted
        elif name == "in":
            passes = value in wanted
        elif name == "nin":
            passes = value not in wanted
        elif name == "containsIgnoreCase":
            passes = wanted.lower() in value.lower()
        elif isinstance(value, dict) and name in value:
            passes = matches(wanted, value[name])
        else:
            raise invalid(f'Field "{name}" is not defined by the filter.')
        if not passes:
            return False
    return True


# GraphQL, as much of it as it takes.

def check(type, selection):
    """Refuses fields that a type does not have, and objects of which nothing is selected."""
    fields = SCHEMA[type]
    if not selection:
        raise invalid(f'Field of type "{type}" must have a selection of subfields.')
    for name, _, wanted in selection:
        if name not in fields:
            raise invalid(f'Cannot query field "{name}" on type "{type}".')
        if fields[name]:
            check(fields[name], wanted)


def project(type, selection, value):
    """What is selected of a value."""
    if isinstance(value, list):
        return [project(type, selection, item) for item in value]
    if value is None:
        return None
    fields = SCHEMA[type]
    return {name: project(fields[name], wanted, value[name]) if fields[name] else value[name]
            for name, _, wanted in selection}


def parse(document, variables):
    """`Query` or `Mutation`, and what is selected: name, arguments, selection."""
    tokens = re.findall(r'"[^"]*"|\w+|[^\s,]', document)
    declared = set()
    position = 0

    def take(expected=None):
        nonlocal position
        if position >= len(tokens) or expected and tokens[position] != expected:
            raise invalid("Syntax Error")
        position += 1
        return tokens[position - 1]

    def value():
        token = take()
        if token == "$":
            name = take()
            if name not in declared:
                raise invalid(f'Variable "${name}" is not defined.')
            return variables.get(name)
        if token == "{":
            fields = {}
            while tokens[position] != "}":
                name = take()
                take(":")
                fields[name] = value()
            take("}")
            return fields
        if token.startswith('"'):
            return token[1:-1]
        if token in ("true", "false"):
            return token == "true"
        return int(token) if token.isdigit() else token

    def selection():
        take("{")
        fields = []
        while tokens[position] != "}":
            name, arguments = take(), {}
            if tokens[position] == "(":
                take("(")
                while tokens[position] != ")":
                    argument = take()
                    take(":")
                    arguments[argument] = value()
                take(")")
            fields.append((name, arguments, selection() if tokens[position] == "{" else []))
        take("}")
        return fields

    kind = take().capitalize()
    if tokens[position] == "(":
        take("(")
        while tokens[position] != ")":
            take("$")
            name = take()
            declared.add(name)
            take(":")
            required = False
            while tokens[position] not in ("$", ")"):
                required = take() == "!"
            if required and variables.get(name) is None:
                raise invalid(f'Variable "${name}" of required type was not provided.')
        take(")")
    unknown = set(variables) - declared
    if unknown:
        raise invalid(f"Variables {unknown} are not declared.")
    return kind, selection()
