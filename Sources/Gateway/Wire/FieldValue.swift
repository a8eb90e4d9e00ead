import JSONCoding

/// One value from outside with its place in the message: checked, it becomes a Swift value.
package struct FieldValue {
    let json: JSON
    let path: String

    package init(_ json: JSON, path: String) {
        self.json = json
        self.path = path
    }

    package func string(_ bounds: TextBounds) throws(WireFault) -> String {
        guard case .string(let text) = json else { throw .field(path, "must be a string") }
        if let breach = bounds.breach(by: text) { throw .field(path, breach.rule, breach.error) }
        return text
    }

    package func int(_ range: ClosedRange<Int>) throws(WireFault) -> Int {
        guard let number = json.intValue else { throw .field(path, "must be a whole number") }
        guard range.contains(number) else {
            throw .field(path, "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func number() throws(WireFault) -> Double {
        guard let number = json.doubleValue else { throw .field(path, "must be a number") }
        return number
    }

    package func number(_ range: ClosedRange<Double>) throws(WireFault) -> Double {
        let number = try number()
        guard range.contains(number) else {
            throw .field(path, "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func bool() throws(WireFault) -> Bool {
        guard let value = json.boolValue else { throw .field(path, "must be true or false") }
        return value
    }

    /// A string that is one of a fixed set.
    package func word(_ allowed: [String]) throws(WireFault) -> String {
        guard case .string(let text) = json, allowed.contains(text) else {
            throw .field(path, "must be one of \(allowed.joined(separator: ", "))")
        }
        return text
    }

    /// A string that is one of a fixed set, as an enum.
    package func word<Word>(
        _ type: Word.Type
    ) throws(WireFault) -> Word where Word: RawRepresentable<String> & CaseIterable {
        guard case .string(let text) = json, let word = Word(rawValue: text) else {
            let allowed = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .field(path, "must be one of \(allowed)")
        }
        return word
    }

    /// An object of the sender's own making, bounded by its length as compact JSON in bytes.
    package func object(bytes limit: Int) throws(WireFault) -> JSON.Object {
        guard case .object(let object) = json else { throw .field(path, "must be an object") }
        try checkSize(limit)
        return object
    }

    /// An array of the sender's own making, bounded by its length as compact JSON in bytes.
    package func array(bytes limit: Int) throws(WireFault) -> [JSON] {
        guard case .array(let array) = json else { throw .field(path, "must be an array") }
        try checkSize(limit)
        return array
    }

    package func list<Element>(
        _ count: ClosedRange<Int>,
        _ element: (FieldValue) throws(WireFault) -> Element
    ) throws(WireFault) -> [Element] {
        guard case .array(let items) = json else { throw .field(path, "must be an array") }
        guard count.contains(items.count) else {
            throw .field(path, "must have \(count.lowerBound) to \(count.upperBound) items")
        }
        var result: [Element] = []
        result.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            result.append(try element(FieldValue(item, path: "\(path)[\(index)]")))
        }
        return result
    }

    private func checkSize(_ limit: Int) throws(WireFault) {
        guard json.bytes().count <= limit else {
            throw .field(path, "must be at most \(limit) bytes of JSON")
        }
    }
}
