import Egress
import JSONCoding
import Model
import Store

/// What follows from an attempt; pure, for time comes in.
package struct WebhookRetry {
    package enum Verdict: Equatable {
        case delivered
        /// It is tried again later, or was given up.
        case failed
        /// The receiver wants nothing more.
        case gone
    }

    private static let attemptsKept = 20
    package private(set) var delivery: WebhookDelivery
    private let now: Timestamp

    package init(_ delivery: WebhookDelivery, at now: Timestamp) {
        self.delivery = delivery
        self.now = now
    }

    /// Takes an outcome in.
    ///
    /// - Parameters:
    ///   - outcome: The response, or why there is none.
    ///   - duration: How long it took.
    ///   - jitter: From 0 to 1: up to a fifth is added to the pause.
    /// - Returns: What it means.
    package mutating func take(
        _ outcome: Result<IncomingResponse, EgressFailure>,
        took duration: Duration,
        jitter: Double = .random(in: 0...1)
    ) -> Verdict {
        note(outcome, duration)
        switch outcome {
        case .success(let response) where (200..<300).contains(response.status):
            end(.delivered)
            return .delivered
        case .success(let response) where response.status == 410:
            end(.failed)
            return .gone
        default: break
        }
        let made = delivery.document["made"]?.intValue ?? 0
        guard made < Webhooks.pauses.count else {
            end(.failed)
            return .failed
        }
        var seconds = Double(Webhooks.pauses[made]) * (1 + 0.2 * jitter)
        if case .success(let response) = outcome, let asked = response.retryAfter {
            seconds = max(seconds, Double(min(max(asked, 0), 86_400)))
        }
        delivery.due = now + .milliseconds(Int64(seconds * 1000))
        return .failed
    }

    private mutating func end(_ state: WebhookDelivery.State) {
        delivery.state = state
        delivery.due = nil
        // A replay begins anew.
        delivery.document["made"] = 0
    }

    private mutating func note(
        _ outcome: Result<IncomingResponse, EgressFailure>,
        _ duration: Duration
    ) {
        var attempt: JSON.Object = [
            "at": .int(now.milliseconds), "ms": .int(Int64(duration / .milliseconds(1))),
        ]
        switch outcome {
        case .success(let response):
            attempt["status"] = .int(Int64(response.status))
            let words = String(decoding: response.body.prefix(200), as: UTF8.self)
            if response.status >= 300, !words.isEmpty { attempt["body"] = .string(words) }
        case .failure(let failure): attempt["error"] = .string("\(failure)")
        }
        let attempts = (delivery.document["attempts"]?.arrayValue ?? []) + [.object(attempt)]
        delivery.document["attempts"] = .array(Array(attempts.suffix(Self.attemptsKept)))
        let made = delivery.document["made"]?.intValue ?? 0
        delivery.document["made"] = .int(Int64(made + 1))
    }
}
