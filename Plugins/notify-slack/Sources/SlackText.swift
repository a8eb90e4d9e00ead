// SPDX-License-Identifier: Apache-2.0

/// Texts on their way into Slack's notation (mrkdwn).
///
/// See https://docs.slack.dev/messaging/formatting-message-text
enum SlackText {
    private static let broadcasts = ["channel", "here", "everyone", "group"]

    /// A text in which nothing is a link or a mention, cut at `limit` UTF-16 units.
    ///
    /// The end of a line counts twice, so that a quotation stays within the limit too.
    ///
    /// `@channel` and its like are broken up as well: they are no mention in what is posted here
    /// (`parse` none, `verbatim`), but would become one when a member copies the line.
    static func escaped(_ text: some StringProtocol, limit: Int = 500) -> String {
        var out = ""
        var rest = Substring(text).unicodeScalars
        var length = 0
        while let scalar = rest.popFirst() {
            let piece = piece(scalar, before: rest)
            length += piece.utf16.count + (scalar.properties.isWhitespace && scalar != " " ? 1 : 0)
            guard length <= limit else { return out + "…" }
            out += piece
        }
        return out
    }

    private static func piece(
        _ scalar: Unicode.Scalar,
        before rest: Substring.UnicodeScalarView
    ) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "@": isBroadcast(rest) ? "@\u{2060}" : "@"
        default: isShown(scalar) ? String(scalar) : ""
        }
    }

    private static func isBroadcast(_ rest: Substring.UnicodeScalarView) -> Bool {
        let next = String(String.UnicodeScalarView(rest.prefix(8))).lowercased()
        return broadcasts.contains(where: next.hasPrefix)
    }

    /// The same in one line.
    static func line(_ text: some StringProtocol, limit: Int = 200) -> String {
        escaped(text.split(whereSeparator: \.isWhitespace).joined(separator: " "), limit: limit)
    }

    /// The same as a quotation.
    static func quotation(_ text: some StringProtocol, limit: Int = 500) -> String {
        escaped(text, limit: limit).split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        .map { ">\($0)" }.joined(separator: "\n")
    }

    /// A link; the text alone when there is no address.
    static func link(_ url: String?, _ text: String) -> String {
        guard let url, url.hasPrefix("https://") || url.hasPrefix("http://") else { return text }
        var address = ""
        for scalar in url.unicodeScalars {
            switch scalar {
            case "&": address += "&amp;"
            case "<": address += "%3C"
            case ">": address += "%3E"
            case "|": address += "%7C"
            case " ": address += "%20"
            default: if isShown(scalar) { address.unicodeScalars.append(scalar) }
            }
        }
        return "<\(address)|\(text)>"
    }

    /// Control characters and those that turn the direction of writing are left out.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: true
        case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: false
        default: true
        }
    }
}
