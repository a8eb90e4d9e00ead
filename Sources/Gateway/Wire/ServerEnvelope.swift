import JSONCoding

/// What stands around the data of a server's frame.
package struct ServerEnvelope: Sendable, Hashable {
    /// The request that is answered.
    package var re: String?
    /// The conversation.
    package var c: String?
    /// The event's number in the conversation.
    package var s: Int?
    /// The number of the event before it that this receiver may see.
    package var p: Int?
    /// The position in the whole log, for agents.
    package var f: Int?

    package init(
        re: String? = nil,
        c: String? = nil,
        s: Int? = nil,
        p: Int? = nil,
        f: Int? = nil
    ) {
        self.re = re
        self.c = c
        self.s = s
        self.p = p
        self.f = f
    }

    init(_ fields: FieldReader) throws(WireFault) {
        let sequence = 0...9_007_199_254_740_991
        re = try fields.optional("re")?.string(TextBounds(1...64))
        c = try fields.optional("c")?.string(TextBounds(1...64))
        s = try fields.optional("s")?.int(sequence)
        p = try fields.optional("p")?.int(sequence)
        f = try fields.optional("f")?.int(sequence)
    }

    func frame(_ t: String, _ d: (inout JSONWriter) -> Void) -> [UInt8] {
        frame(t, capacity: 512) { json in json.object(d) }
    }

    /// `d`: the data as JSON text.
    func frame(_ t: String, written d: [UInt8]) -> [UInt8] {
        frame(t, capacity: d.count + 128) { json in json.raw(d) }
    }

    private func frame(
        _ t: String,
        capacity: Int,
        data: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var json = JSONWriter(capacity: capacity)
        json.object { json in
            json.member("t", t)
            json.memberIfPresent("re", re)
            json.memberIfPresent("c", c)
            json.memberIfPresent("s", s)
            json.memberIfPresent("p", p)
            json.memberIfPresent("f", f)
            json.member("d", data)
        }
        return json.bytes
    }
}
