/// A shape of codes, such as order numbers: `#0000`, `INV-000000`, `AA-00*`.
///
/// `0` stands for a digit, `A` for a letter, a `*` after either for any number more of the same;
/// anything else for itself, and may be left out by whoever writes when it is no letter. Read in one
/// pass without going back, so no text takes long.
package struct Mould: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case digit(more: Bool)
        case letter(more: Bool)
        case sign(Character)
    }

    package let text: String
    private let parts: [Part]

    /// Nil for one without a digit or letter to fill, or longer than 40 characters.
    package init?(_ text: String) {
        self.text = text
        var parts: [Part] = []
        for character in text {
            switch (character, parts.last) {
            case ("0", _): parts.append(.digit(more: false))
            case ("A", _): parts.append(.letter(more: false))
            case ("*", .digit?): parts[parts.count - 1] = .digit(more: true)
            case ("*", .letter?): parts[parts.count - 1] = .letter(more: true)
            default: parts.append(.sign(character))
            }
        }
        let isFilled = parts.contains { if case .sign = $0 { false } else { true } }
        guard isFilled, text.count <= 40 else { return nil }
        self.parts = parts
    }

    /// The code in the words, as the mould writes it; nil when there is none or more than one.
    package func only(in words: String) -> String? { only(in: words, isAsked: true) }

    /// The code where nobody has asked for one: with all its signs, and with a digit in it, so that it is
    /// neither a year nor a word.
    func mention(in words: String) -> String? {
        let isTelling = parts.contains { if case .sign = $0 { true } else { false } }
        guard isTelling, parts.contains(where: { if case .digit = $0 { true } else { false } })
        else {
            return nil
        }
        return only(in: words, isAsked: false)
    }

    private func only(in words: String, isAsked: Bool) -> String? {
        let words = words.split(whereSeparator: \.isWhitespace)
        let found = Set(words.compactMap { fill($0, mayLeaveOut: isAsked) })
        return found.count == 1 ? found.first : nil
    }

    private func fill(_ word: Substring, mayLeaveOut: Bool) -> String? {
        var rest = word.drop { "(\"'<".contains($0) }
        while let last = rest.last, ".,;:!?)\"'>".contains(last) { rest.removeLast() }
        var code = ""
        for part in parts {
            switch part {
            case .sign(let sign):
                if rest.first.map({ Self.isSame($0, sign) }) ?? false {
                    rest.removeFirst()
                } else if !mayLeaveOut || sign.isLetter || sign.isNumber {
                    return nil
                }
                code.append(sign)
            case .digit(let more):
                guard Self.take(&rest, &code, more: more, where: { $0.isASCII && $0.isNumber })
                else { return nil }
            case .letter(let more):
                guard Self.take(&rest, &code, more: more, where: { $0.isASCII && $0.isLetter })
                else { return nil }
            }
        }
        return rest.isEmpty ? code : nil
    }

    private static func take(
        _ rest: inout Substring,
        _ code: inout String,
        more: Bool,
        where fits: (Character) -> Bool
    ) -> Bool {
        guard let first = rest.first, fits(first) else { return false }
        repeat {
            code += String(rest.removeFirst()).uppercased()
        } while more && rest.first.map(fits) ?? false
        return true
    }

    private static func isSame(_ one: Character, _ other: Character) -> Bool {
        String(one).lowercased() == String(other).lowercased()
    }
}
