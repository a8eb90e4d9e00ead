import JSONCoding

/// A JSON object with a definition: it can be read, with all bounds enforced, and written.
package protocol WireObject: Sendable, Hashable {
    init(_ fields: FieldReader) throws(WireFault)

    /// Writes the members alone, without braces.
    func writeMembers(into json: inout JSONWriter)
}

extension WireObject {
    /// Reads an object on its own, such as the `d` of a frame.
    package init(json: JSON) throws(WireFault) {
        try self.init(FieldReader(FieldValue(json, path: "")))
    }

    /// Writes the object as one value.
    package func write(into json: inout JSONWriter) {
        json.object { json in writeMembers(into: &json) }
    }

    /// The object on its own as JSON text.
    func json() -> [UInt8] {
        var json = JSONWriter()
        write(into: &json)
        return json.bytes
    }
}

extension JSONWriter {
    package mutating func member(_ key: String, _ object: some WireObject) {
        member(key) { json in object.write(into: &json) }
    }

    package mutating func memberIfPresent(_ key: String, _ object: (some WireObject)?) {
        if let object { member(key, object) }
    }

    package mutating func member(_ key: String, _ objects: [some WireObject]) {
        member(key) { json in
            json.array { json in
                for object in objects { object.write(into: &json) }
            }
        }
    }

    package mutating func memberIfPresent(_ key: String, _ objects: [some WireObject]?) {
        if let objects { member(key, objects) }
    }

    package mutating func member(_ key: String, _ numbers: [Int]) {
        member(key) { json in
            json.array { json in
                for number in numbers { json.value(number) }
            }
        }
    }

    package mutating func memberIfPresent(_ key: String, _ numbers: [Int]?) {
        if let numbers { member(key, numbers) }
    }

    package mutating func member(_ key: String, _ values: [JSON]) {
        member(key, JSON.array(values))
    }

    package mutating func memberIfPresent(_ key: String, _ values: [JSON]?) {
        if let values { member(key, values) }
    }

    /// Writes a member that is never left out: null when there is no value.
    package mutating func memberOrNull(_ key: String, _ value: String?) {
        if let value { member(key, value) } else { memberNull(key) }
    }
}
