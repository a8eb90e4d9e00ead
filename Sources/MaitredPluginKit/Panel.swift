// SPDX-License-Identifier: Apache-2.0

/// What a plugin shows beside a conversation: blocks that the console draws.
public struct Panel: Encodable, Sendable {
    /// In order.
    public var blocks: [Block]

    /// Makes a panel.
    public init(_ blocks: [Block] = []) { self.blocks = blocks }

    /// One block.
    public enum Block: Sendable {
        case text(String)
        /// Names and values, in order.
        case fields([(String, String)])
        case table(columns: [String], rows: [[String]])
        case badge(String, Tone)
        case link(String, url: String)
        /// A button that opens the action's form, filled in with what is given.
        case button(String, action: String, input: [String: JSONValue])
        /// An action's form in place, filled in with what is given.
        case form(action: String, input: [String: JSONValue])
        case image(url: String, alt: String)
        case divider
    }

    /// How a badge looks.
    public enum Tone: String, Encodable, Sendable {
        case neutral, good, warning, bad
    }
}

extension Panel.Block: Encodable {
    private enum Keys: String, CodingKey {
        case type, text, fields, columns, rows, tone, url, title, action, input, alt
    }

    private struct Field: Encodable {
        let name: String
        let value: String
    }

    /// Writes the block as the console reads it.
    public func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Keys.self)
        switch self {
        case .text(let text):
            try json.encode("text", forKey: .type)
            try json.encode(text, forKey: .text)
        case .fields(let fields):
            try json.encode("fields", forKey: .type)
            try json.encode(fields.map { Field(name: $0.0, value: $0.1) }, forKey: .fields)
        case .table(let columns, let rows):
            try json.encode("table", forKey: .type)
            try json.encode(columns, forKey: .columns)
            try json.encode(rows, forKey: .rows)
        case .badge(let text, let tone):
            try json.encode("badge", forKey: .type)
            try json.encode(text, forKey: .text)
            try json.encode(tone, forKey: .tone)
        case .link(let title, let url):
            try json.encode("link", forKey: .type)
            try json.encode(title, forKey: .title)
            try json.encode(url, forKey: .url)
        case .button(let title, let action, let input):
            try json.encode("button", forKey: .type)
            try json.encode(title, forKey: .title)
            try json.encode(action, forKey: .action)
            try json.encode(input, forKey: .input)
        case .form(let action, let input):
            try json.encode("form", forKey: .type)
            try json.encode(action, forKey: .action)
            try json.encode(input, forKey: .input)
        case .image(let url, let alt):
            try json.encode("image", forKey: .type)
            try json.encode(url, forKey: .url)
            try json.encode(alt, forKey: .alt)
        case .divider: try json.encode("divider", forKey: .type)
        }
    }
}
