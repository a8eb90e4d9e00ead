import JSONCoding

/// Who a server's frame is for.
package enum Audience: Sendable {
    case customer
    case agent
}

extension ServerMessage {
    /// Reads a server's frame, as clients and tests do, with all bounds enforced.
    package static func decode(
        _ bytes: [UInt8],
        for audience: Audience
    ) throws(WireFault) -> (envelope: ServerEnvelope, message: ServerMessage) {
        let json: JSON
        do throws(JSONFailure) {
            json = try JSON(parsing: bytes)
        } catch {
            throw WireFault(.invalid, "the frame was refused: \(error)")
        }
        let fields = try FieldReader(FieldValue(json, path: ""))
        let t = try fields.required("t").string(TextBounds(1...40))
        let data = try FieldReader(FieldValue(json["d"] ?? [:], path: ""))
        let message = try ServerMessage(t, data, for: audience)
        for name in message.envelopeFields { _ = try fields.required(name) }
        return (try ServerEnvelope(fields), message)
    }
}
