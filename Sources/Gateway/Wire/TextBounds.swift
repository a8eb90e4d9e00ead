/// What a string field may hold.
///
/// Lengths are in characters: Unicode scalars, so that every language counts alike.
package struct TextBounds: Sendable {
    /// A form beyond length.
    package enum Form: Sendable {
        case any
        /// Only these ASCII characters, written as in a regular expression's class: `A-Za-z0-9-`.
        case only(ASCIISet)
        case time
        case email
    }

    package var length: ClosedRange<Int>
    package var form: Form
    /// The error for a text that is too long.
    package var over: WireError

    package init(_ length: ClosedRange<Int>, form: Form = .any, over: WireError = .invalid) {
        self.length = length
        self.form = form
        self.over = over
    }

    /// The first rule that a text breaks; nil when it keeps them all.
    func breach(by text: String) -> (rule: String, error: WireError)? {
        if exceeds(text) {
            return ("must have at most \(length.upperBound) characters", over)
        }
        if text.unicodeScalars.prefix(length.lowerBound).count < length.lowerBound {
            return (
                text.isEmpty
                    ? "must not be empty" : "must have at least \(length.lowerBound) characters",
                .invalid
            )
        }
        switch form {
        case .any: return nil
        case .only(let set):
            guard text.utf8.allSatisfy(set.contains) else {
                return ("must have only the characters \(set.name)", .invalid)
            }
        case .time:
            guard TimeForm.accepts(text) else {
                return ("must be a time in UTC such as 2026-11-21T09:30:00.125Z", .invalid)
            }
        case .email:
            guard EmailForm.accepts(text) else { return ("must be an e-mail address", .invalid) }
        }
        return nil
    }

    /// Counts scalars only when the bytes, of which each scalar has one to four, leave a doubt.
    private func exceeds(_ text: String) -> Bool {
        let bytes = text.utf8.count
        if bytes <= length.upperBound { return false }
        return bytes > length.upperBound * 4 || text.unicodeScalars.count > length.upperBound
    }
}

/// A set of ASCII characters.
package struct ASCIISet: Sendable {
    let name: String
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// Makes a set from the inside of a regular expression's class: `A-Za-z0-9-`.
    package init(_ name: String) {
        self.name = name
        let bytes = Array(name.utf8)
        var index = 0
        while index < bytes.count {
            let isRange = index + 2 < bytes.count && bytes[index + 1] == UInt8(ascii: "-")
            let last = isRange ? bytes[index + 2] : bytes[index]
            for byte in bytes[index]...last { insert(byte) }
            index += isRange ? 3 : 1
        }
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 {
            low |= 1 << UInt64(byte)
        } else if byte < 128 {
            high |= 1 << UInt64(byte - 64)
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        return (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte - 64)) & 1 == 1
    }
}
