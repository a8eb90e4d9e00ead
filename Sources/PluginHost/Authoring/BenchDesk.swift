import Desk
import JSONCoding
import Model
import Synchronization

/// Conversations of the bench: what its user enters, and a record of what the plugin does to them.
final class BenchDesk: DeskAccess {
    private struct State {
        var conversations: [ConversationID: JSON] = [:]
        var contacts: [JSON] = []
        var keys: Set<String> = []
    }

    private let state = Mutex(State())
    private let tell: @Sendable (_ method: String, JSON) -> Void

    /// - Parameter tell: Is told of everything the plugin does.
    init(tell: @escaping @Sendable (_ method: String, JSON) -> Void) { self.tell = tell }

    /// Enters a conversation; ids that are none of ours get one that is the same every time.
    func enter(conversation json: JSON) {
        guard let name = json["id"]?.stringValue else { return }
        state.withLock { $0.conversations[Self.id(name)] = json }
    }

    func enter(contact json: JSON) { state.withLock { $0.contacts.append(json) } }

    /// The id behind a short name such as `cnv_1`.
    static func id(_ name: String) -> ConversationID {
        if let id = ConversationID(name) { return id }
        let number = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")
        var text = ""
        var rest = number
        for _ in 0..<13 {
            text.append(digits[Int(rest & 31)])
            rest >>= 5
        }
        return ConversationID("cnv_01kaj000000" + String(text.prefix(15)).padded(to: 15))
            ?? .make(at: Timestamp(milliseconds: 0))
    }

    // MARK: - Access

    func summary(of id: ConversationID, messages: Int) -> ConversationSummary? {
        guard let json = state.withLock({ $0.conversations[id] }) else { return nil }
        let said = json["messages"]?.arrayValue ?? []
        return ConversationSummary(
            id: id,
            status: json["status"]?.stringValue ?? "bot",
            contact: Self.contact(json["contact"] ?? .object([:])),
            page: json["page"]?.stringValue.map { PageContext(number: 0, path: $0) },
            tags: json["tags"]?.arrayValue?.compactMap(\.stringValue) ?? [],
            messages: said.suffix(messages).map(Self.message)
        )
    }

    func carryOut(
        _ wish: PluginWish,
        in id: ConversationID,
        for plugin: Message.Origin
    ) async throws(PluginWishFailure) {
        guard let known = state.withLock({ $0.conversations[id] }) else { throw .notFound }
        var (method, input, key) = Self.told(wish)
        input["conversation"] = known["id"]
        if let key {
            input["id"] = .string(key)
            let isNew = state.withLock { $0.keys.insert("\(id) \(key)").inserted }
            guard isNew else { return }
        }
        tell("conversations.\(method)", .object(input))
    }

    private static func told(_ wish: PluginWish) -> (String, JSON.Object, key: String?) {
        switch wish {
        case .note(let text, let key): ("note", ["text": .string(text)], key)
        case .message(let text, let key): ("message", ["text": .string(text)], key)
        case .post(let text, let key, let replyTo):
            ("post", Self.posted(text, replyTo), key)
        case .reply(let text, let email, let key):
            ("reply", ["text": .string(text), "agent_email": .string(email)], key)
        case .tag(let add, let remove):
            (
                "tag",
                [
                    "add": .array(add.map(JSON.string)),
                    "remove": .array(remove.map(JSON.string)),
                ], nil
            )
        case .facts(let title, let facts):
            ("facts", ["title": .string(title), "facts": .object(facts)], nil)
        }
    }

    private static func posted(_ text: String, _ replyTo: String?) -> JSON.Object {
        var input: JSON.Object = ["text": .string(text)]
        input["reply_to"] = replyTo.map(JSON.string)
        return input
    }

    func open(
        _ arrival: PluginArrival,
        for plugin: Message.Origin
    ) -> ConversationID {
        let id = Self.id("opened \(arrival.key)")
        var contact: JSON.Object = [:]
        contact["email"] = arrival.email.map(JSON.string)
        contact["external_id"] = arrival.externalID.map(JSON.string)
        contact["name"] = arrival.name.map(JSON.string)
        let isNew = state.withLock { state in
            let isNew = state.conversations[id] == nil
            state.conversations[id] = [
                "id": .string(id.description), "contact": .object(contact),
            ]
            return isNew
        }
        if isNew {
            var input = Self.posted(arrival.text, arrival.replyTo)
            input["contact"] = .object(contact)
            input["id"] = .string(arrival.key)
            tell("conversations.open", .object(input))
        }
        return id
    }

    func record(_ act: Event.Act, in id: ConversationID) {}

    func contacts(_ query: ContactQuery) -> [Contact] {
        state.withLock(\.contacts).map(Self.contact).filter { contact in
            if let id = query.id { return contact.id == id }
            if let email = query.email {
                return contact.email?.lowercased() == email.lowercased()
            }
            return contact.externalID == query.externalID
        }
    }

    func url(of id: ConversationID) -> String { "http://127.0.0.1/console/#\(id)" }

    // MARK: - Reading what was entered

    private static func contact(_ json: JSON) -> Contact {
        let time = Timestamp(milliseconds: 0)
        return Contact(
            id: json["id"]?.stringValue.flatMap { ContactID($0) } ?? .make(at: time),
            site: .make(at: time),
            name: json["name"]?.stringValue,
            email: json["email"]?.stringValue,
            externalID: json["external_id"]?.stringValue,
            createdAt: time
        )
    }

    private static func message(_ json: JSON) -> Message {
        let time = Timestamp(milliseconds: Int64(json["at"]?.intValue ?? 0))
        let name = json["name"]?.stringValue
        let author: Author =
            switch json["from"]?.stringValue {
            case "bot": .bot(name: name ?? "Assistant")
            case "agent": .agent(.make(at: time), name: name ?? "Agent")
            case "system": .system
            default: .customer(.make(at: time), name: name)
            }
        let text = json["text"]?.stringValue ?? ""
        return Message(id: .make(at: time), author: author, text: text, at: time)
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: "0", count: Swift.max(0, length - count))
    }
}
