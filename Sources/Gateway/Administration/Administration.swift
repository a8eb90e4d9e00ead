import Credentials
import Desk
import Foundation
import JSONCoding
import Knowledge
import Model
import Store

/// What operators do to a workspace: the same orders whether a server runs or not.
///
/// A command sends its order to the running server's `control.sock`; when none runs it opens the
/// data folder and carries the order out itself. Orders and answers are JSON.
package struct Administration: Sendable {
    /// What has to be taken up by a running server after an order.
    package enum Change: Sendable { case sites, content, agents }

    let store: Store
    private let hasher = PasswordHasher()
    let changed: @Sendable (Change) async -> Void

    /// `changed`: called after an order changed something, before it is answered.
    package init(store: Store, changed: @escaping @Sendable (Change) async -> Void = { _ in }) {
        self.store = store
        self.changed = changed
    }

    /// Carries an order out: an object whose `do` names it.
    package func carryOut(_ order: JSON) async throws(OrderFault) -> JSON {
        do {
            switch order["do"]?.stringValue {
            case "site.add": return try await addSite(order)
            case "site.set": return try await setSite(order)
            case "site.list": return .array(try await store.sites().map(Self.describe))
            case "site.key.add": return try await addKey(order)
            case "site.key.list": return try await listKeys(order)
            case "site.key.remove": return try await removeKey(ofSite: order)
            case "agent.add": return try await addAgent(order)
            case "agent.list": return .array(try await store.agents().map(Self.describe))
            case "key.add": return try await addKeyForProgram(order)
            case "key.list": return .array(try await store.apiKeys().map(Self.describe))
            case "key.remove": return try await removeKey(order)
            case "triage.precision": return try await setPrecision(order)
            case "triage.mode": return try await setMode(order)
            case "triage.changes": return try await listChanges(order)
            case "import.intents": return try await importIntents(order)
            case "import.articles": return try await importArticles(order)
            case "import.workflows": return try await importWorkflows(order)
            case "workflow.list": return try await listWorkflows()
            case "workflow.show": return try await showWorkflow(order)
            case "workflow.remove": return try await removeWorkflow(order)
            default:
                throw OrderFault("this server does not know the order \(order["do"]?.text ?? "")")
            }
        } catch let fault as OrderFault {
            throw fault
        } catch {
            throw OrderFault("\(error)")
        }
    }

    // MARK: - Sites

    private func addSite(_ order: JSON) async throws -> JSON {
        let name = try Self.text(order, "name", limit: 100)
        let origins = try Self.origins(order)
        guard !origins.isEmpty else { throw OrderFault("a site needs at least one --origin") }
        let now = SystemClock().now
        var site = Site(id: .make(at: now), name: name, origins: origins)
        site.greeting = order["greeting"]?.stringValue ?? site.greeting
        site.language = order["language"]?.stringValue ?? site.language
        site.requiresIdentity = order["require_identity"]?.boolValue ?? false
        let secret = SecureRandom.bytes(32)
        let text = Base64.url.encode(secret)
        // Other programs sign with the text as they were given it.
        let key = try IdentityKey(algorithm: .hs256, material: .secret(Array(text.utf8)))
        try await store.addSite(site, keys: [key.document])
        await changed(.sites)
        return [
            "key": .string(site.id.description), "name": .string(name),
            "origins": .array(origins.map(JSON.string)), "identity_secret": .string(text),
        ]
    }

    /// Changes what an order names, and nothing else.
    private func setSite(_ order: JSON) async throws -> JSON {
        var site = try await site(of: order)
        site.name = try Self.text(order, "name", limit: 100, or: site.name)
        site.greeting = try Self.text(order, "greeting", limit: 1000, or: site.greeting)
        site.language = try Self.text(order, "language", limit: 35, or: site.language)
        site.botName = try Self.text(order, "bot_name", limit: 60, or: site.botName)
        if order["colour"] != nil {
            let colour = try Self.text(order, "colour", limit: 7).lowercased()
            guard colour.wholeMatch(of: #/#[0-9a-f]{6}/#) != nil else {
                throw OrderFault("\(colour) is not a colour such as #2f6f5e")
            }
            site.colour = colour
        }
        if order["origins"] != nil {
            site.origins = try Self.origins(order)
            guard !site.origins.isEmpty else {
                throw OrderFault("a site needs at least one --origin")
            }
        }
        site.requiresIdentity = order["require_identity"]?.boolValue ?? site.requiresIdentity
        if let asks = order["asks"]?.arrayValue {
            site.asks = try asks.map { item in
                guard let ask = item.stringValue.flatMap(Site.Question.init(rawValue:)) else {
                    let all = Site.Question.allCases.map(\.rawValue).joined(separator: " or ")
                    throw OrderFault("\(item.text) cannot be asked; what can is \(all)")
                }
                return ask
            }
        }
        if let hours = order["hours"] { site.hours = try Self.hours(hours) }
        try await store.updateSite(site)
        await changed(.sites)
        return Self.describe(site)
    }

    /// Opening hours; null takes them away.
    private static func hours(_ order: JSON) throws(OrderFault) -> OpeningHours? {
        if order == .null { return nil }
        let zone = try text(order, "time_zone", limit: 60)
        guard OpeningHours.isTimeZone(zone) else {
            throw OrderFault("\(zone) is not a time zone such as Europe/Berlin")
        }
        var spans: [OpeningHours.Span] = []
        for item in order["open"]?.arrayValue ?? [] {
            guard let some = item.stringValue.flatMap(OpeningHours.spans) else {
                throw OrderFault("\(item.text) is not hours such as \"mon-fri 09:00-17:30\"")
            }
            spans += some
        }
        let closed = (order["closed_on"]?.arrayValue ?? []).compactMap(\.stringValue)
        for day in closed where day.wholeMatch(of: #/\d{4}-\d{2}-\d{2}/#) == nil {
            throw OrderFault("\(day) is not a day such as 2026-12-25")
        }
        return OpeningHours(
            timeZone: zone,
            spans: spans,
            closedOn: closed,
            text: order["text"]?.stringValue.map { String($0.prefix(200)) }
        )
    }

    private static func text(
        _ order: JSON,
        _ name: String,
        limit: Int,
        or other: String
    ) throws(OrderFault) -> String {
        order[name] == nil ? other : try text(order, name, limit: limit)
    }

    private func site(of order: JSON) async throws -> Site {
        let key = try Self.text(order, "site", limit: 64)
        guard let id = SiteID(key), let site = try await store.site(id) else {
            throw OrderFault("there is no site \(key); list them with: maitred site list")
        }
        return site
    }

    /// Names and algorithms, never the keys themselves.
    private func listKeys(_ order: JSON) async throws -> JSON {
        let site = try await site(of: order)
        return .array(
            try await store.identityKeys(of: site.id).map { key in
                ["kid": key["kid"] ?? .null, "algorithm": key["alg"] ?? .null]
            }
        )
    }

    private func removeKey(ofSite order: JSON) async throws -> JSON {
        let site = try await site(of: order)
        let kid = order["kid"]?.stringValue
        guard try await store.removeIdentityKey(named: kid, of: site.id) else {
            let name = kid ?? "without a name"
            throw OrderFault("the site has no key \(name); list them with: maitred site key list")
        }
        return ["site": .string(site.id.description), "kid": kid.map(JSON.string) ?? .null]
    }

    private func addKey(_ order: JSON) async throws -> JSON {
        let id = try await site(of: order).id
        let name = try Self.text(order, "algorithm", limit: 10)
        guard let algorithm = IdentityKey.Algorithm(rawValue: name) else {
            throw OrderFault("the algorithm must be HS256, RS256 or ES256")
        }
        let kid = order["kid"]?.stringValue
        let material = try Self.text(order, "material", limit: 16_384)
        let identity = try IdentityKey(
            kid: kid,
            algorithm: algorithm,
            material: algorithm == .hs256 ? .secret(Array(material.utf8)) : .pem(material)
        )
        try await store.addIdentityKey(identity.document, to: id)
        return ["site": .string(id.description), "kid": kid.map(JSON.string) ?? .null]
    }

    private static func origins(_ order: JSON) throws(OrderFault) -> [String] {
        var origins: [String] = []
        for item in order["origins"]?.arrayValue ?? [] {
            let text = (item.stringValue ?? "").lowercased()
            guard isOrigin(text) else {
                throw OrderFault("\(text) is not an origin such as https://app.example.com")
            }
            origins.append(text)
        }
        return origins
    }

    private static func isOrigin(_ text: String) -> Bool {
        text.wholeMatch(of: #/https?:\/\/[a-z0-9.\-\[\]:]+/#) != nil
    }

    private static func describe(_ site: Site) -> JSON {
        [
            "key": .string(site.id.description), "name": .string(site.name),
            "origins": .array(site.origins.map(JSON.string)),
            "requires_identity": .bool(site.requiresIdentity),
        ]
    }

    // MARK: - Agents

    private func addAgent(_ order: JSON) async throws -> JSON {
        let email = try Self.text(order, "email", limit: 254).lowercased()
        guard email.wholeMatch(of: #/[^@\s]+@[^@\s]+/#) != nil else {
            throw OrderFault("\(email) is not an email address")
        }
        guard let role = Agent.Role(rawValue: order["role"]?.stringValue ?? "agent") else {
            throw OrderFault("the role must be admin, supervisor or agent")
        }
        let password = try Self.text(order, "password", limit: 1024)
        guard password.count >= 10 else {
            throw OrderFault("the password must have at least 10 characters")
        }
        let agent = Agent(
            id: .make(at: SystemClock().now),
            name: try Self.text(order, "name", limit: 100),
            email: email,
            role: role,
            skills: (order["skills"]?.arrayValue ?? []).compactMap(\.stringValue),
            capacity: order["capacity"]?.intValue ?? 5
        )
        let hash = try await hasher.hash(password).encoded
        guard try await store.addAgent(agent, passwordHash: hash) else {
            throw OrderFault("there is an agent with the address \(email) already")
        }
        await changed(.agents)
        return Self.describe(agent)
    }

    private static func describe(_ agent: Agent) -> JSON {
        [
            "id": .string(agent.id.description), "email": .string(agent.email),
            "name": .string(agent.name), "role": .string(agent.role.rawValue),
            "skills": .array(agent.skills.map(JSON.string)),
            "capacity": .int(Int64(agent.capacity)),
        ]
    }

    // MARK: - Content

    private func importIntents(_ order: JSON) async throws -> JSON {
        let table = try IntentTable(csv: try Self.text(order, "csv", limit: 64 << 20))
        let known = try await store.content().intents
        let merged = table.merged(into: known)
        try await store.saveIntents(merged)
        await changed(.content)
        return [
            "examples": .int(Int64(table.examples.count)), "intents": .int(Int64(merged.count)),
            "new": .int(Int64(merged.count - known.count)),
        ]
    }

    private func importArticles(_ order: JSON) async throws -> JSON {
        // The folder is on the same machine: the command says where, whoever carries it out reads.
        let folder = try Self.text(order, "folder", limit: 4096)
        let articles = try Article.importing(folder: folder)
        try await store.saveArticles(articles)
        await changed(.content)
        return ["articles": .int(Int64(articles.count))]
    }

    static func text(_ order: JSON, _ name: String, limit: Int) throws(OrderFault) -> String {
        guard let text = order[name]?.stringValue, !text.isEmpty else {
            throw OrderFault("\(name) is missing")
        }
        guard text.utf8.count <= limit else {
            throw OrderFault("\(name) may have \(limit) bytes")
        }
        return text
    }
}

/// Why an order was not carried out, and what to do about it: one sentence for the operator.
package struct OrderFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
