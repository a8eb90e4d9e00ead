import Model

/// Reads the log for what came of the assistant's decisions, and has it learned.
///
/// A reader of the log with a position of its own: what happens in conversations does not wait for it.
package struct OutcomeReader: Sendable {
    /// Events looked at in one go.
    private static let batch = 500
    private static let period: Duration = .seconds(1)

    private let desk: Desk
    private let book: any OutcomeBook

    package init(desk: Desk, book: any OutcomeBook) {
        self.desk = desk
        self.book = book
    }

    /// Learns from what happens, until the task is cancelled.
    package func run() async {
        var seen: Int64 = -1
        while !Task.isCancelled {
            // While the log cannot be read or written, which the store reports, learning waits.
            if let position = try? await desk.log.position(), position != seen,
                (try? await catchUp()) != nil
            {
                seen = position
            }
            try? await desk.clock.sleep(for: Self.period)
        }
    }

    /// Takes in everything that has been committed so far.
    package func catchUp() async throws(LogFailure) {
        var reached: Int64 = -1
        while true {
            let happenings = try await book.unreadHappenings(limit: Self.batch)
            // The reader stands where the log ends.
            if happenings.upTo == reached { break }
            reached = happenings.upTo
            try await book.keep(try await entries(from: happenings), readUpTo: reached)
        }
        try await desk.triage.learn()
    }

    /// What the events show, in the order of the log.
    private func entries(from happenings: Happenings) async throws(LogFailure) -> [LearningEntry] {
        var positions: [ConversationID: [Int: Int64]] = [:]
        for item in happenings.items {
            positions[item.conversation, default: [:]][item.sequence] = item.position
        }
        var entries: [LearningEntry] = []
        for (conversation, places) in positions {
            let history = try await desk.log.events(of: conversation, after: 0, limit: .max)
            let outcomes = Outcome.outcomes(in: history).filter { places[$0.sequence] != nil }
            guard !outcomes.isEmpty, case .started(let start)? = history.first?.event else {
                continue
            }
            let contact = try await desk.directory.contact(start.contact)
            for outcome in outcomes {
                entries.append(
                    LearningEntry(
                        outcome,
                        of: contact,
                        in: conversation,
                        position: places[outcome.sequence] ?? 0,
                        at: history[outcome.sequence - 1].event.at
                    )
                )
            }
        }
        return entries.enumerated().sorted {
            ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
        }
        .map(\.element)
    }
}
