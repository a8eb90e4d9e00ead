import Gateway
import HTTPTypes
import JSONCoding
import MaitredTesting
import Model
import Synchronization
import Transport

/// What is in an office for requests to be about: Ada's, and a little of Bob's.
///
/// In requests, `$c` is Ada's conversation and `$o` Bob's, `$m` her message, `$u` and `$f` the upload and
/// the file it will be, `$w` a webhook, `$t` the site, `$A` an agent.
struct Belongings: Sendable {
    /// In Ada's message and in her file, and nowhere else.
    private static let words = "wholly unheard-of pelican"
    private static let kept = Mutex<(office: ObjectIdentifier, things: Belongings)?>(nil)

    private let office: Office
    private let ada: Office.Visitor
    private let bob: Office.Visitor
    private let names: [Character: String]

    /// What is in an office, put there before its first request.
    static func of(_ office: Office) async -> Belongings {
        let known = kept.withLock(\.self)
        if let known, known.office == ObjectIdentifier(office) { return known.things }
        let things = await Belongings(office)
        kept.withLock { $0 = (ObjectIdentifier(office), things) }
        return things
    }

    private init(_ office: Office) async {
        self.office = office
        ada = await office.visitor()
        bob = await office.visitor()
        let hers = await Self.conversation(of: ada, in: office)
        let his = await Self.conversation(of: bob, in: office, saying: "hello")
        let upload = await Self.upload(by: ada, in: office)
        let webhook = await office.ask(
            .post,
            "/v1/webhooks",
            office.team[2].headers,
            ["url": "https://example.com/hook", "types": ["message.created"]]
        )
        names = [
            "c": hers.c, "m": hers.m, "o": his.c, "u": upload,
            "f": upload.replacing("upl_", with: "fil_"), "w": webhook["id"]?.stringValue ?? "",
            "t": office.server.site, "A": office.team[0].id.description,
        ]
        Fuzz.hold(!names.values.contains(""), "something is missing: \(names)")
    }

    private static func conversation(
        of visitor: Office.Visitor,
        in office: Office,
        saying text: String = words
    ) async -> (c: String, m: String) {
        let connection = office.server.connect(from: LoopbackServer.origin)
        let frames: [JSON] = [
            ["t": "hello", "id": "1", "d": ["token": .string(visitor.token)]],
            ["t": "msg.send", "id": "2", "d": ["cid": "cid-of-a-text", "text": .string(text)]],
        ]
        for frame in frames {
            connection.say(frame)
            await connection.wait { $0["re"] == frame["id"] }
        }
        let ack = connection.frames.first { $0["re"]?.stringValue == "2" }
        connection.hangUp()
        return (ack?["c"]?.stringValue ?? "", ack?["d"]?["m"]?.stringValue ?? "")
    }

    private static func upload(by visitor: Office.Visitor, in office: Office) async -> String {
        let response = await office.server.respond(
            to: Request(
                method: .post,
                path: "/v1/uploads",
                query: [QueryItem(name: "name", value: "a.txt")],
                headers: visitor.headers,
                body: Array(words.utf8)
            )
        )
        return (try? JSON(parsing: response.body))?["upload_id"]?.stringValue ?? ""
    }

    /// A text with the names in it replaced.
    func filled(_ text: String) -> String {
        guard text.contains("$") else { return text }
        return names.reduce(text) { text, name in
            text.replacing("$\(name.key)", with: name.value)
        }
    }

    /// What somebody sends along: `a` and `b` are Ada and Bob, `A`, `S` and `R` an agent, a supervisor and
    /// an admin, `n` and `f` the admin without proof and from a foreign page, `k` a program.
    func headers(of who: UInt8) -> HTTPFields {
        var admin = office.team[2].headers
        switch Character(Unicode.Scalar(who)) {
        case "a": return ada.headers
        case "b": return bob.headers
        case "A": return office.team[0].headers
        case "S": return office.team[1].headers
        case "R": return admin
        case "n":
            if let name = HTTPField.Name("X-CSRF-Token") { admin[name] = nil }
            return admin
        case "f":
            admin[.origin] = "https://evil.example"
            return admin
        case "k": return [.authorization: "Bearer \(office.key)"]
        default: return [:]
        }
    }

    func mayBeShown(to who: UInt8) -> Bool { "aASRnf".utf8.contains(who) }

    func areShown(by response: Response) -> Bool {
        String(decoding: response.body, as: UTF8.self).contains(Self.words)
    }
}
