// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The tokens that a day may cost, counted in the server's store by UTC days of the server's clock.
///
/// A call reserves what it may cost at most and gives back what it did not: calls side by side
/// cannot all take the last tokens. A process that ends in between leaves its reservations counted.
actor TokenBudget {
    /// What a call may cost, on the day on which it began.
    struct Reservation: Sendable {
        /// Days since 1970.
        fileprivate let day: Int
        fileprivate let tokens: Int
    }

    private static let secondsADay = 86_400

    private let host: Host
    private let limit: Int
    /// The change before: the store has no addition, so changes wait for each other.
    private var last: Task<Void, any Error>?

    /// - Parameters:
    ///   - host: Its clock and store; what a call has cost is counted although the call has ended.
    ///   - limit: Tokens a day; 0 for as many as it takes.
    init(host: Host, limit: Int) {
        self.host = host
        self.limit = limit
    }

    /// Takes tokens from the day; throws when it has none left.
    func reserve(_ tokens: Int) async throws -> Reservation {
        let day = Int(host.now.timeIntervalSince1970) / Self.secondsADay
        try await change(day) { [limit] spent in
            guard limit == 0 || spent < limit else {
                let text =
                    "today's budget of \(limit) tokens is spent (daily_token_budget); "
                    + "the next one begins at 00:00 UTC"
                throw PluginFailure(.temporary, text)
            }
            return spent + tokens
        }
        return Reservation(day: day, tokens: tokens)
    }

    /// Puts what a call has really cost in the place of what it reserved.
    func settle(_ reservation: Reservation, spent tokens: Int) async {
        do {
            try await change(reservation.day) { max(0, $0 - reservation.tokens + tokens) }
        } catch {
            host.log(.warning, "tokens could not be counted", ["reason": "\(error)"])
        }
        // A figure for the operator; the call that it belongs to may have been given up.
        try? await host.outsideCalls.metrics.count("tokens", by: Double(tokens))
    }

    /// Changes a day's count, which ends with the day.
    private func change(
        _ day: Int,
        _ next: @escaping @Sendable (Int) throws -> Int
    ) async throws {
        let end = Double((day + 1) * Self.secondsADay)
        let left = Duration.seconds(end - host.now.timeIntervalSince1970)
        guard left > .zero else { return }
        let store = host.outsideCalls.store
        let task = Task { [last] in
            _ = await last?.result
            let spent = try await store.get("tokens/\(day)").flatMap { Int($0) } ?? 0
            try await store.set("tokens/\(day)", to: String(try next(spent)), for: left)
        }
        last = task
        try await task.value
    }
}
