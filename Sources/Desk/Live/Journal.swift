import Model

/// The latest events of a conversation at hand, so that most replays need no disk.
struct Journal {
    private static let limit = 128
    private var events: [NumberedEvent] = []

    mutating func append(_ more: [NumberedEvent]) {
        events += more
        if events.count > 2 * Self.limit { events.removeFirst(events.count - Self.limit) }
    }

    /// All events after a number, if they are all here.
    func events(after sequence: Int, head: Int) -> [NumberedEvent]? {
        if sequence >= head { return [] }
        guard let first = events.first, first.sequence <= sequence + 1 else { return nil }
        return events.filter { $0.sequence > sequence }
    }
}
