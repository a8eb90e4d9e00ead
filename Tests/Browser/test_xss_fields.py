"""Every field that holds somebody's words is attacked in test_xss.py, or it is said why not."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GATEWAY = ROOT / "Sources/Gateway"
TYPES = json.loads((GATEWAY / "Wire/types.json").read_text())
ATTACKING = "".join(Path(__file__).with_name(name).read_text()
                    for name in ("test_xss.py", "hostile.py"))
# Of these forms no text can be: they are compared, not shown.
NO_WORDS = {"id", "cid", "time", "epoch", "token"}


class But(str):
    """Why a field is not attacked."""


FIXED = But("words of the server's own, from its sources")
CODE = But("a code for programs, which pages look up")
NOT_SHOWN = But("kept for programs and shown on no page")
EMAIL = But("what is no email address is refused, and an address has no signs that end a text")
READ_ONLY = But("read by the assistant, and shown on no page")
TOKEN = But("compared with what is known, and not shown")
TEACHER = But("taught by the operator; what pages get of it is `welcome`'s intents")
ECHO = But("what a customer or colleague said, attacked where they say it")
ITSELF = But("is attacked without words before the attack, in place of an address or a kind")
WORKFLOW = But("written by the operator, and drawn by the line that draws an action's title")
SLOTS = But("drawn by the same code as what an action is given, which is attacked")
READING = "decided"
ACTING = "acted"
TEAM = "{email.partition('@')[0]}"

# The field, and the text that is put into it, by its name in test_xss.py; `{…}` is what differs.
FIELDS = {
    # What customers and the team say
    "address.email": EMAIL,
    "bot.return.instruction": "instruction",
    "context.url_path": "address",
    "context.title": "page title",
    "context.page": "page name",
    "context.facts": "fact",
    "context.locale": But("a language tag, by which the server chooses its own words"),
    "csat.comment": "comment",
    "decline.reason": NOT_SHOWN,
    "form.submit.values": "form answer",
    "msg.send.text": "message",
    "note.text": "note",
    "reply.text": "reply",
    "tag.add[]": "tag",
    "tag.remove[]": But("takes a word off that is shown no more"),
    "track.name": "happening",
    "track.data": "happening's value",
    "transfer.skill": "skill",
    "transfer.note": "transfer's note",
    "UsedSuggestion.intent": TEACHER,
    # What the server says
    "err.code": CODE,
    "err.title": FIXED,
    "err.field": But("a path of the protocol's own names, in which no other word is"),
    "form.show.title": "form",
    "inbox.delta.page": "page name",
    "inbox.delta.title": "page title",
    "inbox.delta.intent": TEACHER,
    "inbox.delta.tags[]": "tag",
    "msg.new.text": "message",
    "msg.new.blocks": "words",
    "msg.new.via": CODE,
    "notice.code": CODE,
    "notice.text": FIXED,
    "offer.gone.reason": FIXED,
    "offer.why[]": FIXED,
    "offer.briefing": "record {name}",
    "suggest.text": But("becomes the value of a field, or text beside it, as a draft does"),
    "typing.name": "author",
    "event.new.note.text": "note",
    "event.new.csat.comment": "comment",
    "event.new.address.email": EMAIL,
    "event.new.tagged.add[]": "tag",
    "event.new.tagged.remove[]": ECHO,
    "event.new.tracked.name": "happening",
    "event.new.tracked.data": "happening's value",
    "event.new.offered.why[]": FIXED,
    "event.new.offer.ended.reason": NOT_SHOWN,
    "event.new.facts.source": "record {name}",
    "event.new.facts.title": "record {name}",
    "event.new.facts.facts": "record {name}",
    **{f"event.new.decided.{name}": READING for name in (
        "intent", "language", "rule", "against", "context[]", "caution[]")},
    **{f"event.new.decided.{name}": But("figures and versions of the core's own")
       for name in ("versions", "stages")},
    "RankedIntent.intent": READING,
    "RankedIntent.title": READING,
    "Evidence.text": READING,
    "NearestExample.text": READING,
    "NearestExample.intent": READING,
    **{f"event.new.workflow.{name}": WORKFLOW for name in (
        "workflow", "title", "step", "action")},
    "event.new.workflow.slots": SLOTS,
    "event.new.workflow.input": SLOTS,
    **{f"event.new.action.{name}": ACTING for name in (
        "plugin", "action", "title", "summary", "input")},
    "Owner.name": TEAM,
    "Author.name": "author",
    "Reason.code": CODE,
    "Reason.text": "transfer's note",
    "Contact.name": "customer",
    "Contact.email": EMAIL,
    "SiteGreeting.name": "site",
    "SiteGreeting.greeting": "greeting",
    "SiteGreeting.language": CODE,
    "SiteName.name": "site",
    "AgentProfile.name": TEAM,
    "AgentProfile.email": EMAIL,
    "AgentProfile.skills[]": But("the operator's words; consoles offer them in a list, as options"),
    "AgentPresence.name": TEAM,
    "AgentName.name": TEAM,
    "CannedText.title": "canned title {name}",
    "CannedText.text": "canned text {name}",
    "QuickReply.title": "quick reply",
    "FormField.label": "{kind} field",
    "Source.title": "source",
    "File.name": "file",
    "File.type": ITSELF,
    "Source.url": ITSELF,
    "Preview.text": "message",
    "IntentName.intent": "intent",
    "IntentName.title": "intent's title",
}


def words(fields, where):
    """The names of the fields in which somebody's words can stand."""
    for field in fields:
        kind, mark = field.get("type"), ""
        if isinstance(kind, dict):
            kind, mark = kind.get("list"), "[]"
        # What is included has a place of its own in these lists, and so have objects.
        if "include" in field or not isinstance(kind, str) or kind in TYPES["objects"]:
            continue
        base = TYPES["scalars"].get(kind, {}).get("base", kind)
        if base in ("string", "object", "array") and "enum" not in field and kind not in NO_WORDS:
            yield f"{where}.{field['name']}{mark}"


