import Desk
import Model
import Synchronization

/// A device that keeps what it hears, and lets a test wait for something.
package final class Listener: Subscriber {
    private struct Waiter: Sendable {
        var matches: @Sendable (Delivery) -> Bool
        var continuation: CheckedContinuation<Delivery, Never>
    }

    private struct State {
        var heard: [Delivery] = []
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func deliver(_ delivery: Delivery) {
        let woken = state.withLock { state in
            state.heard.append(delivery)
            let woken = state.waiters.filter { $0.matches(delivery) }
            state.waiters.removeAll { $0.matches(delivery) }
            return woken
        }
        for waiter in woken { waiter.continuation.resume(returning: delivery) }
    }

    package var heard: [Delivery] { state.withLock(\.heard) }

    /// The committed events heard, in order.
    package var events: [NumberedEvent] {
        heard.compactMap { delivery in
            if case .event(_, let published) = delivery { return published.content }
            return nil
        }
    }

    /// The texts of messages heard, in order.
    package var texts: [String] {
        events.compactMap { event in
            if case .message(let message) = event.event { return message.text }
            return nil
        }
    }

    /// The first thing heard, now or later, that matches.
    @discardableResult
    package func first(where matches: @escaping @Sendable (Delivery) -> Bool) async -> Delivery {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if let known = state.heard.first(where: matches) { return known as Delivery? }
                state.waiters.append(Waiter(matches: matches, continuation: continuation))
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// The first event heard, now or later, that matches.
    @discardableResult
    package func event(
        where matches: @escaping @Sendable (Event) -> Bool
    ) async -> Event {
        let delivery = await first { delivery in
            if case .event(_, let published) = delivery { return matches(published.content.event) }
            return false
        }
        guard case .event(_, let published) = delivery else {
            preconditionFailure("only events match")
        }
        return published.content.event
    }
}
