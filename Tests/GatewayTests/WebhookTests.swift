import Credentials
import Egress
import Gateway
import JSONCoding
import Model
import Store
import Testing

/// What becomes of deliveries that fail, and how long secrets sign: by a time that tests move.
struct WebhookTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func delivery(at time: Timestamp) -> WebhookDelivery {
        WebhookDelivery(
            id: 1,
            endpoint: 1,
            event: "evt_1",
            body: [],
            state: .pending,
            due: time,
            document: ["type": "message.created", "attempts": []]
        )
    }

    private func answer(_ status: Int, retryAfter: String? = nil) -> IncomingResponse {
        let headers = retryAfter.map { [(name: "retry-after", value: $0)] } ?? []
        return IncomingResponse(status: status, headers: headers, body: [])
    }

    /// Seconds until the next attempt, after one that was answered so.
    private func pause(after response: IncomingResponse) -> Int64? {
        var retry = WebhookRetry(delivery(at: start), at: start)
        #expect(retry.take(.success(response), took: .zero, jitter: 0) == .failed)
        return retry.delivery.due.map { ($0.milliseconds - start.milliseconds) / 1000 }
    }

    @Test func `a receiver is left alone for as long as it asks, up to a day`() {
        #expect(pause(after: answer(503)) == 5)
        #expect(pause(after: answer(503, retryAfter: "7200")) == 7200)
        #expect(pause(after: answer(429, retryAfter: "7200")) == 7200)
        #expect(pause(after: answer(503, retryAfter: "9999999")) == 86_400)
    }

    @Test(arguments: ["0", "1", "-60", "soon", ""])
    func `no answer makes the next attempt come sooner than it would`(retryAfter: String) {
        #expect(pause(after: answer(503, retryAfter: retryAfter)) == 5)
    }

    @Test func `after the tenth attempt it is over, three days after the first`() throws {
        var delivery = delivery(at: start)
        var now = start
        var pauses: [Int64] = []
        for attempt in 1...10 {
            var retry = WebhookRetry(delivery, at: now)
            #expect(retry.take(.failure(.deadline), took: .seconds(20), jitter: 0) == .failed)
            delivery = retry.delivery
            guard attempt < 10 else { break }
            #expect(delivery.state == .pending)
            let due = try #require(delivery.due)
            pauses.append((due.milliseconds - now.milliseconds) / 1000)
            now = due
        }
        #expect(pauses == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
        #expect(delivery.state == .failed && delivery.due == nil)
        #expect(delivery.document["attempts"]?.arrayValue?.count == 10)
        // A replay has all its attempts before it again.
        var again = WebhookRetry(delivery, at: now)
        #expect(again.take(.success(answer(500)), took: .zero, jitter: 0) == .failed)
        #expect(again.delivery.due == now + .seconds(5))
    }

    @Test func `a secret that was replaced signs for a day more, and no longer`() throws {
        let vault = SealedSecrets(SecureRandom.bytes(32))
        var target = WebhookTarget(record: WebhookEndpoint(id: 1, document: [:], secrets: ""))
        func texts(at time: Timestamp) -> [String] {
            target.secrets(vault, at: time).map { "whsec_" + Base64.padded.encode($0) }
        }
        let first = try target.rotate(vault, at: start)
        #expect(texts(at: start + .seconds(90 * 86_400)) == [first])
        let second = try target.rotate(vault, at: start)
        #expect(texts(at: start) == [second, first])
        #expect(texts(at: start + .seconds(86_400)) == [second, first])
        #expect(texts(at: start + .milliseconds(86_400_001)) == [second])
        // Of two changes within a day the last two secrets count.
        let third = try target.rotate(vault, at: start + .seconds(60))
        #expect(texts(at: start + .seconds(60)) == [third, second])
    }
}
