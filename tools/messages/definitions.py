"""Reads and checks the definitions: messages, shared types, codes."""

import json
import re
from dataclasses import dataclass, field as member

BASES = ("string", "int", "number", "bool", "object", "array")
CLIENTS = ("customer", "agent")


class Mistake(Exception):
    """Something wrong in a definition, with its place."""


@dataclass
class Shape:
    """The type of a value: a base with bounds, a list, or the name of an object."""

    base: str  # one of BASES, "list" or "named"
    scalar: str = None  # the scalar it was defined by
    name: str = None  # of an object
    element: "Shape" = None
    min: float = None
    max: float = None
    bytes: int = None
    characters: str = None
    form: str = None
    over: str = None
    words: list = None
    doc: str = ""


@dataclass
class Field:
    name: str
    shape: Shape
    required: bool
    nullable: bool
    doc: str


@dataclass
class Definition:
    """An object: a shared one, a message's data, or one case of a message with variants."""

    name: str  # in Swift and in JSDoc
    doc: str
    fields: list
    rules: list = member(default_factory=list)
    tag: str = None  # of variants
    cases: list = member(default_factory=list)  # (value, Definition)


@dataclass
class Message:
    file: str
    t: str
    direction: list
    to: list
    summary: str
    doc: str
    since: int
    conversation: str
    id: str
    kind: str
    envelope: list
    answer: str
    ack: list
    errors: list
    examples: list
    definition: Definition
    like: str

    @property
    def from_server(self):
        return self.direction == ["server"]

    @property
    def has_data(self):
        return bool(self.definition.fields or self.definition.cases)


@dataclass
class Protocol:
    scalars: dict
    objects: dict  # name -> Definition
    messages: list
    errors: list
    closes: list
    advice: dict

    def received(self, client=None):
        return [m for m in self.messages
                if not m.from_server and (client is None or client in m.direction)]

    def sent(self):
        return [m for m in self.messages if m.from_server]

    def find(self, name, server):
        """The object or message data that a named type means, seen from one direction."""
        if name in self.objects:
            return self.objects[name]
        for message in self.messages:
            if message.from_server == server and message.definition.name == name:
                return message.definition
        for message in self.messages:
            if message.definition.name == name:
                return message.definition
        raise Mistake(f"there is no type {name}")


def camel(text, upper):
    words = re.split(r"[._\-]", text)
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return joined if upper else joined[:1].lower() + joined[1:]


def _pairs(path):
    def unique(pairs):
        keys = [key for key, _ in pairs]
        for key in keys:
            if keys.count(key) > 1:
                raise Mistake(f"{path.name}: {key} is there twice")
        return dict(pairs)

    try:
        return json.loads(path.read_text(), object_pairs_hook=unique)
    except ValueError as error:
        raise Mistake(f"{path.name}: {error}")


def _known(where, keys, allowed):
    for key in keys:
        if key not in allowed:
            raise Mistake(f"{where}: {key} means nothing here")


_BOUNDS = ("min", "max", "bytes", "characters", "form", "over")


def _shape(where, spec, scalars):
    if isinstance(spec, str):
        spec = {"type": spec}
    type_ = spec["type"]
    if isinstance(type_, dict):
        element = _shape(where, type_["list"], scalars)
        return Shape("list", element=element, min=type_.get("min", 0), max=type_["max"])
    if type_ in scalars:
        _known(where, [key for key in _BOUNDS + ("enum",) if key in spec], ())
        scalar = scalars[type_]
        return Shape(scalar["base"], scalar=type_, doc=scalar["doc"],
                     **{key: scalar[key] for key in _BOUNDS if key in scalar})
    bounds = {key: spec[key] for key in _BOUNDS if key in spec}
    if type_ in BASES:
        return Shape(type_, words=spec.get("enum"), **bounds)
    if not type_[:1].isupper():
        raise Mistake(f"{where}: there is no type {type_}")
    return Shape("named", name=type_)


