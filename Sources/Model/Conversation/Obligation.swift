/// Something the server still owes a conversation at a time.
///
/// Obligations are a function of the state, stored with the events that caused them, and loaded at
/// start: a crash between acknowledging a message and answering it does not leave the customer alone.
package struct Obligation: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A turn of the customer waits for an answer of the triage core.
        case turn
        /// An action that a workflow waits for is to be carried out.
        case step
        /// An offer runs out.
        case offer
        /// A conversation of the bot ends when nobody writes.
        case idle
        /// A snooze is over.
        case wake
    }

    package var kind: Kind
    package var due: Timestamp

    package init(kind: Kind, due: Timestamp) {
        self.kind = kind
        self.due = due
    }
}

extension Conversation {
    /// What is owed in this state.
    ///
    /// `idleAfter`: the site's period after which a silent conversation of the bot ends.
    package func obligations(idleAfter: Duration) -> [Obligation] {
        var owed: [Obligation] = []
        if owner == .bot {
            if lastCustomerMessage > answeredUpTo, let asked = lastCustomerMessageAt {
                owed.append(Obligation(kind: .turn, due: asked))
            }
            if let progress, progress.wait == .action {
                owed.append(Obligation(kind: .step, due: progress.at))
            }
            owed.append(Obligation(kind: .idle, due: activeAt + idleAfter))
        }
        if let offer { owed.append(Obligation(kind: .offer, due: offer.expires)) }
        if let snoozedUntil { owed.append(Obligation(kind: .wake, due: snoozedUntil)) }
        return owed
    }
}
