import Synchronization

/// A queue of letters for one reader, in the order in which they were posted.
///
/// Posting never blocks and says whether the reader must be woken: exactly one wake-up is asked for
/// between two times that the reader found the box empty. A closed box takes nothing more.
///
/// Frames and commands travel in mailboxes rather than in a task each, because tasks overtake each
/// other.
package final class Mailbox<Letter: Sendable>: Sendable {
    package enum Posting: Sendable {
        /// The reader is idle: wake it.
        case wake
        /// The reader is at work and will come to it.
        case queued
        case closed
    }

    private struct State {
        var letters: [Letter] = []
        var next = 0
        var isReading = false
        var isClosed = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Appends a letter. Any thread.
    package func post(_ letter: Letter) -> Posting {
        state.withLock { state in
            if state.isClosed { return .closed }
            state.letters.append(letter)
            if state.isReading { return .queued }
            state.isReading = true
            return .wake
        }
    }

    /// The next letter; nil ends the reader's turn, and the next posting asks to wake it again.
    package func next() -> Letter? {
        state.withLock { state in
            guard state.next < state.letters.count else {
                state.letters.removeAll(keepingCapacity: state.letters.capacity <= 64)
                state.next = 0
                state.isReading = false
                return nil
            }
            let letter = state.letters[state.next]
            state.next += 1
            // A reader that never finds the box empty must not keep everything it ever read.
            if state.next >= 256, state.next * 2 >= state.letters.count {
                state.letters.removeFirst(state.next)
                state.next = 0
            }
            return letter
        }
    }

    package var isClosed: Bool { state.withLock(\.isClosed) }

    /// Closes the box if nothing is in it; false when there is, or somebody is reading.
    package func closeIfEmpty() -> Bool {
        state.withLock { state in
            guard !state.isReading, state.letters.isEmpty else { return false }
            state.isClosed = true
            return true
        }
    }
}
