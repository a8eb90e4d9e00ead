import JSONCoding
import Synchronization

/// How fast one plugin may ask the server: what it asks too fast waits, so that its own questions wait
/// and nobody else's.
///
/// Each question has a price in time; a plugin may be a few seconds ahead of its time, no more (the
/// generic cell rate algorithm).
final class QuestionPace: Sendable {
    /// How far ahead a plugin may be.
    private static let credit: Duration = .seconds(2)
    /// Writing to the disk that conversations are on, for each megabyte.
    private static let megabyte: Duration = .seconds(1)

    private let clock = ContinuousClock()
    /// Up to when each plugin's questions are paid.
    private let paid = Mutex<[String: ContinuousClock.Instant]>([:])

    /// Waits until a question is due; throws when it is given up meanwhile.
    func wait(for request: ServiceRequest) async throws {
        let now = clock.now
        let due = paid.withLock { paid in
            let start = max(paid[request.grant.id] ?? now, now)
            paid[request.grant.id] = start + Self.price(of: request)
            return start - Self.credit
        }
        if due > now { try await clock.sleep(until: due) }
    }

    private static func price(of request: ServiceRequest) -> Duration {
        switch (request.service, request.method) {
        case ("kv", "set"), ("kv", "add"):
            let bytes = request.input["value"]?.stringValue?.utf8.count ?? 0
            return .milliseconds(5) + megabyte * (Double(bytes) / 1_048_576)
        case ("kv", "delete"), ("schedule", _): return .milliseconds(5)
        case ("kv", _), ("metrics", _): return .milliseconds(1)
        // Reads a stretch of the log.
        case ("events", _): return .milliseconds(50)
        case ("conversations", "get"), ("contacts", _): return .milliseconds(5)
        case ("conversations", _): return .milliseconds(20)
        default: return .milliseconds(2)
        }
    }
}
