"""Enums of messages and the functions that write whole frames."""

from .definitions import camel
from .swift_text import call, doc, header


def _case(message):
    return camel(message.t, False)


def _server_case(message):
    return camel(message.definition.name, False)


def _payload(message):
    arguments = []
    if message.conversation != "absent":
        arguments.append("c: String" if message.conversation == "required" else "c: String?")
    if message.has_data:
        arguments.append(f"Received.{message.definition.name}")
    return arguments


def _client(protocol, client):
    name = f"{camel(client, True)}Message"
    messages = protocol.received(client)
    lines = [f"/// What {'a customer' if client == 'customer' else 'an agent'}'s client sends.",
             f"package enum {name}: Sendable, Hashable {{"]
    for message in messages:
        lines += doc(message.summary, 4)
        payload = _payload(message)
        lines.append(f"    case {_case(message)}" + (f"({', '.join(payload)})" if payload else ""))
    lines += ["}", "", f"extension {name}: ClientMessage {{",
              "    package init(_ frame: ReceivedFrame) throws(WireFault) {",
              "        let fields = frame.fields", "        self =",
              "            switch frame.envelope.t {"]
    for message in messages:
        arguments = []
        if message.conversation != "absent":
            arguments.append("c: try frame.conversation()"
                             if message.conversation == "required" else "c: frame.c")
        if message.has_data:
            arguments.append("try .init(fields)")
        value = f".{_case(message)}" + (f"({', '.join(arguments)})" if arguments else "")
        lines.append(f'            case "{message.t}": {value}')
    lines += ["            default: throw .unknownType(frame.envelope.t)",
              "            }", "    }", "",
              "    package var parts: (t: String, c: String?, d: (any WireObject)?) {",
              "        switch self {"]
    for message in messages:
        names = []
        if message.conversation != "absent":
            names.append("let c")
        if message.has_data:
            names.append("let d")
        pattern = f".{_case(message)}" + (f"({', '.join(names)})" if names else "")
        c = "c" if "let c" in names else "nil"
        d = "d" if "let d" in names else "nil"
        lines.append(f'        case {pattern}: ("{message.t}", {c}, {d})')
    lines += ["        }", "    }", "}"]
    return header("Wire/Messages") + "\n".join(lines) + "\n"


def _required(message):
    return [name for name in message.envelope if not name.endswith("?")]


def _server(protocol):
    messages = protocol.sent()
    lines = ["/// What the server sends, without the envelope.",
             "package enum ServerMessage: Sendable, Hashable {"]
    for message in messages:
        lines += doc(message.summary, 4)
        payload = f"(Sent.{message.definition.name})" if message.has_data else ""
        lines.append(f"    case {_server_case(message)}{payload}")
    lines += ["}", "", "extension ServerMessage {",
              "    init(", "        _ t: String,", "        _ fields: FieldReader,",
              "        for audience: Audience", "    ) throws(WireFault) {", "        self =",
              "            switch (t, audience) {"]
    for message in messages:
        pattern = f'("{message.t}", ' + ("_" if len(message.to) == 2 else f".{message.to[0]}") + ")"
        value = f".{_server_case(message)}" + ("(try .init(fields))" if message.has_data else "")
        lines.append(f"            case {pattern}: {value}")
    lines += ["            default: throw .unknownType(t)", "            }", "    }", "",
              "    /// The envelope's fields that this message must have.",
              "    var envelopeFields: [String] {", "        switch self {"]
    groups = {}
    for message in messages:
        groups.setdefault(tuple(_required(message)), []).append(message)
    for names, members in groups.items():
        if names:
            listed = ", ".join(f".{_server_case(message)}" for message in members)
            fields = ", ".join(f'"{name}"' for name in names)
            lines.append(f"        case {listed}: [{fields}]")
    return (header("Wire/Messages") + "\n".join(lines)
            + "\n        default: []\n        }\n    }\n}\n")


def _frames(protocol):
    lines = ["import JSONCoding", "",
             "/// Whole frames as the server sends them, in UTF-8.",
             "package enum ServerFrame {"]
    for index, message in enumerate(protocol.sent()):
        if index:
            lines.append("")
        lines += doc(message.summary, 4)
        parameters, passed = [], []
        for name in message.envelope:
            optional = name.endswith("?")
            name = name.rstrip("?")
            type_ = "String" if name in ("re", "c") else "Int"
            parameters.append(f"{name}: {type_}" + ("? = nil" if optional else ""))
            passed.append(f"{name}: {name}")
        if message.has_data:
            empty = not any(field.required for field in message.definition.fields)
            initial = f" = Sent.{message.definition.name}()" if empty else ""
            parameters.append(f"_ d: Sent.{message.definition.name}{initial}")
        lines += call(4, f"package static func {_server_case(message)}", parameters,
                      " -> [UInt8] {")
        start = f'        ServerEnvelope({", ".join(passed)}).frame("{message.t}")'
        if message.has_data:
            lines.append(f"{start} {{ json in d.writeMembers(into: &json) }}")
        else:
            lines.append(f"{start} {{ _ in }}")
        lines.append("    }")
    return header("Wire/Messages") + "\n".join(lines) + "\n}\n"


def files(protocol):
    return {
        "CustomerMessage.swift": _client(protocol, "customer"),
        "AgentMessage.swift": _client(protocol, "agent"),
        "ServerMessage.swift": _server(protocol),
        "ServerFrame.swift": _frames(protocol),
    }
