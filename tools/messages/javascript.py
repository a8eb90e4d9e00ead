"""The protocol for JavaScript.

protocol.js has names, codes and JSDoc types. protocol-validator.js has the definitions and the
validator: it is for tests, and pages need not load it.
"""

import json
import re
import textwrap
from pathlib import Path

from .definitions import camel

WIDTH = 100
HEADER = """\
// Generated from Sources/Gateway/Wire by tools/generate-messages.py; edit that instead.
// @ts-check

"""


def literal(value, indent=0):
    """JavaScript source for a JSON value, broken where a line gets too long."""
    def key(name):
        return name if re.fullmatch(r"[A-Za-z_]\w*|\d+", name) else json.dumps(name)

    if isinstance(value, dict) and value:
        parts = [f"{key(k)}: {literal(v, indent + 2)}" for k, v in value.items()]
        edges = ("{ ", " }", "{", "}")
    elif isinstance(value, list) and value:
        parts = [literal(v, indent + 2) for v in value]
        edges = ("[", "]", "[", "]")
    else:
        return json.dumps(value, ensure_ascii=False)
    line = edges[0] + ", ".join(parts) + edges[1]
    if len(line) + indent <= WIDTH - 12 and "\n" not in line:
        return line
    pad = " " * (indent + 2)
    body = "".join(f"{pad}{part},\n" for part in parts)
    return f"{edges[2]}\n{body}{' ' * indent}{edges[3]}"


def constant(name, comment, value, exported=True):
    return (f"/** {comment} */\n{'export ' if exported else ''}const {name} = "
            f"Object.freeze({literal(value)});\n\n")


# JSDoc


def _doc_type(shape, server):
    if shape.base == "list":
        inner = _doc_type(shape.element, server)
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if shape.base == "named":
        return shape.name
    if shape.words:
        return " | ".join(json.dumps(word) for word in shape.words)
    return {"string": "string", "int": "number", "number": "number", "bool": "boolean",
            "object": "{[key: string]: any}", "array": "any[]"}[shape.base]


def _wrapped(start, text):
    lines = textwrap.wrap(f"{start}{text}", WIDTH - 3, break_long_words=False,
                          break_on_hyphens=False)
    return [f" * {lines[0]}"] + [f" *   {line}" for line in lines[1:]]


def _typedef(name, doc, fields, server, suffix=()):
    lines = ["/**"] + _wrapped("", doc) + [f" * @typedef {{object}} {name}"]
    for field in fields:
        type_ = _doc_type(field.shape, server) + (" | null" if field.nullable else "")
        label = field.name if field.required else f"[{field.name}]"
        lines += _wrapped(f"@property {{{type_}}} {label} ", field.doc)
    return "\n".join(line.rstrip() for line in lines + list(suffix)) + "\n */\n\n"


def type_name(protocol, message):
    """The JSDoc name of a message's data: ServerTyping where clients have a Typing too."""
    name = message.definition.name
    clients = {other.definition.name for other in protocol.received()}
    return f"Server{name}" if message.from_server and name in clients else name


def _typedefs(protocol):
    text = "".join(_typedef(name, definition.doc, definition.fields, True)
                   for name, definition in protocol.objects.items())
    for message in protocol.messages:
        if message.like or not message.has_data:
            continue
        name, definition = type_name(protocol, message), message.definition
        if not definition.cases:
            text += _typedef(name, f"`{message.t}`: {message.summary}", definition.fields,
                             message.from_server)
            continue
        for value, case in definition.cases:
            text += _typedef(f"{case.name}Event", f"`{message.t}`, {value}: {case.doc}",
                             definition.fields + case.fields, True,
                             [f' * @property {{"{value}"}} {definition.tag}'])
        union = [f" * @typedef {{{definition.cases[0][1].name}Event"]
        union += [f" *   | {case.name}Event" for _, case in definition.cases[1:]]
        union[-1] += f"}} {name}"
        text += "\n".join(["/**"] + _wrapped("", f"`{message.t}`: {message.summary}")
                          + union) + "\n */\n\n"
    return text


# Definitions for the validator


def _bounds(shape):
    result = {"base": shape.base}
    for name in ("min", "max", "bytes", "characters", "form", "over"):
        if getattr(shape, name) is not None:
            result[name] = getattr(shape, name)
    if shape.words:
        result["enum"] = shape.words
    return result


def _shape(shape):
    if shape.base == "list":
        result = {"of": _shape(shape.element), "max": shape.max}
        if shape.min:
            result["min"] = shape.min
        return {"list": result}
    if shape.base == "named":
        return {"object": shape.name}
    return {"scalar": shape.scalar} if shape.scalar else _bounds(shape)


def _fields(fields):
    result = []
    for field in fields:
        entry = {"name": field.name}
        if field.required:
            entry["required"] = True
        if field.nullable:
            entry["nullable"] = True
        result.append({**entry, **_shape(field.shape)})
    return result


def _message(message):
    needs = [name for name in message.envelope if not name.endswith("?")]
    if message.conversation == "required":
        needs = ["c"]
    definition = message.definition
    result = {"t": message.t, "from": message.direction, "needs": needs}
    if definition.rules:
        result["rules"] = definition.rules
    result["fields"] = _fields(definition.fields)
    if definition.cases:
        result["tag"] = definition.tag
        result["cases"] = {value: _fields(case.fields) for value, case in definition.cases}
    return result


def _named_objects(protocol):
    """Shared objects and whatever message data is used as a field."""
    objects = {name: _fields(definition.fields) for name, definition in protocol.objects.items()}
    for message in protocol.messages:
        for field in message.definition.fields:
            if field.shape.base == "named" and field.shape.name not in objects:
                found = protocol.find(field.shape.name, message.from_server)
                objects[field.shape.name] = _fields(found.fields)
    return objects


def _scalars(protocol):
    return {name: {key: value for key, value in scalar.items() if key != "doc"}
            for name, scalar in protocol.scalars.items()}


def files(protocol):
    types = {camel(message.t, False): message.t for message in protocol.messages}
    errors = {error["code"]: {"status": error["status"], "temporary": error["temporary"]}
              for error in protocol.errors}
    closes = {str(close["code"]): {"name": close["name"], "advice": close["advice"]}
              for close in protocol.closes}
    advice = "; ".join(f"{name}: {text}" for name, text in protocol.advice.items())
    text = HEADER
    text += constant("messageTypes", "Types of messages, in both directions.",
                     dict(sorted(types.items())))
    text += constant("errorCodes", "Codes of `err` frames and HTTP problems.", errors)
    text += ("/**\n * Close codes with what to do afterwards.\n"
             + "\n".join(f" * {line}" for line in textwrap.wrap(advice, WIDTH - 3)) + "\n */\n"
             + f"export const closeCodes = Object.freeze({literal(closes)});\n\n")
    text += _typedefs(protocol)
    validator = HEADER + constant("scalars", "Bounds of single values.", _scalars(protocol), False)
    validator += constant("objects", "Fields of objects inside messages.",
                          _named_objects(protocol), False)
    validator += constant("messages", "Fields of messages.",
                          [_message(message) for message in protocol.messages], False)
    validator += (Path(__file__).parent / "validator.js").read_text()
    return {"protocol.js": text.rstrip("\n") + "\n", "protocol-validator.js": validator}
