import Synchronization

/// A queue of letters for one reader, in the order in which they were posted.
///
/// Posting never blocks. The reader lives on an actor and waits there with ``next(isolation:)``: a
/// letter that finds it waiting is handed over directly, so no task is made for a letter and none can
/// overtake another. A closed box takes nothing more, and its reader is told so.
package final class Mailbox<Letter: Sendable>: Sendable {
    private struct State {
        var letters: [Letter] = []
        var next = 0
        var reader: CheckedContinuation<Letter?, Never>?
        var isClosed = false

        var isEmpty: Bool { next == letters.count }

        mutating func take() -> Letter? {
            guard next < letters.count else { return nil }
            defer {
                next += 1
                if next == letters.count {
                    letters.removeAll(keepingCapacity: letters.capacity <= 64)
                    next = 0
                }
            }
            return letters[next]
        }
    }

    private enum Step {
        case letter(Letter)
        case wait
        case end
    }

    private let state = Mutex(State())

    package init() {}

    /// Appends a letter; false when the box is closed.
    ///
    /// Any thread.
    package func post(_ letter: Letter) -> Bool {
        let (isTaken, reader) = state.withLock {
            state -> (Bool, CheckedContinuation<Letter?, Never>?) in
            if state.isClosed { return (false, nil) }
            if let reader = state.reader {
                state.reader = nil
                return (true, reader)
            }
            state.letters.append(letter)
            return (true, nil)
        }
        reader?.resume(returning: letter)
        return isTaken
    }

    /// The next letter, waiting for one if need be; nil once the box is closed and empty.
    ///
    /// There is one reader. It waits, and goes on, on the actor that asks.
    package func next(isolation: isolated (any Actor)? = #isolation) async -> Letter? {
        switch state.withLock({ state in
            if let letter = state.take() { return Step.letter(letter) }
            return state.isClosed ? .end : .wait
        }) {
        case .letter(let letter): return letter
        case .end: return nil
        case .wait: return await withCheckedContinuation { wait(with: $0) }
        }
    }

    /// Leaves the reader's continuation, unless something came meanwhile.
    private func wait(with reader: CheckedContinuation<Letter?, Never>) {
        let step = state.withLock { state in
            if let letter = state.take() { return Step.letter(letter) }
            if state.isClosed { return .end }
            precondition(state.reader == nil, "a mailbox has one reader")
            state.reader = reader
            return .wait
        }
        switch step {
        case .letter(let letter): reader.resume(returning: letter)
        case .end: reader.resume(returning: nil)
        case .wait: break
        }
    }

    package var isClosed: Bool { state.withLock(\.isClosed) }

    /// Closes the box if nothing is in it and its reader waits; false otherwise.
    package func closeIfIdle() -> Bool {
        let reader = state.withLock { state in
            guard state.isEmpty, !state.isClosed else {
                return nil as CheckedContinuation<Letter?, Never>?
            }
            guard let reader = state.reader else { return nil }
            state.isClosed = true
            state.reader = nil
            return reader
        }
        reader?.resume(returning: nil)
        return reader != nil
    }

    /// Closes the box; letters that are in it are still read.
    package func close() {
        let reader = state.withLock { state in
            state.isClosed = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }
}
