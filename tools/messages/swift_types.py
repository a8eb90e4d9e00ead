"""Structs for objects and for the data of messages."""

from .definitions import Definition, Mistake, camel
from .swift_text import call, doc, header, number, property_name, string

SAFE = 9007199254740991


class Writer:
    """Writes structs inside one namespace: Received or Sent."""

    def __init__(self, protocol, namespace):
        self.protocol = protocol
        self.namespace = namespace
        self.server = namespace == "Sent"

    # Types

    def swift_type(self, field):
        type_ = self.shape_type(field.shape, field.name)
        return type_ if field.required and not field.nullable else type_ + "?"

    def shape_type(self, shape, name):
        if shape.base == "list":
            return f"[{self.shape_type(shape.element, name)}]"
        if shape.base == "named":
            return shape.name
        if shape.words and not self.server:
            return camel(name, True)
        return {"string": "String", "int": "Int", "number": "Double", "bool": "Bool",
                "object": "JSON.Object", "array": "[JSON]"}[shape.base]

    # Reading

    def read(self, shape, name):
        """The call that turns a FieldValue into a Swift value."""
        if shape.base == "string":
            if shape.words:
                if not self.server:
                    return f"word({camel(name, True)}.self)"
                return f"word([{', '.join(string(word) for word in shape.words)}])"
            return f"string({self.text_bounds(shape)})"
        if shape.base == "int":
            low = 0 if shape.min is None else shape.min
            high = SAFE if shape.max is None else shape.max
            return f"int({number(low)}...{number(high)})"
        if shape.base == "number":
            return "number()" if shape.min is None else f"number({shape.min}...{shape.max})"
        if shape.base in ("object", "array"):
            if shape.bytes is None:
                raise Mistake(f"{name}: an {shape.base} needs a bound in bytes")
            return f"{shape.base}(bytes: {number(shape.bytes)})"
        return f"{shape.base}()"

    def text_bounds(self, shape):
        if shape.scalar:
            return f".{shape.scalar}"
        if shape.max is None:
            raise Mistake("a string needs a maximum")
        return f"TextBounds({shape.min or 0}...{number(shape.max)})"

    def assignment(self, field):
        name, shape = field.name, field.shape
        access = f'fields.required("{name}")'
        mark = ""
        if field.nullable:
            access, mark = f'fields.nullable("{name}")', "?"
        elif not field.required:
            access, mark = f'fields.optional("{name}")', "?"
        # The reader has the name of one member of one message.
        scope = "self." if name == "fields" else ""
        target = f"            {scope}{property_name(name)} = "
        if shape.base == "list":
            return self.list_assignment(target, access, mark, shape, name)
        if shape.base == "named":
            if not mark:
                return [f"{target}try {shape.name}(FieldReader({access}))"]
            return [f"{target}try {access}",
                    f"                .map {{ value throws(WireFault) in "
                    f"try {shape.name}(FieldReader(value)) }}"]
        line = f"{target}try {access}{mark}.{self.read(shape, name)}"
        if len(line) <= 100:
            return [line]
        broken = [f"{target}try {access}{mark}", f"                .{self.read(shape, name)}"]
        if len(broken[1]) > 100:
            raise Mistake(f"{name}: too many words for a line")
        return broken

    def list_assignment(self, target, access, mark, shape, name):
        element = shape.element
        inner = (f"try {element.name}(FieldReader(value))" if element.base == "named"
                 else f"try value.{self.read(element, name)}")
        bounds = f"{shape.min}...{number(shape.max)}"
        start = f"                .list({bounds}) {{ value throws(WireFault) in"
        whole = f"{start} {inner} }}"
        closure = ([whole] if len(whole) <= 100
                   else [start, f"                    {inner}", "                }"])
        return [f"{target}try {access}{mark}"] + closure

    # Writing

    def member(self, field):
        name = field.name
        verb = "member" if field.required else "memberIfPresent"
        if field.nullable:
            verb = "memberOrNull"
        value = property_name(name)
        if field.shape.words and not self.server:
            value += ".rawValue" if field.required else "?.rawValue"
        return f'            json.{verb}("{name}", {value})'

    # Structs

    def enumeration(self, field):
        lines = [f"        package enum {camel(field.name, True)}: "
                 f"String, Sendable, CaseIterable {{"]
        for word in field.shape.words:
            case = camel(word, False)
            lines.append(f"            case {case}" if case == word
                         else f"            case {case} = {string(word)}")
        return lines + ["        }", ""]

    def parameters(self, fields):
        parameters = []
        for field in fields:
            parameter = f"{property_name(field.name)}: {self.swift_type(field)}"
            parameters.append(parameter if field.required else parameter + " = nil")
        return parameters

    def struct(self, definition):
        """A struct in the namespace, at one level of indentation."""
        if definition.cases:
            return self.variant_struct(definition)
        lines = doc(definition.doc, 4)
        lines += [f"    package struct {definition.name}: WireObject {{"]
        if not self.server:
            for field in definition.fields:
                if field.shape.words:
                    lines += self.enumeration(field)
        for field in definition.fields:
            lines += doc(field.doc, 8)
            lines.append(f"        package var {property_name(field.name)}: "
                         f"{self.swift_type(field)}")
        if definition.fields:
            lines.append("")
        lines += self.memberwise(definition.fields)
        lines += ["", "        package init(_ fields: FieldReader) throws(WireFault) {"]
        for rule in definition.rules:
            (kind, names), = rule.items()
            listed = ", ".join(string(name) for name in names)
            lines.append(f"            try fields.{kind}(of: {listed})")
        for field in definition.fields:
            lines += self.assignment(field)
        lines.append("        }")
        lines += ["", "        package func writeMembers(into json: inout JSONWriter) {"]
        lines += [self.member(field) for field in definition.fields]
        return lines + ["        }", "    }"]

    def memberwise(self, fields):
        lines = call(8, "package init", self.parameters(fields), " {")
        for field in fields:
            name = property_name(field.name)
            lines.append(f"            self.{name} = {name}")
        return lines + ["        }"]

    def variant_struct(self, definition):
        name, tag = definition.name, definition.tag
        lines = doc(definition.doc, 4)
        lines += [f"    package struct {name}: WireObject {{",
                  f"        /// What happened, by `{tag}`.",
                  "        package enum Content: Sendable, Hashable {"]
        for value, case in definition.cases:
            lines += doc(case.doc, 12)
            lines.append(f"            case {camel(value, False)}({case.name}Event)")
        lines += ["        }", ""]
        for field in definition.fields:
            lines.append(f"        package var {property_name(field.name)}: "
                         f"{self.swift_type(field)}")
        lines += ["        package var content: Content", ""]
        parameters = self.parameters(definition.fields) + ["_ content: Content"]
        lines += call(8, "package init", parameters, " {")
        for field in definition.fields:
            lines.append(f"            self.{property_name(field.name)} = "
                         f"{property_name(field.name)}")
        lines += ["            self.content = content", "        }", "",
                  "        package init(_ fields: FieldReader) throws(WireFault) {"]
        for field in definition.fields:
            lines += self.assignment(field)
        lines += [f'            let tag = try fields.required("{tag}")',
                  "            switch tag.json.stringValue {"]
        for value, case in definition.cases:
            lines.append(f'            case "{value}": content = '
                         f".{camel(value, False)}(try {case.name}Event(fields))")
        lines += ['            default: throw .field(tag.path, "is not a known kind")',
                  "            }", "        }", "",
                  "        package func writeMembers(into json: inout JSONWriter) {",
                  "            switch content {"]
        for value, case in definition.cases:
            lines += [f"            case .{camel(value, False)}(let event):",
                      f'                json.member("{tag}", "{value}")']
            lines += ["    " + self.member(field) for field in definition.fields]
            lines.append("                event.writeMembers(into: &json)")
        return lines + ["            }", "        }", "    }"]

    def file(self, source, definitions):
        text = header(source) + "import JSONCoding\n\n" + f"extension {self.namespace} {{\n"
        return text + "\n\n".join("\n".join(self.struct(d)) for d in definitions) + "\n}\n"