def _field(where, spec, scalars):
    where = f"{where}, field {spec.get('name')}"
    _known(where, spec, ("name", "type", "required", "nullable", "doc", "enum") + _BOUNDS)
    return Field(spec["name"], _shape(where, spec, scalars), spec.get("required", False),
                 spec.get("nullable", False), spec.get("doc", ""))


def _fields(where, specs, scalars, includes):
    fields = []
    for spec in specs:
        if "include" in spec:
            fields += includes(spec["include"])
        else:
            fields.append(_field(where, spec, scalars))
    return fields


_MESSAGE_KEYS = ("t", "direction", "to", "since", "summary", "doc", "conversation", "id", "kind",
                 "envelope", "like", "ack", "answer", "rules", "variants", "fields", "errors",
                 "examples")


def _check_message(name, raw, codes):
    _known(name, raw, _MESSAGE_KEYS)
    for key in ("t", "direction", "since", "summary", "examples"):
        if key not in raw:
            raise Mistake(f"{name}: {key} is missing")
    if name != raw["t"] and name.rsplit(".", 1)[0] != raw["t"]:
        raise Mistake(f"{name}: the file must be named after the type {raw['t']}")
    for code in raw.get("errors", []):
        if code not in codes:
            raise Mistake(f"{name}: there is no error code {code}")
    valid = [example for example in raw["examples"] if "refused" not in example]
    if not valid or len(valid) == len(raw["examples"]):
        raise Mistake(f"{name}: needs an example that is valid and one that is not")


def _name(raw, everything):
    """CustomerHello where the two clients (or welcomes) differ, otherwise MsgSend."""
    server = raw["direction"] == ["server"]
    twins = [other for other in everything
             if other["t"] == raw["t"] and (other["direction"] == ["server"]) == server]
    base = camel(raw["t"], True)
    if len(twins) == 1:
        return base
    return camel((raw["to"] if server else raw["direction"])[0], True) + base


def load(source):
    types = _pairs(source / "types.json")
    codes = _pairs(source / "errors.json")
    scalars = types["scalars"]
    paths = sorted((source / "Messages").glob("*.json"), key=lambda path: path.stem)
    raws = {path.stem: _pairs(path) for path in paths}
    by_name = {_name(raw, raws.values()): raw for raw in raws.values()}

    def included(name):
        if name not in by_name:
            raise Mistake(f"there is no message {name} to include")
        return _fields(name, by_name[name]["fields"], scalars, included)

    objects = {name: Definition(name, raw["doc"], _fields(name, raw["fields"], scalars, included))
               for name, raw in types["objects"].items()}
    messages = []
    known = [error["code"] for error in codes["errors"]]
    for file, raw in raws.items():
        _check_message(file, raw, known)
        like = raw.get("like")
        origin = raws[like] if like else raw
        definition = Definition(
            _name(origin, raws.values()), origin["summary"],
            _fields(file, origin["fields"], scalars, included), origin.get("rules", []))
        variants = origin.get("variants")
        if variants:
            definition.tag = variants["tag"]
            definition.cases = [
                (case["name"], Definition(camel(case["name"], True), case["doc"],
                                          _fields(file, case["fields"], scalars, included)))
                for case in variants["cases"]]
        messages.append(Message(
            file, raw["t"], raw["direction"], raw.get("to", []), raw["summary"],
            raw.get("doc", ""), raw["since"], raw.get("conversation", "absent"),
            raw.get("id", "expected"), raw.get("kind", "session"), raw.get("envelope", []),
            raw.get("answer", "ack"), _fields(file, raw.get("ack", []), scalars, included),
            raw.get("errors", []), raw["examples"], definition, like))
    protocol = Protocol(scalars, objects, messages, codes["errors"], codes["closes"],
                        codes["advice"])
    _check_references(protocol)
    return protocol


def _check_references(protocol):
    def visit(fields, server):
        for field in fields:
            shape = field.shape
            while shape.base == "list":
                shape = shape.element
            if shape.base == "named":
                protocol.find(shape.name, server)

    for definition in protocol.objects.values():
        visit(definition.fields, True)
    for message in protocol.messages:
        visit(message.definition.fields, message.from_server)
        for _, case in message.definition.cases:
            visit(case.fields, message.from_server)
