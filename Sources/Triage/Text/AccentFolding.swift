import Foundation

/// Lower case without accents, one scalar at a time, as uncased WordPiece vocabularies spell words.
enum AccentFolding {
    /// Latin letters with accents are by far the most frequent and are answered from a table.
    private static let latin: [String] = (UInt32(0x80)..<0x250).map { value in
        Unicode.Scalar(value).map(slowFold) ?? ""
    }

    static func fold(_ scalar: Unicode.Scalar) -> String {
        let index = Int(scalar.value) - 0x80
        return latin.indices.contains(index) ? latin[index] : slowFold(scalar)
    }

    private static func slowFold(_ scalar: Unicode.Scalar) -> String {
        let lower = scalar.properties.lowercaseMapping.decomposedStringWithCanonicalMapping
        let base = lower.unicodeScalars.filter { $0.properties.generalCategory != .nonspacingMark }
        return String(String.UnicodeScalarView(base))
    }
}
