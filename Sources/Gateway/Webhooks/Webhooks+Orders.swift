import Credentials
import Desk
import Egress
import JSONCoding
import Model
import Store

/// What owners of endpoints do: the console's page and the command line are faces of it.
extension Webhooks {
    private static let endpointLimit = 50

    func list() async throws -> [JSON] { try await endpoints().map { .object($0.json) } }

    /// Enters an endpoint; the answer has its secret, which is not shown again.
    func add(_ order: JSON) async throws -> JSON {
        guard try await endpoints().count < Self.endpointLimit else {
            throw OrderFault("there are \(Self.endpointLimit) endpoints already")
        }
        let now = clock.now
        var target = WebhookTarget(
            record: WebhookEndpoint(
                id: 0,
                document: ["created_at": .string(now.description)],
                secrets: ""
            )
        )
        try Self.change(&target, order)
        guard !target.url.isEmpty else { throw OrderFault("url is missing") }
        let secret = try target.rotate(vault, at: now)
        target.since = try await store.position()
        target.record.id = try await store.keep(target.record)
        var json = target.json
        json["secret"] = .string(secret)
        return .object(json)
    }

    func change(_ id: String, _ order: JSON) async throws -> JSON {
        var target = try await target(id)
        try Self.change(&target, order)
        if target.isEnabled { target.disabledBecause = nil }
        _ = try await store.keep(target.record)
        if !target.isEnabled { try await store.cancelWebhookDeliveries(to: target.id) }
        return .object(target.json)
    }

    func remove(_ id: String) async throws {
        try await store.removeWebhookEndpoint(try await target(id).id)
    }

    /// Makes a new secret; the old one signs as well for a day.
    func rotate(_ id: String) async throws -> JSON {
        var target = try await target(id)
        let secret = try target.rotate(vault, at: clock.now)
        _ = try await store.keep(target.record)
        return [
            "id": .string(target.publicID), "secret": .string(secret),
            "old_until": .string((clock.now + WebhookTarget.overlap).description),
        ]
    }

    func deliveries(
        of id: String,
        state: String?,
        before: Int64?,
        limit: Int
    ) async throws -> [JSON] {
        let wanted = state.flatMap(WebhookDelivery.State.init(rawValue:))
        if state != nil, wanted == nil {
            throw OrderFault("state is one of pending, delivered, failed, cancelled")
        }
        return try await store.webhookDeliveries(
            to: try await target(id).id,
            state: wanted,
            before: before,
            limit: limit
        ).map(Self.json)
    }

    /// Has one delivery sent again at once, whatever came of it.
    func replay(_ delivery: Int64, of id: String) async throws -> JSON {
        let target = try await target(id)
        guard var kept = try await store.webhookDelivery(delivery), kept.endpoint == target.id
        else { throw OrderFault("there is no such delivery") }
        kept.state = .pending
        kept.due = clock.now
        kept.document["made"] = 0
        try await store.settle(kept)
        return Self.json(kept)
    }

    /// Has everything that failed since a time sent again.
    func replayFailed(of id: String, since time: Timestamp) async throws -> Int {
        try await store.replayWebhookDeliveries(
            to: try await target(id).id,
            since: time,
            at: clock.now
        )
    }

    /// Sends a test event.
    func test(_ id: String) async throws -> JSON {
        let target = try await target(id)
        let event = "evt_test_\(SecureRandom.word(16))"
        let delivery = delivery(
            event,
            "webhook.test",
            WebhookBody(testAt: clock.now).bytes,
            to: target.id
        )
        let end = try await store.position()
        let place = try await store.place(of: Self.reader) ?? end
        try await store.enter([delivery], reader: Self.reader, upTo: place)
        return ["event": .string(event)]
    }

    private func target(_ id: String) async throws -> WebhookTarget {
        guard let number = WebhookTarget.id(id),
            let target = try await endpoints().first(where: { $0.id == number })
        else { throw OrderFault("there is no endpoint \(id.prefix(40))") }
        return target
    }

    private static func change(_ target: inout WebhookTarget, _ order: JSON) throws {
        if let url = order["url"] {
            guard let text = url.stringValue, text.utf8.count <= 2000,
                text.hasPrefix("https://") || text.hasPrefix("http://")
            else { throw OrderFault("url is not a web address") }
            target.url = text
        }
        if let types = order["types"] {
            let list = types.arrayValue?.compactMap(\.stringValue) ?? []
            for type in list where !Announcement.types.contains(type) {
                throw OrderFault(
                    "\(type.prefix(60)) is not one of \(Announcement.types.joined(separator: ", "))"
                )
            }
            target.types = list
        }
        if let enabled = order["enabled"]?.boolValue { target.isEnabled = enabled }
        if let flag = order["allows_private_network"]?.boolValue {
            target.allowsPrivateNetwork = flag
        }
        if let text = order["description"]?.stringValue {
            target.record.document["description"] = .string(String(text.prefix(200)))
        }
        do throws(EgressFailure) {
            if !target.url.isEmpty { try AllowList([target.pattern]).check(target.url) }
        } catch {
            throw OrderFault("url cannot be asked: \(error)")
        }
    }

    private static func json(_ delivery: WebhookDelivery) -> JSON {
        var json = delivery.document
        json["id"] = .int(delivery.id)
        json["event"] = .string(delivery.event)
        json["state"] = .string(delivery.state.rawValue)
        json["due"] = delivery.due.map { .string($0.description) }
        json["body"] = .string(String(decoding: delivery.body, as: UTF8.self))
        json["made"] = nil
        return .object(json)
    }
}
