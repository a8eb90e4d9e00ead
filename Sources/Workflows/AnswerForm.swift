import JSONCoding

/// What an answer to a workflow's question looks like, and how it is found in what a customer writes.
///
/// Reading is by rule and not by likelihood: words that do not fit are no answer.
package enum AnswerForm: Hashable, Sendable {
    /// Any words.
    case text
    case number
    /// Money in minor units: `12.50 €` is 1250.
    case amount
    case email
    case yesNo
    /// Letters, digits and signs that fit a mould, such as an order's number.
    case code(Mould)
    case choice([Option])

    /// One of the things that can be chosen.
    package struct Option: Hashable, Sendable {
        package var value: String
        /// What the customer sees and may write instead of pressing it.
        package var title: String

        package init(value: String, title: String) {
            self.value = value
            self.title = title
        }
    }

    /// Characters that are kept of an answer in words.
    static let textLimit = 2000

    /// What the words say, or nil when they are no answer.
    package func value(in text: String) -> JSON? {
        let words = text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        guard !words.isEmpty else { return nil }
        switch self {
        case .text: return .string(String(words.prefix(Self.textLimit)))
        case .number: return Amounts.only(in: words).map(Self.json)
        case .amount:
            return Amounts.only(in: words).flatMap { amount in
                amount >= 0 && amount < 1e12 ? .int(Int64((amount * 100).rounded())) : nil
            }
        case .email: return Self.email(in: words).map(JSON.string)
        case .yesNo: return YesNo.read(words).map(JSON.bool)
        case .code(let mould): return mould.only(in: words).map(JSON.string)
        case .choice(let options):
            let said = Self.plain(words)
            return options.first { Self.plain($0.title) == said || Self.plain($0.value) == said }
                .map { .string($0.value) }
        }
    }

    /// What the words say although nobody has asked yet: only what cannot be mistaken for it.
    package func mention(in text: String) -> JSON? {
        switch self {
        case .email, .code: value(in: text)
        case .text, .number, .amount, .yesNo, .choice: nil
        }
    }

    private static func json(_ number: Double) -> JSON {
        number == number.rounded() && abs(number) < 1e15 ? .int(Int64(number)) : .double(number)
    }

    /// Without case and without the full stop after it.
    static func plain(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// The one address in the words.
    private static func email(in words: String) -> String? {
        let found = words.split(separator: " ").map { word in
            String(
                word.drop { "<(\"'".contains($0) }.reversed().drop { ">)\"'.,;:!?".contains($0) }
                    .reversed()
            )
        }.filter { word in
            let parts = word.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".")
                && parts[1].first != "." && parts[1].last != "." && word.utf8.count <= 254
        }
        return found.count == 1 ? found[0].lowercased() : nil
    }
}

/// Numbers as people write them.
enum Amounts {
    /// The number in the words, if there is exactly one.
    static func only(in words: String) -> Double? {
        let parts = words.split { !$0.isNumber && $0 != "." && $0 != "," && $0 != "-" }
            .filter { $0.contains(where: \.isNumber) }
        guard parts.count == 1 else { return nil }
        return number(parts[0])
    }

    /// `1,234.50`, `1.234,50`, `12,5` and `1200`: the last sign with one or two digits behind it is
    /// the decimal one.
    private static func number(_ text: Substring) -> Double? {
        let isNegative = text.first == "-"
        // A sign behind it ends the sentence and not the number.
        guard let end = text.lastIndex(where: \.isNumber) else { return nil }
        let trimmed = text[...end].drop { !$0.isNumber }
        let signs = trimmed.indices.filter { trimmed[$0] == "." || trimmed[$0] == "," }
        var whole = trimmed[...]
        var fraction = Substring()
        if let last = signs.last {
            let behind = trimmed[trimmed.index(after: last)...]
            if (1...2).contains(behind.count) {
                whole = trimmed[..<last]
                fraction = behind
            }
        }
        let digits = whole.filter(\.isNumber) + "." + (fraction.isEmpty ? "0" : fraction)
        return Double(digits).map { isNegative ? -$0 : $0 }
    }
}
