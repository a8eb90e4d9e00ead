import JSONCoding

/// A piece of rich text that is safe to show: no HTML, links only where ``SafeURL`` allows.
///
/// Rendered from Markdown by `Knowledge`, shown by the widget and the console with DOM calls.
package indirect enum Block: Sendable, Hashable {
    case paragraph([Inline])
    /// Level 1 to 4.
    case heading(level: Int, [Inline])
    case list(ordered: Bool, items: [[Block]])
    case code(language: String?, text: String)
    case quote([Block])
    case rule
    case image(url: String, alt: String)
    /// A page worth a look: a link that stands by itself.
    case linkCard(url: String, title: String, text: String)
}

/// A run of text inside a ``Block``.
package indirect enum Inline: Sendable, Hashable {
    case text(String)
    case strong([Inline])
    case emphasis([Inline])
    case code(String)
    case link(url: String, [Inline])
    case lineBreak
}

/// The rule for addresses that may appear in what people are shown.
package enum SafeURL {
    /// Bytes of UTF-8.
    package static let maximumLength = 2048

    /// Whether an address is `https:`, `http:` or `mailto:`, or a path on the same site.
    ///
    /// White space, control characters and backslashes are refused: browsers drop or turn them, so
    /// what looks like a path could become another site's address or a script.
    package static func allows(_ url: String) -> Bool {
        guard (1...maximumLength).contains(url.utf8.count) else { return false }
        let isClean = url.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar != "\\"
                && scalar.properties.generalCategory != .control
                && scalar.properties.generalCategory != .format
        }
        guard isClean else { return false }
        if url.hasPrefix("/") { return !url.hasPrefix("//") }
        let lowered = url.lowercased()
        return ["https://", "http://", "mailto:"].contains { scheme in
            lowered.hasPrefix(scheme) && lowered.utf8.count > scheme.utf8.count
        }
    }
}

// MARK: - Plain text

extension Inline {
    /// What it says, without its looks; a link is followed by its address where they differ.
    package var plainText: String {
        switch self {
        case .text(let text), .code(let text): return text
        case .strong(let inline), .emphasis(let inline): return inline.plainText
        case .lineBreak: return "\n"
        case .link(let url, let inline):
            let label = inline.plainText
            let address = url.hasPrefix("mailto:") ? String(url.dropFirst(7)) : url
            return label == address || label.isEmpty ? address : "\(label) (\(address))"
        }
    }
}

extension Block {
    /// What it says, without its looks.
    package var plainText: String {
        switch self {
        case .paragraph(let inline), .heading(_, let inline): return inline.plainText
        case .code(_, let text): return text
        case .quote(let blocks): return blocks.plainText
        case .rule: return ""
        case .image(_, let alt): return alt
        case .linkCard(let url, let title, let text):
            return ["\(title) (\(url))", text].filter { !$0.isEmpty }.joined(separator: "\n")
        case .list(let ordered, let items):
            return items.enumerated().map { number, item in
                let mark = ordered ? "\(number + 1). " : "• "
                return mark
                    + item.plainText.replacing("\n\n", with: "\n").replacing("\n", with: "\n  ")
            }.joined(separator: "\n")
        }
    }
}

extension [Inline] {
    /// What the runs say together.
    package var plainText: String { map(\.plainText).joined() }
}

