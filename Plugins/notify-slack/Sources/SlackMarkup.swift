// SPDX-License-Identifier: Apache-2.0

/// What a member of Slack wrote, as a customer can read it.
///
/// Slack sends links, mentions and dates between `<` and `>`, and `&`, `<`, `>` themselves as
/// entities: https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
enum SlackMarkup {
    /// The plain text, without blanks around it and without IDs of Slack.
    static func plain(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            out += unescaped(rest[..<start])
            let inside = rest[rest.index(after: start)...]
            guard let end = inside.firstIndex(of: ">") else {
                rest = rest[start...]
                break
            }
            out += reference(inside[..<end])
            rest = inside[inside.index(after: end)...]
        }
        out += unescaped(rest)
        let start = out.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    private static func reference(_ inside: Substring) -> String {
        let parts = inside.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let target = parts.first ?? ""
        let label = parts.count > 1 && !parts[1].isEmpty ? unescaped(parts[1]) : nil
        switch target.first {
        case "@": return "@" + (label ?? "colleague")
        case "#": return "#" + (label ?? "channel")
        case "!": return label ?? "@" + target.dropFirst().prefix { $0 != "^" }
        default: return link(unescaped(target), label)
        }
    }

    private static func link(_ url: String, _ label: String?) -> String {
        for scheme in ["mailto:", "tel:"] where url.hasPrefix(scheme) {
            return String(url.dropFirst(scheme.count))
        }
        // A bare address that was typed comes with itself as its label.
        guard let label, !url.hasSuffix(label), !url.hasSuffix(label + "/") else { return url }
        return "\(label) (\(url))"
    }

    private static func unescaped(_ text: Substring) -> String {
        var out = ""
        var rest = text
        while let start = rest.firstIndex(of: "&") {
            out += rest[..<start]
            rest = rest[start...]
            let entities = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]
            let (entity, character) = entities.first { rest.hasPrefix($0.0) } ?? ("&", "&")
            out += character
            rest = rest.dropFirst(entity.count)
        }
        return out + rest
    }
}