def defined():
    for path in sorted((GATEWAY / "Wire/Messages").glob("*.json")):
        message = json.loads(path.read_text())
        yield from words(message.get("fields", []), message.get("object", message["t"]))
        for case in message.get("variants", {}).get("cases", []):
            yield from words(case["fields"], f"{message['t']}.{case['name']}")
    for name, kind in TYPES["objects"].items():
        yield from words(kind["fields"], name)


# What routes read as text, by the file that reads it.
ROUTES = {
    "AccountEndpoints: email": EMAIL,
    "AccountEndpoints: password": TOKEN,
    "ActionEndpoints: confirmation": TOKEN,
    "ActionEndpoints: conversation": TOKEN,
    "ActionEndpoints: input": ACTING,
    "AssistEndpoints: text": But("what the console shows already, for a plugin to translate"),
    "AssistEndpoints: to": CODE,
    "FileEndpoints: ids": TOKEN,
    "PluginEndpoints: config": But("admins' own, and shown to them as the values of fields"),
    "PluginEndpoints: policies": But("words of a list, of which another is refused"),
    "PluginEndpoints: version": TOKEN,
    "TriageEndpoints: context": READ_ONLY,
    "TriageEndpoints: email": READ_ONLY,
    "TriageEndpoints: facts": READ_ONLY,
    "TriageEndpoints: history": READ_ONLY,
    "TriageEndpoints: id": READ_ONLY,
    "TriageEndpoints: intent": TEACHER,
    "TriageEndpoints: name": READ_ONLY,
    "TriageEndpoints: page": READ_ONLY,
    "TriageEndpoints: text": READ_ONLY,
    "TriageEndpoints: title": READ_ONLY,
    "TriageEndpoints: url_path": READ_ONLY,
    "UploadIntake: name": "file",
    "WebhookEndpoints: since": TOKEN,
    "Webhooks+Orders: description": "webhook",
    "WidgetEndpoints: identity": "customer",
    "WidgetEndpoints: site": TOKEN,
    "WidgetEndpoints: visitor": TOKEN,
}
READS = re.compile(
    r"""(?:required|optional)\("(\w+)"\)\??\s*\.(?:string|object|list)\(
        |body\["(\w+)"\]\?\.(?:stringValue|objectValue)
        |order\["(\w+)"\]\?\.stringValue
        |request\.query\("(name)"\)""", re.VERBOSE)


def read_by_routes():
    for folder in ("HTTP", "Webhooks", "Uploads"):
        for path in sorted((GATEWAY / folder).glob("*.swift")):
            for found in READS.finditer(path.read_text()):
                name = next(filter(None, found.groups()))
                yield f"{path.stem}: {name}"


def test_every_text_field_of_the_protocol_is_attacked_or_it_is_said_why_not():
    assert set(defined()) == set(FIELDS)


def test_every_text_field_of_a_route_is_attacked_or_it_is_said_why_not():
    assert set(read_by_routes()) == set(ROUTES)


def test_what_is_said_to_be_attacked_is():
    texts = set(re.findall(r'texts\(\s*f?"([^"]+)"\)', ATTACKING))
    named = {text for text in [*FIELDS.values(), *ROUTES.values()] if not isinstance(text, But)}
    assert named <= texts
