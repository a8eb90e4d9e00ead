import JSONCoding

/// What stands around the data of a client's frame.
package struct Envelope: Sendable, Hashable {
    /// The message type.
    package var t: String
    /// The request's own identifier: present, it gets exactly one `ack` or `err`.
    package var id: String?
    /// The conversation.
    package var c: String?

    package init(t: String, id: String? = nil, c: String? = nil) {
        self.t = t
        self.id = id
        self.c = c
    }
}

/// A client's frame whose envelope has been read and whose data has not.
package struct ReceivedFrame {
    /// Nesting of a frame: data of a page's own making included.
    static let depth = 32

    package let envelope: Envelope
    package let fields: FieldReader

    package var c: String? { envelope.c }

    package init(_ bytes: UnsafeRawBufferPointer) throws(WireFault) {
        let object = try Self.object(bytes)
        guard case .string(let t)? = object["t"] else {
            throw WireFault(
                .invalid,
                "t, the message type, must be a string",
                field: "t",
                close: .badFrame
            )
        }
        let id = try Self.name("id", in: object)
        do throws(WireFault) {
            envelope = Envelope(t: t, id: id, c: try Self.name("c", in: object))
            fields = try FieldReader(Self.data(object))
        } catch {
            throw error.answering(re: id)
        }
    }

    package init(_ bytes: [UInt8]) throws(WireFault) {
        let frame = bytes.withUnsafeBytes { buffer in
            Result { () throws(WireFault) in try ReceivedFrame(buffer) }
        }
        self = try frame.get()
    }

    /// The conversation of a message that cannot do without.
    package func conversation() throws(WireFault) -> String {
        guard let c = envelope.c else { throw .field("c", "is required: which conversation") }
        return c
    }

    private static func object(_ bytes: UnsafeRawBufferPointer) throws(WireFault) -> JSON.Object {
        do throws(JSONFailure) {
            if case .object(let object) = try JSON(parsing: bytes, depth: depth) { return object }
        } catch {
            throw WireFault(.invalid, "the frame was refused: \(error)", close: .badFrame)
        }
        throw WireFault(.invalid, "the frame must be a JSON object", close: .badFrame)
    }

    private static func name(
        _ key: String,
        in object: JSON.Object
    ) throws(WireFault) -> String? {
        switch object[key] {
        case nil, .null?: nil
        case let value?: try FieldValue(value, path: key).string(TextBounds(1...64))
        }
    }

    private static func data(_ object: JSON.Object) -> FieldValue {
        switch object["d"] {
        case nil, .null?: FieldValue(.object([:]), path: "")
        case let value?: FieldValue(value, path: "")
        }
    }
}
