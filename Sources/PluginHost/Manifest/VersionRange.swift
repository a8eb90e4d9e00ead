/// Which versions of the server a plugin takes: comparisons that must all hold, `>=1.0 <2`.
package struct VersionRange: Sendable, Hashable {
    private struct Comparison: Hashable {
        let sign: String
        let version: [Int]
    }

    private let comparisons: [Comparison]

    /// Nil when the text is not a list of `>=`, `>`, `<=`, `<` or `=` with numbers.
    package init?(_ text: String) {
        var comparisons: [Comparison] = []
        for part in text.split(separator: " ") {
            let sign = String(part.prefix { "<>=".contains($0) })
            guard [">=", ">", "<=", "<", "="].contains(sign),
                let version = Self.numbers(part.dropFirst(sign.count))
            else { return nil }
            comparisons.append(Comparison(sign: sign, version: version))
        }
        guard !comparisons.isEmpty else { return nil }
        self.comparisons = comparisons
    }

    /// Compares numbers place by place; missing ones count as zero.
    package func contains(_ version: String) -> Bool {
        guard let version = Self.numbers(version[...]) else { return false }
        return comparisons.allSatisfy { comparison in
            let less = version.lexicographicallyPrecedes(comparison.version)
            let equal = version == comparison.version
            return switch comparison.sign {
            case ">=": !less
            case ">": !less && !equal
            case "<=": less || equal
            case "<": less
            default: equal
            }
        }
    }

    /// Whether one version comes before another; what follows a hyphen comes before the bare number.
    package static func isOlder(_ one: String, than other: String) -> Bool {
        let cores = [one, other].map { $0.prefix { $0 != "-" && $0 != "+" } }
        let (first, second) = (numbers(cores[0]) ?? [], numbers(cores[1]) ?? [])
        if first != second { return first.lexicographicallyPrecedes(second) }
        let marks = (one.contains("-"), other.contains("-"))
        return marks.0 != marks.1 ? marks.0 : one < other
    }

    private static func numbers(_ text: Substring) -> [Int]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt16($0).map(Int.init) }
        guard !parts.isEmpty, numbers.count == parts.count, numbers.count <= 3 else { return nil }
        return numbers + Array(repeating: 0, count: 3 - numbers.count)
    }
}
