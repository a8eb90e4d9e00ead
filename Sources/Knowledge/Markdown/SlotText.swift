/// The marks that stand for values while a text is read as Markdown.
///
/// A value put in before parsing could become a link or a heading whatever is escaped; a mark is a
/// word of private-use characters to the parser, and the value takes its place in the tree.
enum SlotText {
    private static let open: Unicode.Scalar = "\u{E000}"
    private static let close: Unicode.Scalar = "\u{E001}"

    static func mark(_ index: Int) -> String { "\(open)\(index)\(close)" }

    /// Removes what would pass for a mark.
    static func cleaned(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 == open || $0 == close }) else {
            return text
        }
        var scalars = text.unicodeScalars
        scalars.removeAll { $0 == open || $0 == close }
        return String(scalars)
    }

    /// Puts the values in the places of their marks.
    static func filled(
        _ text: String,
        with slots: [String],
        encode: (String) -> String = { $0 }
    ) -> String {
        guard !slots.isEmpty else { return text }
        var result = String.UnicodeScalarView()
        var digits: String?
        for scalar in text.unicodeScalars {
            if scalar == open {
                digits = ""
            } else if scalar == close, let index = digits.flatMap({ Int($0) }) {
                if slots.indices.contains(index) {
                    result.append(contentsOf: encode(slots[index]).unicodeScalars)
                }
                digits = nil
            } else if digits != nil {
                digits?.unicodeScalars.append(scalar)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
