/// The names of files as other people may safely see and save them.
package enum FileName {
    package static let limit = 200
    /// A longer one is not a name.
    package static let longest = 2000

    /// The last part of a path, without what is invisible or turns the reading direction.
    ///
    /// Nil for a text that is too long to be a name. One that is merely long keeps its ending.
    package static func clean(_ text: String) -> String? {
        guard text.utf8.count <= longest * 4, text.unicodeScalars.count <= longest else {
            return nil
        }
        let part = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: part.unicodeScalars.filter { !isHidden($0) })
        // A name that begins with a dot is hidden on its receiver's disk; one that ends with one
        // has no ending on Windows.
        var name = Substring(String(kept))
        while let first = name.first, first == "." || first.isWhitespace { name.removeFirst() }
        while let last = name.last, last == "." || last.isWhitespace { name.removeLast() }
        return name.isEmpty ? "file" : shortened(String(name))
    }

    /// The part after the last dot in lower case; empty without one.
    package static func ending(of name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    private static func shortened(_ name: String) -> String {
        guard name.unicodeScalars.count > limit else { return name }
        let ending = ending(of: name)
        let kept = ending.isEmpty || ending.unicodeScalars.count > 16 ? "" : "." + ending
        var start = String.UnicodeScalarView()
        start.append(
            contentsOf: name.unicodeScalars.prefix(limit - 1 - kept.unicodeScalars.count)
        )
        return String(start) + "…" + kept
    }

    /// Controls, line separators, and the marks that turn the reading direction: with them
    /// `annexe.txt` may end in `exe`.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
            // Joiners hold emoji and some scripts together.
            scalar != "\u{200D}" && scalar != "\u{200C}"
        default: false
        }
    }
}
