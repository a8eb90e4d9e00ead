import Desk
import Model
import Synchronization

extension MemoryLog: OutcomeBook {
    package func unreadHappenings(limit: Int) async throws(LogFailure) -> Happenings {
        state.withLock { state in
            let unread = state.places.enumerated().dropFirst(Int(state.readUpTo))
            let items = unread.filter { Outcome.kinds.contains($0.element.kind) }.prefix(limit)
                .map { offset, place in
                    Happenings.Item(
                        position: Int64(offset + 1),
                        conversation: place.conversation,
                        sequence: place.sequence
                    )
                }
            let end = Int64(state.places.count)
            return Happenings(
                items: Array(items),
                upTo: items.count == limit ? items.last?.position ?? end : end
            )
        }
    }

    package func keep(
        _ entries: [LearningEntry],
        readUpTo position: Int64?
    ) async throws(LogFailure) {
        state.withLock { state in
            for var entry in entries {
                entry.id = Int64(state.entries.count + 1)
                // Through its stored form, so that what cannot be kept is noticed.
                let stored = LearningEntry(
                    id: entry.id,
                    position: entry.position,
                    json: entry.json,
                    voidedAt: nil
                )
                state.entries.append(stored ?? entry)
            }
            if let position { state.readUpTo = position }
        }
    }

    package func entries(
        after id: Int64,
        limit: Int
    ) async throws(LogFailure) -> [LearningEntry] {
        state.withLock { Array($0.entries.dropFirst(Int(id)).prefix(limit)) }
    }

    package func void(after id: Int64, at time: Timestamp) async throws(LogFailure) {
        state.withLock { state in
            state.changes.removeAll { $0.entry > id }
            for index in state.entries.indices.dropFirst(Int(id))
            where state.entries[index].voidedAt == nil {
                state.entries[index].voidedAt = time
            }
        }
    }

    package func keep(_ changes: [StandingChange]) async throws(LogFailure) {
        state.withLock { state in
            for change in changes
            where !state.changes.contains(where: {
                $0.entry == change.entry && $0.intent == change.intent
            }) { state.changes.append(change) }
        }
    }

    package func standingChanges(limit: Int) async throws(LogFailure) -> [StandingChange] {
        state.withLock { Array($0.changes.reversed().prefix(limit)) }
    }
}
