import Desk
import JSONCoding
import Model

/// `maitred.conversations/1`, `maitred.contacts/1` and `maitred.events/1`.
extension PluginServices {
    func conversations(_ request: ServiceRequest) async throws -> JSON {
        let access = try access()
        if request.method == "open" { return try await open(request, access) }
        let id = try request.conversation()
        if request.method == "get" { return try await get(id, request, access) }
        let wish = try await wish(request)
        do throws(PluginWishFailure) {
            try await access.carryOut(
                wish,
                in: id,
                for: Message.Origin(plugin: request.grant.id, name: request.grant.name)
            )
        } catch {
            throw Self.fault(error)
        }
        return .null
    }

    private func open(
        _ request: ServiceRequest,
        _ access: any DeskAccess
    ) async throws(ServiceFault) -> JSON {
        try request.require(.post)
        let contact = request.input["contact"]
        let site = request.input["site"]?.stringValue
        let arrival = PluginArrival(
            site: site.flatMap { SiteID($0) },
            email: contact?["email"]?.stringValue.map { String($0.prefix(254)) },
            externalID: contact?["external_id"]?.stringValue.map { String($0.prefix(255)) },
            name: contact?["name"]?.stringValue.map { String($0.prefix(200)) },
            text: try said(request),
            key: try key(request),
            replyTo: try await replyTo(request)
        )
        guard arrival.email != nil || arrival.externalID != nil else {
            throw ServiceFault(.invalid, "contact has neither email nor external_id")
        }
        guard site == nil || arrival.site != nil else {
            throw ServiceFault(.invalid, "site is not a site's key")
        }
        do throws(PluginWishFailure) {
            let id = try await access.open(
                arrival,
                for: Message.Origin(plugin: request.grant.id, name: request.grant.name)
            )
            return ["conversation": .string(id.description)]
        } catch {
            throw Self.fault(error)
        }
    }

    private static func fault(_ failure: PluginWishFailure) -> ServiceFault {
        switch failure {
        case .notFound: ServiceFault(.invalid, "there is no such conversation")
        case .refused(let why): ServiceFault(.invalid, why)
        case .unavailable(let why): ServiceFault(.temporary, why)
        }
    }

    private func wish(_ request: ServiceRequest) async throws(ServiceFault) -> PluginWish {
        let input = request.input
        switch request.method {
        case "note":
            try request.require(.note)
            return .note(text: try said(request), key: input["id"]?.stringValue)
        case "message":
            try request.require(.message)
            return .message(text: try said(request), key: try key(request))
        case "reply":
            try request.require(.reply)
            return .reply(
                text: try said(request),
                agentEmail: try request.text("agent_email", limit: 254),
                key: try key(request)
            )
        case "post":
            try request.require(.post)
            return .post(
                text: try said(request),
                key: try key(request),
                replyTo: try await replyTo(request)
            )
        case "tag":
            try request.require(.tag)
            return .tag(add: try tags("add", request), remove: try tags("remove", request))
        case "facts":
            try request.require(.facts)
            guard let facts = input["facts"]?.objectValue, EnrichResult.areFacts(facts) else {
                throw ServiceFault(.invalid, "facts is not a short object of plain values")
            }
            let title = input["title"]?.stringValue ?? request.grant.name
            return .facts(title: String(title.prefix(100)), facts)
        default:
            throw ServiceFault(
                .unsupported,
                "conversations has get, open, note, message, reply, post, tag and facts"
            )
        }
    }

    /// Where answers to a customer's message go.
    ///
    /// Whoever delivers them begins to read the log before there can be any.
    private func replyTo(_ request: ServiceRequest) async throws(ServiceFault) -> String? {
        guard request.input["reply_to"].map({ $0 != .null }) ?? false else { return nil }
        let address = try request.text("reply_to", limit: 500)
        guard !address.isEmpty else { throw ServiceFault(.invalid, "reply_to is empty") }
        do throws(LogFailure) {
            _ = try await state.begin(PluginFeed.channel.reader(of: request.grant.id))
        } catch {
            throw ServiceFault(.temporary, "nothing can be stored now")
        }
        return address
    }

    private func said(_ request: ServiceRequest) throws(ServiceFault) -> String {
        let text = try request.text("text", limit: 32_000)
        guard !text.isEmpty, text.count <= 8000 else {
            throw ServiceFault(.invalid, "text is not from 1 to 8000 characters")
        }
        return text
    }

    private func key(_ request: ServiceRequest) throws(ServiceFault) -> String {
        let key = try request.text("id", limit: 200)
        guard key.utf8.count >= 8 else {
            throw ServiceFault(.invalid, "id is shorter than 8 characters")
        }
        return key
    }

