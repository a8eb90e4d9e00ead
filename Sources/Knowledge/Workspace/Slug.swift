/// The names by which intents, articles, sites and canned replies are known to each other.
package enum Slug {
    package static let maximumLength = 80

    /// Lower-case ASCII letters, digits, `-` and `_`, beginning with a letter or digit.
    package static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "_"),
            text.utf8.count <= maximumLength
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// Makes a slug of a label such as `Refund_not_showing_up`; nil when nothing is left.
    package static func make(from label: String) -> String? {
        var slug = ""
        for character in label.lowercased() {
            let isPlain = character.isASCII && (character.isLetter || character.isNumber)
            if isPlain || character == "_" || character == "-" {
                slug.append(character)
            } else if !slug.isEmpty, slug.last != "_" {
                slug.append("_")
            }
        }
        let trimmed = slug.drop { "_-".contains($0) }.prefix(maximumLength)
        let cut = String(trimmed).replacing(#/[_\-]+$/#, with: "")
        return cut.isEmpty ? nil : cut
    }

    /// The label in words: `card_arrival` as `card arrival`.
    package static func words(_ slug: String) -> String {
        slug.split { "_-".contains($0) }.joined(separator: " ")
    }

    /// The known name that differs least, if it differs by little: for "did you mean".
    package static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let best = known.map { ($0, distance(name, $0)) }.min { $0.1 < $1.1 }
        guard let (candidate, distance) = best, distance <= max(2, name.count / 3) else {
            return nil
        }
        return candidate
    }

    /// Levenshtein's distance.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
