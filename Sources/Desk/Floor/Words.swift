import Model

/// What was said in conversations since their rows were last sent to the team.
///
/// Most commits are plain messages: they change a row's preview and nothing else. They are left here
/// and taken all at once when the floor flushes, so that a message costs the floor no wake-up.
struct Words: Sendable {
    struct Latest: Sendable {
        var message: Message?
        var head: Int
        var publicHead: Int
        var position: Int64
    }

    private(set) var latest: [ConversationID: Latest] = [:]
    private var isFlushPlanned = false

    /// Keeps the latest; true when a flush has to be planned.
    mutating func note(_ words: Latest, in conversation: ConversationID) -> Bool {
        latest[conversation] = words
        defer { isFlushPlanned = true }
        return !isFlushPlanned
    }

    mutating func take() -> [ConversationID: Latest] {
        defer {
            latest = [:]
            isFlushPlanned = false
        }
        return latest
    }
}

extension Floor.Entry {
    /// Takes over what was said, unless the row is newer.
    mutating func take(_ words: Words.Latest) -> Bool {
        guard words.position > position else { return false }
        row.show(words.message)
        row.head = words.head
        row.publicHead = words.publicHead
        row.updatedAt = words.message?.at ?? row.updatedAt
        position = words.position
        return true
    }
}
