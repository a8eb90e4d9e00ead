import Gateway
import JSONCoding
import Testing

struct WireTests {
    @Test func `finds the examples`() {
        #expect(WireExample.valid.count > 60)
        #expect(WireExample.invalid.count > 55)
    }

    @Test(arguments: WireExample.valid)
    func `reads a valid example and writes the same again`(example: WireExample) throws {
        let bytes = example.frame.bytes()
        switch example.sender {
        case "customer": #expect(try again(CustomerMessage.self, bytes) == withoutEmpty(example))
        case "agent": #expect(try again(AgentMessage.self, bytes) == withoutEmpty(example))
        default:
            for receiver in example.receivers {
                let audience: Audience = receiver == "agent" ? .agent : .customer
                let (envelope, message) = try ServerMessage.decode(bytes, for: audience)
                let written = try #require(frame(envelope, message))
                #expect(try JSON(parsing: written) == withData(example.frame))
            }
        }
    }

    @Test(arguments: WireExample.invalid)
    func `refuses an invalid example and names the field`(example: WireExample) throws {
        let bytes = example.frame.bytes()
        let fault = #expect(throws: WireFault.self) {
            switch example.sender {
            case "customer": _ = try CustomerMessage.decode(bytes)
            case "agent": _ = try AgentMessage.decode(bytes)
            default:
                let audience: Audience = example.receivers == ["agent"] ? .agent : .customer
                _ = try ServerMessage.decode(bytes, for: audience)
            }
        }
        #expect(fault?.error.code == example.refused)
        if example.names != "d" { #expect(fault?.field == example.names) }
        #expect(fault?.title.contains(example.names ?? "?") == true)
        if example.sender != "server", example.names != "id" {
            #expect(fault?.re == example.frame["id"]?.stringValue)
        }
    }

    private func again<Message: ClientMessage>(
        _ type: Message.Type,
        _ bytes: [UInt8]
    ) throws -> JSON {
        let (envelope, message) = try Message.decode(bytes)
        return try JSON(parsing: message.frame(id: envelope.id))
    }

    /// An example without an empty `d`, which messages without data do not write.
    private func withoutEmpty(_ example: WireExample) -> JSON {
        guard var object = example.frame.objectValue else { return example.frame }
        let optionalOnly = ["sub", "decline", "bot.return"].contains(object["t"]?.stringValue)
        if object["d"] == [:] && !optionalOnly { object["d"] = nil }
        return .object(object)
    }

    /// The server always writes `d`.
    private func withData(_ frame: JSON) -> JSON {
        guard var object = frame.objectValue else { return frame }
        if object["d"] == nil { object["d"] = [:] }
        return .object(object)
    }
}

extension WireTests {
    /// A server's frame, written by the function of its message.
    private func frame(_ envelope: ServerEnvelope, _ message: ServerMessage) -> [UInt8]? {
        durable(envelope, message) ?? ephemeral(envelope, message)
    }

    private func durable(_ envelope: ServerEnvelope, _ message: ServerMessage) -> [UInt8]? {
        guard let c = envelope.c, let s = envelope.s, let p = envelope.p else { return nil }
        return switch message {
        case .msgNew(let d): ServerFrame.msgNew(c: c, s: s, p: p, d)
        case .convUpd(let d): ServerFrame.convUpd(c: c, s: s, p: p, d)
        case .eventNew(let d): ServerFrame.eventNew(c: c, s: s, p: p, d)
        default: nil
        }
    }

    private func ephemeral(_ envelope: ServerEnvelope, _ message: ServerMessage) -> [UInt8]? {
        let re = envelope.re
        let c = envelope.c
        return switch message {
        case .ack(let d): re.map { ServerFrame.ack(re: $0, c: c, d) }
        case .err(let d): ServerFrame.err(re: re, c: c, d)
        case .customerWelcome(let d): ServerFrame.customerWelcome(re: re, d)
        case .agentWelcome(let d): ServerFrame.agentWelcome(re: re, d)
        case .typing(let d): c.map { ServerFrame.typing(c: $0, d) }
        case .read(let d): c.map { ServerFrame.read(c: $0, d) }
        case .queuePos(let d): c.map { ServerFrame.queuePos(c: $0, d) }
        case .formShow(let d): c.map { ServerFrame.formShow(c: $0, d) }
        case .suggest(let d): c.map { ServerFrame.suggest(c: $0, d) }
        case .resync: c.map { ServerFrame.resync(c: $0) }
        case .offer(let d): ServerFrame.offer(d)
        case .offerGone(let d): ServerFrame.offerGone(d)
        case .presence(let d): ServerFrame.presence(d)
        case .inboxDelta(let d): envelope.f.map { ServerFrame.inboxDelta(f: $0, d) }
        case .reconnect(let d): ServerFrame.reconnect(d)
        case .notice(let d): ServerFrame.notice(d)
        case .pong: ServerFrame.pong()
        case .msgNew, .convUpd, .eventNew: nil
        }
    }
}
