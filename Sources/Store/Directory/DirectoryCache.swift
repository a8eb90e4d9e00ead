import JSONCoding
import Knowledge
import Model
import Synchronization

/// What is read at every session's start, kept in memory until it is written again.
final class DirectoryCache: Sendable {
    struct State {
        /// Counts the writes, so that what was read before one is not kept after it.
        var generation = 0
        var sites: [Site]?
        var agents: [Agent]?
        var content: Workspace?
        var keys: [SiteID: [JSON]] = [:]
        var contacts: [ContactID: Contact] = [:]
        var secrets: [String: [UInt8]] = [:]
    }

    /// Contacts at hand before all are forgotten.
    private static let maximumContacts = 20_000

    private let state = Mutex(State())

    func value<Value: Sendable>(_ part: (State) -> Value?) -> (value: Value?, generation: Int) {
        state.withLock { (part($0), $0.generation) }
    }

    /// Keeps what was read, unless something has been written since.
    func keep(readIn generation: Int, _ change: (inout State) -> Void) {
        state.withLock { state in
            guard state.generation == generation else { return }
            change(&state)
            if state.contacts.count > Self.maximumContacts { state.contacts.removeAll() }
        }
    }

    /// Forgets what was written.
    func forget(_ change: (inout State) -> Void) {
        state.withLock { state in
            state.generation += 1
            change(&state)
        }
    }
}
