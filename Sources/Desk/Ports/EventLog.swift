import Model

/// The durable log of everything that happens in conversations: the port that a store implements.
///
/// What ``append(_:)`` has returned from is on disk. Reads see every append that returned before them.
package protocol EventLog: Sendable {
    /// A random word made when the workspace was made or restored; clients resume only within one.
    var epoch: String { get }

    /// Commits events with what follows from them, then calls with the position of the last one.
    ///
    /// Several requests may share one transaction and one fsync; each fails alone, except when the
    /// commit itself fails. The call comes on a thread of the store's, which it must not keep.
    func append(
        _ request: AppendRequest,
        then done: @escaping @Sendable (Result<Int64, LogFailure>) -> Void
    )

    /// Something will be appended in a moment: gets ready, if there has been nothing to do for a while.
    ///
    /// Returns at once, on any thread.
    func getReady()

    /// All events of a conversation in order; empty for one that does not exist.
    func history(of conversation: ConversationID) async throws(LogFailure) -> [Event]

    /// Numbered events after a number, at most `limit`, with their public predecessors.
    func events(
        of conversation: ConversationID,
        after sequence: Int,
        limit: Int
    ) async throws(LogFailure) -> [NumberedEvent]

    /// The conversation that a contact started with a client id, if there is one.
    func conversation(
        startedBy contact: ContactID,
        clientID: String
    ) async throws(LogFailure) -> ConversationID?

    /// The row of one conversation; nil when it does not exist.
    func row(of conversation: ConversationID) async throws(LogFailure) -> ConversationRow?

    /// Rows, newest change first, with head and preview as of the last event.
    func rows(_ query: RowQuery) async throws(LogFailure) -> [ConversationRow]

    /// Everything the server still owes, for start-up.
    func obligations() async throws(LogFailure) -> [(ConversationID, Obligation)]

    /// Moves the stored ends of periods, because the time of day was set by so much.
    ///
    /// Snoozes stay where they are: their end is a time of day.
    func moveDeadlines(by step: Duration) async throws(LogFailure)

    /// Messages and notes that contain the words, best first.
    func search(_ words: String, limit: Int) async throws(LogFailure) -> [SearchHit]

    /// The position of the last event committed.
    func position() async throws(LogFailure) -> Int64
}

extension EventLog {
    /// Commits events with what follows from them, and returns the position of the last one.
    package func append(_ request: AppendRequest) async throws(LogFailure) -> Int64 {
        let result = await withCheckedContinuation { continuation in
            append(request) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }
}

/// Events to be committed together, and what follows from them.
package struct AppendRequest: Sendable {
    package var conversation: ConversationID
    /// The number of the conversation's last event; another one in the store is a conflict.
    package var after: Int
    /// How many of the conversation's events before these, up to which number, customers may see.
    package var publicHead: Int
    package var events: [Event]
    /// The list row, when these events change more of it than the last message.
    package var row: ConversationRow?
    /// The complete set owed from now on; nil leaves what is stored.
    package var obligations: [Obligation]?

    package init(
        conversation: ConversationID,
        after: Int,
        publicHead: Int,
        events: [Event],
        row: ConversationRow?,
        obligations: [Obligation]?
    ) {
        self.conversation = conversation
        self.after = after
        self.publicHead = publicHead
        self.events = events
        self.row = row
        self.obligations = obligations
    }
}

/// Which rows to list.
package struct RowQuery: Sendable {
    package var statuses: Set<Status>?
    package var contact: ContactID?
    package var owner: AgentID?
    /// Rows changed before this one, for paging.
    package var before: ConversationID?
    package var limit: Int

    package init(
        statuses: Set<Status>? = nil,
        contact: ContactID? = nil,
        owner: AgentID? = nil,
        before: ConversationID? = nil,
        limit: Int = 100
    ) {
        self.statuses = statuses
        self.contact = contact
        self.owner = owner
        self.before = before
        self.limit = limit
    }
}

/// A message found by its words.
package struct SearchHit: Hashable, Sendable {
    package var conversation: ConversationID
    package var sequence: Int
    package var message: MessageID
    /// The author's kind, or `note`.
    package var kind: String
    /// The text around the words; each hit between U+0002 and U+0003.
    package var snippet: String
    package var at: Timestamp

    package init(
        conversation: ConversationID,
        sequence: Int,
        message: MessageID,
        kind: String,
        snippet: String,
        at: Timestamp
    ) {
        self.conversation = conversation
        self.sequence = sequence
        self.message = message
        self.kind = kind
        self.snippet = snippet
        self.at = at
    }
}

/// Why the log did not take or give something.
package enum LogFailure: Error, Hashable, Sendable {
    /// The stored head is another one.
    case conflict(head: Int)
    /// The contact started a conversation with this client id before.
    case repeatedStart(ConversationID)
    /// An upload that a message names is not there, somebody else's, or went with another message.
    case uploadMissing
    /// Nothing can be stored at present: full disk, I/O error, shutdown. Worth trying again later.
    case unavailable(String)
    /// What is stored cannot be read.
    case corrupt(String)
}
