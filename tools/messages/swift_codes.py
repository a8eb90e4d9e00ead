"""WireError and CloseCode."""

from .definitions import camel
from .swift_text import declared, doc, header, string


def _switch(name, type_, comment, cases):
    lines = doc(comment, 4) + [f"    package var {name}: {type_} {{", "        switch self {"]
    lines += [f"        case .{case}: {value}" for case, value in cases]
    return lines + ["        }", "    }"]


def _errors(protocol):
    errors = [(camel(error["code"], False), error) for error in protocol.errors]
    lines = ["/// Why a request fails: one vocabulary for `err` frames and HTTP problems.",
             "package enum WireError: String, Sendable, CaseIterable {"]
    for case, error in errors:
        lines.append(f"    case {declared(case)}" if case == error["code"]
                     else f"    case {case} = {string(error['code'])}")
    lines += ["}", "", "extension WireError {", "    /// The code as clients read it.",
              "    package var code: String { rawValue }", ""]
    lines += _switch("status", "Int", "The HTTP status.",
                     [(case, error["status"]) for case, error in errors])
    lines += [""] + _switch("title", "String", "What it means, when nothing more is known.",
                            [(case, string(error["title"])) for case, error in errors])
    lines += [""] + _switch("isTemporary", "Bool", "Whether the same request may succeed later.",
                            [(case, str(error["temporary"]).lower()) for case, error in errors])
    lines.append("}")
    return header("Wire/errors.json") + "\n".join(lines) + "\n"


def _closes(protocol):
    closes = [(camel(close["name"], False), close) for close in protocol.closes]
    lines = ["/// Why a connection is closed; the code tells the client whether to come back.",
             "package enum CloseCode: UInt16, Sendable, CaseIterable {"]
    for case, close in closes:
        lines += doc(close["meaning"], 4) + [f"    case {case} = {close['code']}"]
    lines += ["}", "", "extension CloseCode {",
              "    /// What a client does after the connection was closed.",
              "    package enum Advice: String, Sendable {"]
    for name, text in protocol.advice.items():
        case = camel(name, False)
        lines += doc(text[:1].upper() + text[1:], 8)
        lines.append(f"        case {case}" if case == name
                     else f"        case {case} = {string(name)}")
    lines += ["    }", ""]
    lines += _switch("name", "String", "The reason that goes out beside the code.",
                     [(case, string(close["name"])) for case, close in closes])
    lines += [""] + _switch("advice", "Advice", "", [
        (case, f".{camel(close['advice'], False)}") for case, close in closes])
    return header("Wire/errors.json") + "\n".join(lines) + "\n}\n"


def files(protocol):
    return {"WireError.swift": _errors(protocol), "CloseCode.swift": _closes(protocol)}
