/// The words somebody searches for, as a query that FTS5 always understands.
///
/// Every word is quoted, so nothing a user types is syntax; all must occur; the last one may be the
/// beginning of a longer word as long as no space follows it.
struct SearchQuery {
    private static let maximumWords = 12
    private static let maximumLength = 64

    /// Nil when there is no letter and no digit to look for.
    let text: String?

    init(_ words: String) {
        let parts = words.prefix(1000).split { $0.isWhitespace || $0 == "\0" || $0 == "\"" }
            .filter { part in part.contains { $0.isLetter || $0.isNumber } }
            .prefix(Self.maximumWords)
        let quoted = parts.map { "\"\($0.prefix(Self.maximumLength))\"" }
        let isOpen = words.last.map { !$0.isWhitespace } ?? false
        text = quoted.isEmpty ? nil : quoted.joined(separator: " ") + (isOpen ? "*" : "")
    }
}
