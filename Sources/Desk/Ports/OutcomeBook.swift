import JSONCoding
import Model

/// What has come of the assistant's decisions, in order: the port that a store implements.
///
/// Learning is a reader of the log with a position of its own. What it finds is kept with that
/// position in one transaction, so that a restart neither loses nor repeats anything.
package protocol OutcomeBook: Sendable {
    /// Events behind the reader's position that may show an outcome, oldest first; see
    /// ``Model/Outcome/kinds``.
    func unreadHappenings(limit: Int) async throws(LogFailure) -> Happenings

    /// Keeps what was found up to a position of the log; nil for what comes from outside the log.
    func keep(_ entries: [LearningEntry], readUpTo: Int64?) async throws(LogFailure)

    /// Entries after a number, in order, those voided too.
    func entries(after id: Int64, limit: Int) async throws(LogFailure) -> [LearningEntry]

    /// Takes everything after a number out of what is learned from.
    func void(after id: Int64, at time: Timestamp) async throws(LogFailure)

    /// Keeps changes of what intents may do; one that is there already is left as it is.
    func keep(_ changes: [StandingChange]) async throws(LogFailure)

    /// The latest changes, newest first.
    func standingChanges(limit: Int) async throws(LogFailure) -> [StandingChange]
}

/// Events that may show outcomes, and how far the log has been looked at for them.
package struct Happenings: Sendable {
    package struct Item: Sendable, Hashable {
        package var position: Int64
        package var conversation: ConversationID
        package var sequence: Int

        package init(position: Int64, conversation: ConversationID, sequence: Int) {
            self.position = position
            self.conversation = conversation
            self.sequence = sequence
        }
    }

    package var items: [Item]
    package var upTo: Int64

    package init(items: [Item], upTo: Int64) {
        self.items = items
        self.upTo = upTo
    }
}

/// An intent was held back or found proven, or is so no longer, and why.
package struct StandingChange: Hashable, Sendable {
    /// The entry that led to it.
    package var entry: Int64
    package var intent: String
    /// What holds from now on; nil for what is written of the intent.
    package var standing: Standing?
    /// Why, for people.
    package var because: String
    package var at: Timestamp

    package init(
        entry: Int64,
        intent: String,
        standing: Standing?,
        because: String,
        at: Timestamp
    ) {
        self.entry = entry
        self.intent = intent
        self.standing = standing
        self.because = because
        self.at = at
    }

    package var json: JSON {
        [
            "intent": .string(intent), "standing": standing.map { .string($0.rawValue) } ?? .null,
            "because": .string(because), "at": .int(at.milliseconds),
        ]
    }

    package init?(entry: Int64, json: JSON) {
        guard let intent = json["intent"]?.stringValue, let at = json["at"]?.intValue else {
            return nil
        }
        self.init(
            entry: entry,
            intent: intent,
            standing: json["standing"]?.stringValue.flatMap(Standing.init(rawValue:)),
            because: json["because"]?.stringValue ?? "",
            at: Timestamp(milliseconds: Int64(at))
        )
    }
}
