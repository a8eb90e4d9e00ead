import Model
import Synchronization

/// Wakes conversations at the times they are owed something.
///
/// One pending time per conversation and kind; setting it again replaces it. A deadline is a time of
/// day, as it is stored, and waited for in steady time: whoever sets the clock neither delays what is
/// owed nor brings it on. The end of a snooze alone is meant as a time of day and moves with it.
/// Run ``run(_:soon:)`` once.
package final class Timers: Sendable {
    package struct Key: Hashable, Sendable {
        package var conversation: ConversationID
        package var kind: Obligation.Kind
    }

    private struct Appointment {
        /// The deadline as whoever set it knows it.
        var due: Timestamp
        var at: SteadyTime
        /// Where it is in the heap: earlier than `at` if it was moved on since.
        var queued: SteadyTime
    }

    private struct State {
        var appointments: [Key: Appointment] = [:]
        var heap = TimerHeap()
        var sleeper: Task<Void, any Error>?

        /// Enters an appointment, and wakes the sleeper if it is the earliest.
        mutating func queue(_ appointment: Appointment, _ key: Key) {
            let isEarliest = heap.first.map { appointment.queued < $0.time } ?? true
            appointments[key] = appointment
            heap.insert(appointment.queued, key)
            if isEarliest { sleeper?.cancel() }
        }

        /// Whether the time at which the heap is looked at next is a turn's.
        var isForTurn: Bool {
            guard let first = heap.first, first.key.kind == .turn else { return false }
            return appointments[first.key]?.at == first.time
        }

        /// Clears an appointment, and the heap when most of it counts for nothing.
        mutating func clear(_ key: Key) {
            guard appointments.removeValue(forKey: key) != nil,
                heap.count > 2 * (appointments.count + Timers.spareEntries)
            else { return }
            heap = TimerHeap(appointments.map { ($0.value.queued, $0.key) })
        }
    }

    /// What is cleared stays in the heap until its time, which may be a day away: so many may, besides
    /// as many as there are appointments.
    private static let spareEntries = 256

    /// So long before a turn comes due it is announced: a commit, and time to spare.
    private static let lead: Duration = .milliseconds(2)
    /// What is announced later than this would hold up what it announces.
    private static let shortestLead: Duration = .milliseconds(1)

    private let state = Mutex(State())
    private let clock: any WallClock

    package init(clock: any WallClock) { self.clock = clock }

    /// Sets or, with nil, clears the time for a conversation and kind.
    ///
    /// Any thread.
    ///
    /// `wait`: how long to wait for it; nil for what is left until then.
    package func set(
        _ kind: Obligation.Kind,
        of conversation: ConversationID,
        to due: Timestamp?,
        in wait: Duration? = nil
    ) {
        let key = Key(conversation: conversation, kind: kind)
        state.withLock { state in
            guard state.appointments[key]?.due != due else { return }
            guard let due else { return state.clear(key) }
            let at = clock.steady + (wait ?? due - clock.now)
            // A time that only ever moves on would fill the heap: its entry finds it where it is then.
            if let set = state.appointments[key], set.queued <= at {
                state.appointments[key] = Appointment(due: due, at: at, queued: set.queued)
            } else {
                state.queue(Appointment(due: due, at: at, queued: at), key)
            }
        }
    }

    /// Looks at the clock again, because it was set.
    package func clockWasSet() {
        state.withLock { state in
            for (key, appointment) in state.appointments where key.kind == .wake {
                let at = clock.steady + (appointment.due - clock.now)
                state.queue(Appointment(due: appointment.due, at: at, queued: at), key)
            }
        }
    }

    /// Fires until the task is cancelled, with the deadline that has come.
    ///
    /// - Parameters:
    ///   - fire: Called when a deadline has come.
    ///   - soon: Called shortly before a turn is due, which is then written down: what has rested in the
    ///     meantime is slow to start.
    package func run(
        _ fire: @escaping @Sendable (Key, Timestamp) -> Void,
        soon: @escaping @Sendable () -> Void
    ) async {
        while !Task.isCancelled {
            fireDue(fire)
            let sleeper = state.withLock { state in
                // At the latest in an hour: what is owed in a thousand years is looked at again then.
                let latest = clock.steady + .seconds(3600)
                let deadline = min(state.heap.first?.time ?? latest, latest)
                let isForTurn = state.isForTurn
                let sleeper = Task {
                    if isForTurn {
                        try await clock.sleep(until: deadline + (.zero - Self.lead))
                        if deadline - clock.steady >= Self.shortestLead { soon() }
                    }
                    try await clock.sleep(until: deadline)
                    // Here, where the sleep has ended: whoever waits for this task wakes another thread.
                    fireDue(fire)
                }
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

    private func fireDue(_ fire: (Key, Timestamp) -> Void) {
        for (key, due) in takeDue(at: clock.steady) { fire(key, due) }
    }

    private func takeDue(at now: SteadyTime) -> [(Key, Timestamp)] {
        state.withLock { state in
            var due: [(Key, Timestamp)] = []
            while let first = state.heap.first, first.time <= now {
                state.heap.removeFirst()
                // Entries that were replaced stay in the heap until their time and count for nothing.
                guard var appointment = state.appointments[first.key],
                    appointment.queued == first.time
                else { continue }
                if appointment.at > now {
                    appointment.queued = appointment.at
                    state.queue(appointment, first.key)
                } else {
                    state.appointments[first.key] = nil
                    due.append((first.key, appointment.due))
                }
            }
            return due
        }
    }
}

/// A binary heap of times, earliest first.
private struct TimerHeap {
    private var items: [(time: SteadyTime, key: Timers.Key)] = []

    init() {}

    init(_ items: [(time: SteadyTime, key: Timers.Key)]) {
        // What is in order is a heap.
        self.items = items.sorted { $0.time < $1.time }
    }

    var count: Int { items.count }

    var first: (time: SteadyTime, key: Timers.Key)? { items.first }

    mutating func insert(_ time: SteadyTime, _ key: Timers.Key) {
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
