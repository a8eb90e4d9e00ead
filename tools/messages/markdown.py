"""Documentation/protocol.md: the introduction with the tables filled in."""

import json
import re

from .definitions import Mistake

SENDERS = {"customer": "customers", "agent": "agents"}


def _escaped(text):
    return text.replace("|", "\\|").replace("\n", " ")


def table(headings, rows):
    lines = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    lines += [f"| {' | '.join(_escaped(str(cell)) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _anchor(name):
    return re.sub(r"[^a-z0-9 -]", "", name.lower()).replace(" ", "-")


def _range(low, high, unit):
    if low and high is not None and low != high:
        return f"{low:,} to {high:,}{unit}"
    if low and low == high:
        return f"{low:,}{unit}"
    return f"at most {high:,}{unit}" if high is not None else ""


def _bounds(shape):
    if shape.words:
        return ", ".join(f"`{word}`" for word in shape.words)
    parts = []
    if shape.base == "string":
        parts.append(_range(shape.min, shape.max, " characters"))
        if shape.characters:
            parts.append(f"of `{shape.characters}`")
    elif shape.base in ("int", "number") and shape.max is not None:
        whole = shape.max >= 2**53 - 1
        parts.append(f"from {shape.min}" if whole else f"{shape.min} to {shape.max:,}")
    elif shape.bytes:
        parts.append(f"at most {shape.bytes:,} bytes of JSON")
    return " ".join(part for part in parts if part)


def _type(shape):
    if shape.base == "list":
        return f"list ({_range(shape.min, shape.max, '')}) of {_type(shape.element)}"
    if shape.base == "named":
        return f"[{shape.name}](#{_anchor(shape.name)})"
    if shape.scalar:
        return f"[{shape.scalar}](#values)"
    bounds = _bounds(shape)
    return f"{shape.base}: {bounds}" if bounds else shape.base


def _fields(fields):
    rows = []
    for field in fields:
        type_ = _type(field.shape) + (" or null" if field.nullable else "")
        rows.append((f"`{field.name}`" + ("" if field.required else " (optional)"), type_,
                     field.doc or field.shape.doc))
    return table(("Field", "Type", ""), rows)


def _facts(message):
    facts = []
    if message.from_server:
        names = {"re": "`re`", "c": "`c`", "s": "`s`", "p": "`p`", "f": "`f`"}
        envelope = [names[name.rstrip("?")] + (" (optional)" if name.endswith("?") else "")
                    for name in message.envelope]
        facts.append(f"To {' and '.join(SENDERS[who] for who in message.to)}.")
        facts.append(f"Envelope: {', '.join(envelope)}." if envelope else "Envelope: only `t`.")
    else:
        conversation = {"required": "`c` is required.", "optional": "`c` is optional.",
                        "absent": "No `c`."}[message.conversation]
        facts.append(f"{conversation} Answer: `{message.answer}`.")
        if message.id == "optional":
            facts.append("Usually sent without `id`.")
    if message.kind != "session":
        facts.append(f"{message.kind.capitalize()}.")
    return " ".join(facts)


def _example(example):
    frame = json.dumps(example["frame"], ensure_ascii=False)
    title = example["title"].rstrip(".")
    if "repeat" in example:
        repeat = example["repeat"]
        title += f" (`{repeat['field']}` is `{repeat['text']}` {repeat['times']:,} times)"
    if "refused" in example:
        return f"{title}: refused as `{example['refused']}`, because of `{example['names']}`.\n" \
               f"```json\n{frame}\n```\n"
    return f"{title}:\n```json\n{frame}\n```\n"


def _message(message):
    twin = message.file != message.t
    title = f"`{message.t}`" + (f" ({message.file.rsplit('.', 1)[1]})" if twin else "")
    text = f"### {title}\n\n{message.summary}"
    text += f" {message.doc}\n\n" if message.doc else "\n\n"
    text += _facts(message) + "\n\n"
    if message.like:
        text += f"Fields as in `{message.like}`.\n\n"
    elif message.definition.fields:
        text += _fields(message.definition.fields) + "\n"
    for value, case in message.definition.cases:
        text += f"`{message.definition.tag}`: `{value}`. {case.doc}\n\n{_fields(case.fields)}\n"
    if message.ack:
        text += "In the `ack`:\n\n" + _fields(message.ack) + "\n"
    for rule in message.definition.rules:
        (kind, names), = rule.items()
        words = {"exactlyOne": "Exactly one", "atLeastOne": "At least one",
                 "oneNotEmpty": "At least one"}[kind]
        what = "must not be empty" if kind == "oneNotEmpty" else "is required"
        text += f"{words} of {', '.join(f'`{name}`' for name in names)} {what}.\n\n"
    if message.errors:
        errors = ", ".join(f"`{code}`" for code in ["invalid"] + message.errors)
        text += f"Errors: {errors}.\n\n"
    return text + "\n".join(_example(example) for example in message.examples) + "\n"


def _sections(protocol):
    received = protocol.received()
    both = [m for m in received if len(m.direction) == 2]
    return {
        "customer": [m for m in received if m.direction == ["customer"]],
        "agent": [m for m in received if m.direction == ["agent"]],
        "both": both,
        "server": protocol.sent(),
    }


def _values(protocol):
    rows = []
    for name, scalar in protocol.scalars.items():
        bounds = []
        if scalar["base"] == "string" and "max" in scalar:
            bounds.append(_range(scalar.get("min"), scalar["max"], " characters"))
        if "characters" in scalar:
            bounds.append(f"of `{scalar['characters']}`")
        if "bytes" in scalar:
            bounds.append(f"at most {scalar['bytes']:,} bytes")
        rows.append((f"`{name}`", scalar["base"], " ".join(bounds), scalar["doc"]))
    return table(("Name", "JSON", "Bounds", ""), rows)


def page(protocol, introduction):
    parts = {name: "".join(_message(message) for message in messages).rstrip() + "\n"
             for name, messages in _sections(protocol).items()}
    parts["values"] = _values(protocol)
    parts["objects"] = "\n".join(
        f"### {name}\n\n{definition.doc}\n\n{_fields(definition.fields)}"
        for name, definition in protocol.objects.items())
    parts["errors"] = table(
        ("Code", "HTTP", "Temporary", "Meaning"),
        [(f"`{error['code']}`", error["status"], "yes" if error["temporary"] else "no",
          error["title"] + ".") for error in protocol.errors])
    parts["closes"] = table(
        ("Code", "Name", "Meaning", "The client shall"),
        [(close["code"], f"`{close['name']}`", close["meaning"] + ".",
          protocol.advice[close["advice"]]) for close in protocol.closes])

    def fill(match):
        if match.group(1) not in parts:
            raise Mistake(f"introduction.md: there is no part {match.group(1)}")
        return parts.pop(match.group(1)).rstrip("\n")

    text = re.sub(r"\{\{(\w+)\}\}", fill, introduction)
    if parts:
        raise Mistake(f"introduction.md: {', '.join(parts)} is nowhere")
    return text
