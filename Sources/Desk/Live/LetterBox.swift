import Synchronization

/// A queue of letters for one reader that works for the desk, in the order in which they were posted.
///
/// Posting never blocks. The first letter of a batch has the reader called, the rest find it called
/// already; the reader takes until there is nothing left. A closed box takes nothing more.
final class LetterBox<Letter: Sendable>: Sendable {
    private struct State {
        var letters: [Letter] = []
        var next = 0
        /// The reader has been called and has not found the box empty since.
        var isCalled = false
        var isClosed = false
    }

    /// What became of a letter.
    enum Posting {
        /// Somebody must call the reader.
        case call
        case queued
        case closed
    }

    private let state = Mutex(State())

    /// Appends a letter.
    ///
    /// Any thread.
    func post(_ letter: Letter) -> Posting {
        state.withLock { state in
            if state.isClosed { return .closed }
            state.letters.append(letter)
            defer { state.isCalled = true }
            return state.isCalled ? .queued : .call
        }
    }

    /// The next letter; with nil the next one posted calls the reader again.
    func take() -> Letter? {
        state.withLock { state in
            guard state.next < state.letters.count else {
                state.letters.removeAll(keepingCapacity: state.letters.capacity <= 64)
                state.next = 0
                state.isCalled = false
                return nil
            }
            // The last one, mostly the only one, is moved out instead of copied.
            if state.next == state.letters.count - 1 { return state.letters.removeLast() }
            defer { state.next += 1 }
            return state.letters[state.next]
        }
    }

    /// Whether no letter waits.
    var isEmpty: Bool { state.withLock { $0.next == $0.letters.count } }

    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Closes the box if nothing is in it and the reader is not called; false otherwise.
    func closeIfIdle() -> Bool {
        state.withLock { state in
            guard !state.isCalled, !state.isClosed else { return false }
            state.isClosed = true
            return true
        }
    }

    /// Closes the box; letters that are in it are still read.
    func close() { state.withLock { $0.isClosed = true } }
}
