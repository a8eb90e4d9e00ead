"""Pieces of Swift source as `swift format` leaves them."""

import re
import textwrap

from .definitions import camel

WIDTH = 100


def header(source):
    return f"// Generated from {source} by tools/generate-messages.py; edit that instead.\n\n"


def doc(text, indent=0):
    """A doc comment whose first paragraph is one sentence."""
    if not text:
        return []
    pad = " " * indent
    match = re.match(r"(.+?[.?!])\s+(?=[A-Z`0-9])(.+)", text, re.S)
    first, rest = (match.group(1), match.group(2)) if match else (text, "")
    if not first.endswith((".", "?", "!")):
        first += "."
    lines = []
    for paragraph in (first, rest):
        if not paragraph:
            continue
        if lines:
            lines.append(f"{pad}///")
        lines += [f"{pad}/// {line}" for line in textwrap.wrap(paragraph, WIDTH - indent - 4)]
    return lines


def call(indent, start, arguments, end):
    """`start(arguments)end`, on one line if it fits, else with one argument on each."""
    pad = " " * indent
    line = f"{pad}{start}({', '.join(arguments)}){end}"
    if len(line) <= WIDTH:
        return [line]
    body = [f"{pad}    {argument}," for argument in arguments]
    body[-1] = body[-1][:-1]
    return [f"{pad}{start}("] + body + [f"{pad}){end}"]


KEYWORDS = ("default", "extension", "false", "import", "in", "init", "internal", "is", "nil",
            "operator", "private", "protocol", "public", "return", "self", "switch", "true")


def declared(case):
    """The name of an enum's case where it is declared."""
    return f"`{case}`" if case in KEYWORDS else case


def string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def property_name(name):
    """url_path -> urlPath, expires_s -> expiresSeconds, after_ms -> afterMilliseconds."""
    name = re.sub(r"_s$", "_seconds", name)
    name = re.sub(r"_ms$", "_milliseconds", name)
    return camel(name, False)


def number(value):
    """9007199254740991 -> 9_007_199_254_740_991."""
    return f"{value:_}" if abs(value) >= 100000 else str(value)
