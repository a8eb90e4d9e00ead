// SPDX-License-Identifier: Apache-2.0

/// What of a text must not be got wrong: its numbers, and its addresses (of pages, of mail, of
/// files).
enum Figures {
    /// The numbers, each written one way: `1,000.50`, `1.000,50` and `1000.5` are the same.
    static func numbers(in text: String) -> Set<String> {
        var numbers: Set<String> = []
        var current: [Character] = []
        let letters = Array(text)
        for (index, letter) in letters.enumerated() {
            if let digit = digit(letter) {
                current.append(digit)
            } else if !current.isEmpty, ".,'\u{2019}".contains(letter),
                index + 1 < letters.count, self.digit(letters[index + 1]) != nil
            {
                current.append(letter == "." || letter == "," ? letter : "'")
            } else if !current.isEmpty {
                numbers.insert(normal(current))
                current = []
            }
        }
        if !current.isEmpty { numbers.insert(normal(current)) }
        return numbers
    }

    /// The addresses, without scheme and `www.`; names with a dot inside count as such.
    static func addresses(in text: String) -> Set<String> {
        let runs = text.lowercased().unicodeScalars.split { !isAddressScalar($0) }
        return Set(runs.compactMap { address(String(String.UnicodeScalarView($0))) })
    }

    private static func digit(_ letter: Character) -> Character? {
        guard let scalar = letter.unicodeScalars.first, scalar.properties.numericType == .decimal,
            let value = letter.wholeNumberValue
        else { return nil }
        return String(value).first
    }

    /// The last mark is a decimal one unless three digits follow or it occurs twice.
    private static func normal(_ written: [Character]) -> String {
        let marks = written.indices.filter { !written[$0].isNumber }
        guard let last = marks.last else { return trimmed(String(written)) }
        let decimals = written.count - last - 1
        let isRepeated = marks.dropLast().contains { written[$0] == written[last] }
        let isDecimal = decimals != 3 && !isRepeated && written[last] != "'"
        let whole = String(written[..<last].filter(\.isNumber))
        let rest = String(written[(last + 1)...])
        guard isDecimal else { return trimmed(whole + rest) }
        var fraction = rest[...]
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? trimmed(whole) : "\(trimmed(whole)).\(fraction)"
    }

    private static func trimmed(_ digits: String) -> String {
        let rest = digits.drop { $0 == "0" }
        return rest.isEmpty ? "0" : String(rest)
    }

    private static func isAddressScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", ".", "_", "~", ":", "/", "?", "#", "@", "&", "+", "=", "%", "-":
            true
        default: false
        }
    }

    private static func address(_ run: String) -> String? {
        var text = run[...]
        while let last = text.last, !last.isLetter, !last.isNumber { text.removeLast() }
        while let first = text.first, !first.isLetter, !first.isNumber { text.removeFirst() }
        var isCertain = text.contains("@") || text.contains("://")
        for scheme in ["https://", "http://", "mailto:", "www."] where text.hasPrefix(scheme) {
            text.removeFirst(scheme.count)
            isCertain = true
        }
        let host = text.prefix { $0 != "/" && $0 != ":" && $0 != "?" }
        guard let dot = host.lastIndex(of: ".") else { return isCertain ? String(text) : nil }
        let ending = host[host.index(after: dot)...]
        let hasName = host[..<dot].contains(where: \.isLetter)
        let isNamed = hasName && ending.count >= 2 && ending.allSatisfy(\.isLetter)
        return isCertain || isNamed ? String(text) : nil
    }
}
