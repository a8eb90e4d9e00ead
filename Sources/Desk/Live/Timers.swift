import Model
import Synchronization

/// Wakes conversations at the times they are owed something.
///
/// One pending time per conversation and kind; setting it again replaces it. Run ``run(_:)`` once.
package final class Timers: Sendable {
    package struct Key: Hashable, Sendable {
        package var conversation: ConversationID
        package var kind: Obligation.Kind
    }

    private struct State {
        var due: [Key: Timestamp] = [:]
        var heap = TimerHeap()
        var sleeper: Task<Void, any Error>?
    }

    private let state = Mutex(State())
    private let clock: any WallClock

    package init(clock: any WallClock) { self.clock = clock }

    /// Sets or, with nil, clears the time for a conversation and kind.
    ///
    /// Any thread.
    ///
    /// `keepingEarlier`: an earlier time that is set already stays, for what may come due
    /// too early without harm: a time that only ever moves on would fill the heap.
    package func set(
        _ kind: Obligation.Kind,
        of conversation: ConversationID,
        to time: Timestamp?,
        keepingEarlier: Bool = false
    ) {
        let key = Key(conversation: conversation, kind: kind)
        state.withLock { state in
            guard state.due[key] != time else { return }
            if keepingEarlier, let time, let set = state.due[key], set < time { return }
            state.due[key] = time
            guard let time else { return }
            let isEarliest = state.heap.first.map { time < $0.time } ?? true
            state.heap.insert(time, key)
            if isEarliest { state.sleeper?.cancel() }
        }
    }

    /// Fires until the task is cancelled.
    package func run(_ fire: @Sendable (Key) -> Void) async {
        while !Task.isCancelled {
            for key in takeDue(at: clock.now) { fire(key) }
            let sleeper = state.withLock { state in
                // At the latest in an hour: what is owed in a thousand years is looked at again then.
                let latest = clock.now + .seconds(3600)
                let deadline = min(state.heap.first?.time ?? latest, latest)
                let clock = clock
                let sleeper = Task { try await clock.sleep(until: deadline, tolerance: nil) }
                state.sleeper = sleeper
                return sleeper
            }
            await withTaskCancellationHandler {
                _ = await sleeper.result
            } onCancel: {
                sleeper.cancel()
            }
        }
    }

    private func takeDue(at now: Timestamp) -> [Key] {
        state.withLock { state in
            var keys: [Key] = []
            while let first = state.heap.first, first.time <= now {
                state.heap.removeFirst()
                // Entries that were replaced stay in the heap until their time and count for nothing.
                guard state.due[first.key] == first.time else { continue }
                state.due[first.key] = nil
                keys.append(first.key)
            }
            return keys
        }
    }
}

/// A binary heap of times, earliest first.
private struct TimerHeap {
    private var items: [(time: Timestamp, key: Timers.Key)] = []

    var first: (time: Timestamp, key: Timers.Key)? { items.first }

    mutating func insert(_ time: Timestamp, _ key: Timers.Key) {
        items.append((time, key))
        var child = items.count - 1
        while child > 0, items[child].time < items[(child - 1) / 2].time {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() {
        items.swapAt(0, items.count - 1)
        items.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < items.count && items[child].time < items[least].time {
                least = child
            }
            if least == parent { return }
            items.swapAt(parent, least)
            parent = least
        }
    }
}
