/// What is wrong with a template.
package enum TemplateFault: Error, Hashable {
    case tooLong
    case malformed(String, line: Int)
    /// A tag that answers do not use: unescaped values, partials, inheritance, other delimiters.
    case unsupportedTag(String, line: Int)
    case unknownForm(String, line: Int)
    /// A fact mentioned outside a section about it and not among the template's needs.
    case unguarded(String, line: Int)

    package var line: Int {
        switch self {
        case .tooLong: 1
        case .malformed(_, let line), .unsupportedTag(_, let line), .unknownForm(_, let line),
            .unguarded(_, let line):
            line
        }
    }
}

extension TemplateFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong: "the template is longer than \(TemplateRenderer.maximumLength) bytes"
        case .malformed(let problem, _): "the template cannot be read: \(problem)"
        case .unsupportedTag(let tag, _): "the tag {{\(tag)}} is not one that answers can use"
        case .unknownForm(let form, _):
            "'\(form)' is not a form of facts; there are "
                + FactText.Form.allCases.map(\.rawValue).joined(separator: ", ")
        case .unguarded(let name, _):
            "{{\(name)}} may be missing: add it to needs or write "
                + "{{#\(name)}}…{{/\(name)}} around it"
        }
    }
}

/// The tags of a template, checked before the engine reads it.
package struct TemplateCheck: Sendable {
    struct Mention: Hashable {
        var name: String
        var line: Int
        /// The sections about facts that are open around it.
        var sections: [String]
    }

    private(set) var mentions: [Mention] = []

    package init(_ text: String) throws(TemplateFault) {
        var rest = text[...]
        var line = 1
        var sections: [(name: String, positive: Bool)] = []
        while let open = rest.firstRange(of: "{{") {
            line += rest[..<open.lowerBound].count(where: \.isNewline)
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else {
                throw .malformed("a tag is not closed", line: line)
            }
            let content = rest[..<close.lowerBound]
            let tag = String(content).trimmed
            rest = rest[close.upperBound...]
            let opened = line
            line += content.count(where: \.isNewline)
            if tag.hasPrefix("!") { continue }
            let sigil = tag.first.flatMap { "#^/".contains($0) ? $0 : nil }
            let body = sigil == nil ? tag : String(tag.dropFirst()).trimmed
            let name = try Self.name(body, in: tag, line: opened)
            switch sigil {
            case "#": sections.append((name, true))
            case "^": sections.append((name, false))
            case "/": if !sections.isEmpty { sections.removeLast() }
            default:
                let around = sections.filter(\.positive).map(\.name)
                mentions.append(Mention(name: name, line: opened, sections: around))
            }
        }
    }

    /// Throws when a fact may be missing where it is mentioned.
    package func requireGuards(needs: [String]) throws(TemplateFault) {
        for mention in mentions where mention.name != "." {
            let isGuarded = needs.contains(mention.name) || mention.sections.contains(mention.name)
            guard isGuarded else { throw .unguarded(mention.name, line: mention.line) }
        }
    }

    /// The facts that are mentioned outside any section and not known.
    package func missing(in facts: FactScope) -> [String] {
        mentions.filter { $0.sections.isEmpty && $0.name != "." && facts[$0.name] == nil }
            .map(\.name)
    }

    /// The name in `name` or `form(name)`.
    private static func name(
        _ body: String,
        in tag: String,
        line: Int
    ) throws(TemplateFault) -> String {
        var body = body
        while let parenthesis = body.firstIndex(of: "("), body.hasSuffix(")") {
            let form = String(body[..<parenthesis])
            guard FactText.Form(rawValue: form) != nil else {
                throw .unknownForm(form, line: line)
            }
            body = String(body[body.index(after: parenthesis)...].dropLast())
        }
        let isName =
            body == "."
            || (body.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isPart))
        guard isName else { throw .unsupportedTag(tag, line: line) }
        return body
    }

    private static func isPart(_ part: Substring) -> Bool {
        !part.isEmpty
            && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
    }
}
