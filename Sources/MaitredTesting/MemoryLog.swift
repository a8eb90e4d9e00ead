import Desk
import JSONCoding
import Model
import Synchronization

/// An event log in memory that keeps its promises: the same numbering, conflicts and rows as a store.
///
/// Payloads pass through their stored form, so that what cannot be written is noticed.
package final class MemoryLog: EventLog {
    struct Stored {
        var events: [(kind: String, payload: JSON)] = []
        var row: ConversationRow?
        var start: (contact: ContactID, clientID: String?)?
        var obligations: [Obligation] = []
    }

    struct State {
        var conversations: [ConversationID: Stored] = [:]
        var position: Int64 = 0
        var failure: LogFailure?
        var failed = 0
        var announced = 0
        /// The kinds of events of each append, whatever came of it.
        var attempts: [[String]] = []
        /// Where each position is.
        var places: [(conversation: ConversationID, sequence: Int, kind: String)] = []
        var readUpTo: Int64 = 0
        var entries: [LearningEntry] = []
        var changes: [StandingChange] = []
    }

    package let epoch = "mem1"
    let state = Mutex(State())

    package init() {}

    /// Makes appends fail until it is set back to nil.
    package func fail(with failure: LogFailure?) { state.withLock { $0.failure = failure } }

    /// How many appends ``fail(with:)`` has made fail.
    package var failed: Int { state.withLock(\.failed) }

    /// The kinds of events that were to be committed together, for each append; failed ones too.
    package var attempts: [[String]] { state.withLock(\.attempts) }

    package func getReady() { state.withLock { $0.announced += 1 } }

    /// How often it was told that something comes.
    package var announced: Int { state.withLock(\.announced) }

    package func append(
        _ request: AppendRequest,
        then done: @escaping @Sendable (Result<Int64, LogFailure>) -> Void
    ) {
        let result: Result<Int64, LogFailure> = state.withLock { state in
            state.attempts.append(request.events.map(\.kind))
            if let failure = state.failure {
                state.failed += 1
                return .failure(failure)
            }
            var stored = state.conversations[request.conversation] ?? Stored()
            if stored.events.count != request.after {
                return .failure(.conflict(head: stored.events.count))
            }
            if case .started(let start) = request.events.first {
                let earlier = state.conversations.first {
                    start.clientID != nil && $0.value.start?.contact == start.contact
                        && $0.value.start?.clientID == start.clientID
                }
                if let earlier { return .failure(.repeatedStart(earlier.key)) }
                stored.start = (start.contact, start.clientID)
            }
            for (offset, event) in request.events.enumerated() {
                let sequence = request.after + 1 + offset
                state.places.append((request.conversation, sequence, event.kind))
                guard let payload = try? JSON(parsing: event.payload) else {
                    return .failure(.corrupt("unwritable \(event.kind)"))
                }
                stored.events.append((event.kind, payload))
            }
            if let row = request.row { stored.row = row }
            if let owed = request.obligations { stored.obligations = owed }
            state.conversations[request.conversation] = stored
            state.position += Int64(request.events.count)
            return .success(state.position)
        }
        done(result)
    }

    package func history(of id: ConversationID) async throws(LogFailure) -> [Event] {
        let stored = state.withLock { $0.conversations[id]?.events ?? [] }
        var events: [Event] = []
        for (kind, payload) in stored {
            guard let event = Event(kind: kind, payload: payload) else {
                throw .corrupt("unreadable \(kind)")
            }
            events.append(event)
        }
        return events
    }

    package func events(
        of id: ConversationID,
        after sequence: Int,
        limit: Int
    ) async throws(LogFailure) -> [NumberedEvent] {
        let history = try await history(of: id)
        guard case .started(let start)? = history.first else { return [] }
        var draft = Conversation(
            id: id,
            site: start.site,
            contact: start.contact,
            at: start.at
        )
        return Array(
            history.map { draft.apply($0) }.filter { $0.sequence > sequence }.prefix(limit)
        )
    }

    package func conversation(
        startedBy contact: ContactID,
        clientID: String
    ) async throws(LogFailure) -> ConversationID? {
        state.withLock { state in
            state.conversations.first {
                $0.value.start?.contact == contact && $0.value.start?.clientID == clientID
            }?.key
        }
    }

    package func row(of id: ConversationID) async throws(LogFailure) -> ConversationRow? {
        let history = try await history(of: id)
        return Conversation(id: id, replaying: history).map(ConversationRow.init)
    }

    package func rows(_ query: RowQuery) async throws(LogFailure) -> [ConversationRow] {
        let ids = state.withLock { Array($0.conversations.keys) }
        var rows: [ConversationRow] = []
        for id in ids {
            guard let row = try await row(of: id) else { continue }
            guard query.statuses?.contains(row.status) ?? true,
                query.contact.map({ $0 == row.contact }) ?? true,
                query.owner.map({ row.owner.agent == $0 }) ?? true
            else { continue }
            rows.append(row)
        }
        return Array(rows.sorted { $0.updatedAt > $1.updatedAt }.prefix(query.limit))
    }

    package func obligations() async throws(LogFailure) -> [(ConversationID, Obligation)] {
        state.withLock { state in
            state.conversations.flatMap { id, stored in stored.obligations.map { (id, $0) } }
        }
    }

    package func moveDeadlines(by step: Duration) async throws(LogFailure) {
        state.withLock { state in
            for id in state.conversations.keys {
                let owed = state.conversations[id]?.obligations ?? []
                state.conversations[id]?.obligations = owed.map { obligation in
                    var moved = obligation
                    if moved.kind != .wake { moved.due = moved.due + step }
                    return moved
                }
            }
        }
    }

    package func search(_ words: String, limit: Int) async throws(LogFailure) -> [SearchHit] {
        var hits: [SearchHit] = []
        for id in state.withLock({ Array($0.conversations.keys) }) {
            for event in try await events(of: id, after: 0, limit: .max) {
                guard case .message(let message) = event.event,
                    message.text.lowercased().contains(words.lowercased())
                else { continue }
                hits.append(
                    SearchHit(
                        conversation: id,
                        sequence: event.sequence,
                        message: message.id,
                        kind: message.author.kind,
                        snippet: message.text,
                        at: message.at
                    )
                )
            }
        }
        return Array(hits.prefix(limit))
    }

    package func position() async throws(LogFailure) -> Int64 { state.withLock(\.position) }
}
