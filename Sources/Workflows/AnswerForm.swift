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
            if said.isEmpty { return nil }
            return options.first { Self.plain($0.title) == said || Self.plain($0.value) == said }
                .map { .string($0.value) }
        }
    }

    /// What the words say although nobody has asked yet: only what cannot be mistaken for it.
    package func mention(in text: String) -> JSON? {
        switch self {
        case .email: value(in: text)
        case .code(let mould): mould.mention(in: text).map(JSON.string)
        case .text, .number, .amount, .yesNo, .choice: nil
        }
    }

    /// Whether words can fail to be an answer.
    var isStrict: Bool { self != .text }

    /// Whether an answer is all that was written: nothing around it is passed over.
    var isWhole: Bool {
        switch self {
        case .yesNo, .choice: true
        case .text, .number, .amount, .email, .code: false
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
        let parts = words.split { !$0.isWholeNumber && !".,-".contains($0) }
            .filter { $0.contains(where: \.isWholeNumber) }
        guard parts.count == 1 else { return nil }
        return number(parts[0])
    }

    /// `1,234.50`, `1.234,50`, `12,5`, `1.200` and `-5`; nil for what could be two numbers or a date.
    private static func number(_ text: Substring) -> Double? {
        // A sign behind it ends the sentence and not the number.
        guard let end = text.lastIndex(where: \.isWholeNumber) else { return nil }
        var rest = text[...end]
        let isNegative = rest.first == "-"
        if isNegative { rest.removeFirst() }
        guard rest.first?.isWholeNumber ?? false, !rest.contains("-") else { return nil }
        let signs = rest.filter { !$0.isWholeNumber }
        var groups = rest.split(omittingEmptySubsequences: false) { !$0.isWholeNumber }
        guard groups.allSatisfy({ !$0.isEmpty }) else { return nil }
        var fraction = Substring()
        var separators = Substring(signs)
        let isDecimal =
            signs.count > 0
            && ((1...2).contains(groups[groups.count - 1].count)
                || (signs.count == 1 && groups[0] == "0"))
        if isDecimal {
            fraction = groups.removeLast()
            let decimal = separators.removeLast()
            // 12.05.24 is no amount.
            if separators.contains(decimal) { return nil }
        }
        guard Set(separators).count <= 1, groups.dropFirst().allSatisfy({ $0.count == 3 }),
            groups.count == 1 || groups[0].count <= 3
        else { return nil }
        let digits = { (text: Substring) in
            text.compactMap(\.wholeNumberValue).map(String.init).joined()
        }
        let value = Double(
            groups.map(digits).joined() + "." + (fraction.isEmpty ? "0" : digits(fraction))
        )
        return value.map { isNegative ? -$0 : $0 }
    }
}