extension [Block] {
    /// What the blocks say, an empty line between them.
    package var plainText: String {
        map(\.plainText).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

// MARK: - JSON

extension Block {
    /// The form of the wire and of the log.
    package var json: JSON {
        switch self {
        case .paragraph(let inline):
            ["type": "paragraph", "inline": inline.json]
        case .heading(let level, let inline):
            ["type": "heading", "level": .int(Int64(level)), "inline": inline.json]
        case .list(let ordered, let items):
            ["type": "list", "ordered": .bool(ordered), "items": .array(items.map(\.json))]
        case .code(nil, let text): ["type": "code", "text": .string(text)]
        case .code(let language?, let text):
            ["type": "code", "language": .string(language), "text": .string(text)]
        case .quote(let blocks): ["type": "quote", "blocks": blocks.json]
        case .rule: ["type": "rule"]
        case .image(let url, let alt):
            ["type": "image", "url": .string(url), "alt": .string(alt)]
        case .linkCard(let url, let title, let text):
            [
                "type": "link_card", "url": .string(url), "title": .string(title),
                "text": .string(text),
            ]
        }
    }

    /// Reads the form that `json` writes; nil for anything else, unsafe addresses included.
    package init?(json: JSON) {
        switch json["type"]?.stringValue {
        case "paragraph":
            guard let inline = json["inline"].flatMap([Inline].init(json:)) else { return nil }
            self = .paragraph(inline)
        case "heading":
            guard let level = json["level"]?.intValue, (1...4).contains(level),
                let inline = json["inline"].flatMap([Inline].init(json:))
            else { return nil }
            self = .heading(level: level, inline)
        case "list":
            guard let ordered = json["ordered"]?.boolValue,
                let items = json["items"]?.arrayValue?.allOrNil([Block].init(json:))
            else { return nil }
            self = .list(ordered: ordered, items: items)
        case "code":
            guard let text = json["text"]?.stringValue else { return nil }
            self = .code(language: json["language"]?.stringValue, text: text)
        case "quote":
            guard let blocks = json["blocks"].flatMap([Block].init(json:)) else { return nil }
            self = .quote(blocks)
        case "rule": self = .rule
        case "image":
            guard let url = json["url"]?.stringValue, SafeURL.allows(url) else { return nil }
            self = .image(url: url, alt: json["alt"]?.stringValue ?? "")
        case "link_card":
            guard let url = json["url"]?.stringValue, SafeURL.allows(url),
                let title = json["title"]?.stringValue
            else { return nil }
            self = .linkCard(url: url, title: title, text: json["text"]?.stringValue ?? "")
        default: return nil
        }
    }
}

extension Inline {
    /// The form of the wire and of the log.
    package var json: JSON {
        switch self {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .strong(let inline): ["type": "strong", "inline": inline.json]
        case .emphasis(let inline): ["type": "emphasis", "inline": inline.json]
        case .code(let text): ["type": "code", "text": .string(text)]
        case .link(let url, let inline):
            ["type": "link", "url": .string(url), "inline": inline.json]
        case .lineBreak: ["type": "break"]
        }
    }

    /// Reads the form that `json` writes; nil for anything else, unsafe addresses included.
    package init?(json: JSON) {
        let text = json["text"]?.stringValue
        let inline = json["inline"].flatMap([Inline].init(json:))
        switch (json["type"]?.stringValue, text, inline) {
        case ("text", let text?, _): self = .text(text)
        case ("code", let text?, _): self = .code(text)
        case ("strong", _, let inline?): self = .strong(inline)
        case ("emphasis", _, let inline?): self = .emphasis(inline)
        case ("break", _, _): self = .lineBreak
        case ("link", _, let inline?):
            guard let url = json["url"]?.stringValue, SafeURL.allows(url) else { return nil }
            self = .link(url: url, inline)
        default: return nil
        }
    }
}

extension [Block] {
    package var json: JSON { .array(map(\.json)) }

    /// Nil when one of them cannot be read.
    package init?(json: JSON) {
        guard let blocks = json.arrayValue?.allOrNil(Block.init(json:)) else { return nil }
        self = blocks
    }
}

extension [Inline] {
    package var json: JSON { .array(map(\.json)) }

    /// Nil when one of them cannot be read.
    package init?(json: JSON) {
        guard let inline = json.arrayValue?.allOrNil(Inline.init(json:)) else { return nil }
        self = inline
    }
}

extension [JSON] {
    /// All elements read, or nil when one cannot be.
    fileprivate func allOrNil<Value>(_ read: (JSON) -> Value?) -> [Value]? {
        var values: [Value] = []
        values.reserveCapacity(count)
        for json in self {
            guard let value = read(json) else { return nil }
            values.append(value)
        }
        return values
    }
}