    private func tags(_ name: String, _ request: ServiceRequest) throws(ServiceFault) -> [String] {
        let tags = request.input[name]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard tags.count <= 20, tags.allSatisfy({ (1...100).contains($0.utf8.count) }) else {
            throw ServiceFault(.invalid, "\(name) is not a list of at most 20 short texts")
        }
        return tags
    }

    private func get(
        _ id: ConversationID,
        _ request: ServiceRequest,
        _ access: any DeskAccess
    ) async throws -> JSON {
        try request.require(.meta)
        let wanted = min(max(request.input["limit"]?.intValue ?? 20, 0), 100)
        let mayRead = request.grant.permissions.read
        let summary = try await access.summary(
            of: id,
            messages: mayRead.contains(.messages) ? wanted : 0
        )
        guard let summary else { throw ServiceFault(.invalid, "there is no such conversation") }
        return [
            "id": .string(id.description), "status": .string(summary.status),
            "contact": summary.contact.json(for: mayRead),
            "page": mayRead.contains(.page)
                ? summary.page.map { .string($0.path) } ?? .null : .null,
            "tags": .array(summary.tags.map(JSON.string)),
            "url": .string(access.url(of: id)),
            "messages": .array(
                summary.messages.map { message in
                    [
                        "from": .string(message.author.kind),
                        "name": message.speaker(for: mayRead).map(JSON.string) ?? .null,
                        "text": .string(message.text), "at": .int(message.at.milliseconds),
                    ]
                }
            ),
        ]
    }

    func contacts(_ request: ServiceRequest) async throws -> JSON {
        guard !request.grant.permissions.read.isEmpty else {
            throw ServiceFault(.denied, "the manifest does not ask to read contacts")
        }
        var query = ContactQuery()
        switch request.method {
        case "get":
            guard let id = ContactID(try request.text("id")) else {
                throw ServiceFault(.invalid, "id is not a contact's id")
            }
            query.id = id
        case "find":
            query.email = request.input["email"]?.stringValue
            query.externalID = request.input["external_id"]?.stringValue
            if query.email != nil { try request.require(.contactEmail) }
            if query.externalID != nil { try request.require(.contactExternalID) }
            guard query.email != nil || query.externalID != nil else {
                throw ServiceFault(.invalid, "email or external_id is missing")
            }
        default: throw ServiceFault(.unsupported, "contacts has get and find")
        }
        let found = try await access().contacts(query)
        return ["contacts": .array(found.map { $0.json(for: request.grant.permissions.read) })]
    }

    func events(_ request: ServiceRequest) async throws -> JSON {
        guard request.method == "read" else {
            throw ServiceFault(.unsupported, "events has the method read")
        }
        try request.require(.meta)
        let after = Int64(request.input["after"]?.intValue ?? 0)
        let limit = min(max(request.input["limit"]?.intValue ?? 100, 1), 500)
        let page = try await state.happenings(after: after, limit: limit)
        let access = try access()
        let told = page.items.compactMap { item in
            Announcement(item)?.json(
                for: request.grant.permissions.read,
                url: access.url(of: item.conversation),
                nil
            )
        }
        return ["events": .array(told), "position": .int(page.upTo)]
    }
}

extension Announcement {
    /// As a plugin is told of it: without what it may not read.
    func json(
        for permissions: Set<PluginManifest.Permissions.Read>,
        url: String?,
        _ contact: JSON?
    ) -> JSON {
        var data = data
        if !permissions.contains(.messages) { data["text"] = nil }
        if !permissions.contains(.contactEmail) { data["email"] = nil }
        for role in ["from", "by"] where !permissions.contains(.contactName) {
            guard var who = data[role]?.objectValue, who["kind"]?.stringValue == "customer" else {
                continue
            }
            who["name"] = nil
            data[role] = .object(who)
        }
        var json = json(url: url, contact).objectValue ?? [:]
        json["data"] = .object(data)
        return .object(json)
    }
}

extension Contact {
    /// What a plugin may know of it.
    func json(for permissions: Set<PluginManifest.Permissions.Read>) -> JSON {
        // Who the site has vouched for has an id of the site's; an address alone anybody can type.
        var json: JSON.Object = [
            "id": .string(id.description), "verified": .bool(externalID != nil),
        ]
        if permissions.contains(.contactName) { json["name"] = name.map(JSON.string) }
        if permissions.contains(.contactEmail) { json["email"] = email.map(JSON.string) }
        if permissions.contains(.contactExternalID) {
            json["external_id"] = externalID.map(JSON.string)
        }
        return .object(json)
    }
}

extension Message {
    /// The name of whoever said it, where it is known and the plugin's to know.
    func speaker(for permissions: Set<PluginManifest.Permissions.Read>) -> String? {
        switch author {
        case .customer(_, let name): permissions.contains(.contactName) ? name : nil
        case .bot(let name), .agent(_, let name): name
        case .system: origin?.name
        }
    }
}
