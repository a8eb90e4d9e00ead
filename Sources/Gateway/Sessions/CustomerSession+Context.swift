import Desk
import Model
import Synchronization

/// Where a customer is in the product, and what they do there.
extension CustomerSession {
    func see(
        _ context: PageContext,
        _ c: String?,
        _ request: ClientRequest
    ) throws(WireFault) {
        let (isNew, ids) = state.withLock { state in
            let isNew = context.supersedes(state.trail.newest)
            state.trail.add(context)
            return (isNew, state.conversations)
        }
        if let c {
            desk.submit(.see(context), to: try mine(c), for: contact.id, then: request.completion)
            return
        }
        // Without a conversation it is for all that are open: the last one stored answers.
        guard isNew, let last = ids.first else {
            request.acknowledge()
            return
        }
        for id in ids.dropFirst() {
            desk.submit(.see(context), to: id, for: contact.id) { _ in }
        }
        desk.submit(.see(context), to: last, for: contact.id, then: request.completion)
    }

    /// How much of what somebody did is kept until they write.
    private static let trackedLimit = 20

    func track(
        _ command: Command,
        _ c: String?,
        _ request: ClientRequest
    ) throws(WireFault) {
        if let c { return try submit(command, c, request) }
        let ids = state.withLock { state in
            if state.conversations.isEmpty, state.tracked.count < Self.trackedLimit {
                state.tracked.append(command)
            }
            return state.conversations
        }
        guard let last = ids.first else { return request.acknowledge() }
        for id in ids.dropFirst() { desk.submit(command, to: id, for: contact.id) { _ in } }
        desk.submit(command, to: last, for: contact.id, then: request.completion)
    }
}
