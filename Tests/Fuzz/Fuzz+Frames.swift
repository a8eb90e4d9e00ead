import Gateway
import JSONCoding

extension Fuzz {
    /// A frame as a customer's and as an agent's message, and as plain JSON.
    ///
    /// What was understood is understood the same when it is written and read again.
    @Sendable
    static func readFrame(_ bytes: UnsafeRawBufferPointer) {
        decode(bytes, as: CustomerMessage.self)
        decode(bytes, as: AgentMessage.self)
        guard let json = try? JSON(parsing: bytes) else { return }
        let again = try? JSON(parsing: json.bytes())
        hold(again == json, "JSON that changes when written: \(json)")
    }

    private static func decode<Message: ClientMessage>(
        _ bytes: UnsafeRawBufferPointer,
        as type: Message.Type
    ) {
        guard let (envelope, message) = try? Message.decode(bytes) else { return }
        let again = try? Message.decode(message.frame(id: envelope.id))
        hold(again?.message == message, "a message that changes when written: \(message)")
        hold(again?.envelope.id == envelope.id, "a request that loses its id")
    }
}
