import JSONCoding

/// The messages of one kind of client.
package protocol ClientMessage: Sendable, Hashable {
    /// Reads the data by the envelope's type.
    init(_ frame: ReceivedFrame) throws(WireFault)

    /// What a frame of this message holds.
    var parts: (t: String, c: String?, d: (any WireObject)?) { get }
}

extension ClientMessage {
    /// Reads a whole frame.
    ///
    /// A fault carries the request's `id` as `re` if it could be read, and a close code when the
    /// frame is not of the protocol's form at all. The length is the transport's to bound.
    package static func decode(
        _ bytes: UnsafeRawBufferPointer
    ) throws(WireFault) -> (envelope: Envelope, message: Self) {
        let frame = try ReceivedFrame(bytes)
        do throws(WireFault) {
            return (frame.envelope, try Self(frame))
        } catch {
            throw error.answering(re: frame.envelope.id, c: frame.envelope.c)
        }
    }

    /// Reads a whole frame; see ``decode(_:)`` for raw bytes.
    package static func decode(
        _ bytes: [UInt8]
    ) throws(WireFault) -> (envelope: Envelope, message: Self) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(WireFault) in try decode(buffer) }
        }
        return try result.get()
    }

    /// Writes a frame as a client sends it.
    package func frame(id: String?) -> [UInt8] {
        let parts = parts
        var json = JSONWriter()
        json.object { json in
            json.member("t", parts.t)
            json.memberIfPresent("id", id)
            json.memberIfPresent("c", parts.c)
            if let d = parts.d { json.member("d") { json in d.write(into: &json) } }
        }
        return json.bytes
    }
}

extension WireFault {
    /// A type that this kind of client has not.
    static func unknownType(_ t: String) -> WireFault {
        guard t.utf8.count <= 40 else {
            return WireFault(.unknownType, "t must have at most 40 characters", field: "t")
        }
        return WireFault(.unknownType, "there is no message of this type here", field: "t")
    }
}