def _used(protocol, definitions):
    """The shared objects that definitions need, in the order of types.json."""
    names, todo = set(), list(definitions)
    while todo:
        definition = todo.pop()
        todo += [case for _, case in definition.cases]
        for field in definition.fields:
            shape = field.shape
            while shape.base == "list":
                shape = shape.element
            if shape.base == "named" and shape.name in protocol.objects:
                if shape.name not in names:
                    names.add(shape.name)
                    todo.append(protocol.objects[shape.name])
    return [definition for name, definition in protocol.objects.items() if name in names]


def _groups(messages, audiences):
    """Definitions by who uses them: customer, agent or both."""
    groups, seen = {}, set()
    for message in messages:
        if message.like or not message.has_data or message.definition.name in seen:
            continue
        seen.add(message.definition.name)
        who = audiences(message)
        group = camel(who[0], True) if len(who) == 1 else "Both"
        if message.definition.cases:
            group = message.definition.name
        groups.setdefault(group, []).append(message.definition)
    return groups


def _bounds(protocol):
    lines = ["extension TextBounds {"]
    for name, scalar in protocol.scalars.items():
        if scalar["base"] != "string":
            continue
        lines += doc(scalar["doc"], 4)
        arguments = [f"{scalar.get('min', 0)}...{number(scalar.get('max', 40))}"]
        if "characters" in scalar:
            arguments.append(f"form: .only(ASCIISet({string(scalar['characters'])}))")
        elif "form" in scalar:
            arguments.append(f"form: .{scalar['form']}")
        if "over" in scalar:
            arguments.append(f"over: .{camel(scalar['over'], False)}")
        lines.append(f"    package static let {name} = TextBounds({', '.join(arguments)})")
    return header("Wire/types.json") + "\n".join(lines) + "\n}\n"


def files(protocol):
    result = {"TextBounds+Scalars.swift": _bounds(protocol)}
    for namespace, messages, audiences in (
            ("Received", protocol.received(), lambda m: m.direction),
            ("Sent", protocol.sent(), lambda m: m.to)):
        writer = Writer(protocol, namespace)
        groups = _groups(messages, audiences)
        everything = [d for group in groups.values() for d in group]
        for group, definitions in groups.items():
            result[f"{namespace}+{group}.swift"] = writer.file("Wire/Messages", definitions)
            for definition in definitions:
                if definition.cases:
                    events = [Definition(case.name + "Event", case.doc, case.fields)
                              for _, case in definition.cases]
                    result[f"{namespace}+{group}Events.swift"] = writer.file(
                        "Wire/Messages", events)
        widely = [d for group, members in groups.items() if group in ("Both", "Customer")
                  for d in members]
        shared = _used(protocol, widely)
        rest = [d for d in _used(protocol, everything) if d not in shared]
        for group, definitions in (("Objects", shared), ("AgentObjects", rest)):
            if definitions:
                result[f"{namespace}+{group}.swift"] = writer.file("Wire/types.json", definitions)
    return result
