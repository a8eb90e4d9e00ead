import Credentials
import Desk
import Egress
import JSONCoding
import Logging
import Model
import Store

/// Outgoing webhooks, as Standard Webhooks 1.0 has them: other programs are told what happens, signed,
/// at least once, again for days while they cannot take it.
///
/// A reader of the log with a place of its own enters a delivery for each endpoint that wants an event,
/// in the transaction that moves the place; a sender works deliveries off as they come due. A crash
/// repeats at most an attempt.
///
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
package final class Webhooks: Sendable {
    static let reader = "webhooks"
    /// Seconds before each attempt.
    static let pauses: [Int64] = [
        0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
    ]
    private static let batch = 200
    private static let atOnce = 16
    private static let timeout: Duration = .seconds(20)
    /// How long what came to an end is kept for the page.
    private static let memory: Duration = .seconds(30 * 86_400)
    private static let answerLimit = 64 << 10

    let store: Store
    let clock: any WallClock
    let vault: SealedSecrets
    private let egress: Egress
    private let consoleURL: String
    private let logger = Logger(label: "maitred.webhooks")

    /// - Parameters:
    ///   - store: Where endpoints and deliveries are kept.
    ///   - egress: What sends.
    ///   - vault: Seals the endpoints' secrets.
    ///   - consoleURL: Where the team's pages are, without a slash at the end.
    ///   - clock: What time it is.
    package init(
        store: Store,
        egress: Egress,
        vault: SealedSecrets,
        consoleURL: String,
        clock: any WallClock = SystemClock()
    ) {
        self.store = store
        self.egress = egress
        self.vault = vault
        self.consoleURL = consoleURL
        self.clock = clock
    }

    /// Enters and sends; returns on cancellation.
    package func run() async {
        await withTaskGroup { group in
            group.addTask {
                await self.repeatedly(.milliseconds(200)) { try await self.enterNew() }
            }
            group.addTask { await self.repeatedly(.milliseconds(200)) { try await self.sendDue() } }
            group.addTask {
                await self.repeatedly(.seconds(3600)) {
                    let end = self.clock.now + (.zero - Self.memory)
                    try await self.store.forgetWebhookDeliveries(before: end)
                    return false
                }
            }
        }
    }

    /// Does something again at once while it finds work, else after a pause.
    private func repeatedly(
        _ pause: Duration,
        _ body: @Sendable () async throws -> Bool
    ) async {
        while !Task.isCancelled {
            do {
                if try await body() { continue }
            } catch {
                logger.warning("webhooks wait", metadata: ["reason": "\(error)"])
            }
            try? await Task.sleep(for: pause)
        }
    }

    // MARK: - Entering

    /// Enters deliveries for what is new in the log; false when nothing was.
    func enterNew() async throws -> Bool {
        let endpoints = try await endpoints().filter(\.isEnabled)
        let end = try await store.position()
        // Nobody listens: an endpoint added later hears of what happens from then on.
        guard !endpoints.isEmpty else {
            try await store.enter([], reader: Self.reader, upTo: end)
            try? await Task.sleep(for: .seconds(1))
            return false
        }
        let place = try await store.place(of: Self.reader) ?? end
        let page = try await store.happenings(after: place, limit: Self.batch)
        guard page.upTo > place else { return false }
        var deliveries: [WebhookDelivery] = []
        for item in page.items {
            guard let announcement = Announcement(item) else { continue }
            let wanting = endpoints.filter {
                $0.wants(announcement.type) && $0.since < item.position
            }
            if wanting.isEmpty { continue }
            let body = WebhookBody(announcement, contact: try await contact(of: item), consoleURL)
            deliveries += wanting.map { endpoint in
                delivery(announcement.id, announcement.type, body.bytes, to: endpoint.id)
            }
        }
        try await store.enter(deliveries, reader: Self.reader, upTo: page.upTo)
        return true
    }

    func delivery(
        _ event: String,
        _ type: String,
        _ body: [UInt8],
        to endpoint: Int64
    ) -> WebhookDelivery {
        let now = clock.now
        return WebhookDelivery(
            id: 0,
            endpoint: endpoint,
            event: event,
            body: body,
            state: .pending,
            due: now,
            document: ["type": .string(type), "at": .int(now.milliseconds), "attempts": []]
        )
    }

    private func contact(of item: HappeningPage.Item) async throws -> Contact? {
        guard let row = try await store.row(of: item.conversation) else { return nil }
        return try await store.contact(row.contact)
    }

    // MARK: - Sending

    /// Sends what is due, to each endpoint one after another; false when nothing was.
    func sendDue() async throws -> Bool {
        let due = try await store.webhookDeliveries(dueAt: clock.now, limit: Self.batch)
        if due.isEmpty { return false }
        let endpoints = Dictionary(uniqueKeysWithValues: try await endpoints().map { ($0.id, $0) })
        let queues = Dictionary(grouping: due, by: \.endpoint)
        await withTaskGroup(of: Void.self) { group in
            for (index, (id, deliveries)) in queues.enumerated() {
                if index >= Self.atOnce { await group.next() }
                group.addTask {
                    for delivery in deliveries {
                        guard await self.attempt(delivery, to: endpoints[id]) else { break }
                    }
                }
            }
        }
        return true
    }

    /// One attempt; false when the others to this endpoint had better wait.
    private func attempt(
        _ delivery: WebhookDelivery,
        to endpoint: WebhookTarget?
    ) async -> Bool {
        guard var endpoint, endpoint.isEnabled else {
            var delivery = delivery
            delivery.state = .cancelled
            delivery.due = nil
            try? await store.settle(delivery)
            return true
        }
        let began = ContinuousClock.now
        let outcome = await send(delivery, to: endpoint)
        var settled = WebhookRetry(delivery, at: clock.now)
        let result = settled.take(outcome, took: ContinuousClock.now - began)
        do {
            try await store.settle(settled.delivery)
            if result == .gone {
                endpoint.isEnabled = false
                endpoint.disabledBecause = "it answered 410 Gone"
                _ = try await store.keep(endpoint.record)
                try await store.cancelWebhookDeliveries(to: endpoint.id)
            }
        } catch {
            logger.error("what came of a webhook was not kept", metadata: ["reason": "\(error)"])
        }
        return result == .delivered
    }

    private func send(
        _ delivery: WebhookDelivery,
        to endpoint: WebhookTarget
    ) async -> Result<IncomingResponse, EgressFailure> {
        let now = clock.now
        let seconds = now.milliseconds / 1000
        let signature = WebhookSigner(endpoint.secrets(vault, at: now)).sign(
            id: delivery.event,
            seconds: seconds,
            delivery.body
        )
        let request = OutgoingRequest(
            "POST",
            endpoint.url,
            headers: [
                ("content-type", "application/json"), ("webhook-id", delivery.event),
                ("webhook-timestamp", String(seconds)), ("webhook-signature", signature),
            ],
            body: delivery.body
        )
        do throws(EgressFailure) {
            let list = try AllowList(
                [endpoint.pattern],
                allowsPrivateAddresses: endpoint.allowsPrivateNetwork
            )
            return .success(
                try await egress.send(
                    request,
                    allowing: list,
                    deadline: Self.timeout,
                    limit: Self.answerLimit
                )
            )
        } catch {
            return .failure(error)
        }
    }

    // MARK: - Endpoints

    func endpoints() async throws(LogFailure) -> [WebhookTarget] {
        try await store.webhookEndpoints().map(WebhookTarget.init)
    }
}
