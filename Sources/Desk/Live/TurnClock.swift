import Model

/// When a customer's turn is complete: a pure rule over messages and typing.
///
/// People split one request over several messages, so an answer waits for a quiet moment: none when
/// the customer is not typing and the last message looks finished, a window otherwise, and never
/// longer than a limit, however long somebody's cursor rests in the composer.
package struct TurnClock: Sendable {
    /// The quiet after which an unfinished-looking message counts as the whole turn.
    package static let window: Duration = .milliseconds(1200)
    /// The same after files without words: people explain what they have sent.
    package static let wordlessWindow: Duration = .seconds(5)
    /// A sign of typing is believed for this long.
    package static let typingLease: Duration = .seconds(6)
    package static let limit: Duration = .seconds(12)

    private var typingUntil: SteadyTime?
    /// When the customer last said something here; nil when that was before this was made.
    private var spokeAt: SteadyTime?

    package init() {}

    package mutating func customerTypes(_ isOn: Bool, at now: SteadyTime) {
        typingUntil = isOn ? now + Self.typingLease : nil
    }

    package mutating func customerSpoke(at now: SteadyTime) {
        typingUntil = nil
        spokeAt = now
    }

    /// When the turn that ends with a message may be read.
    ///
    /// One that was said nobody knows how long ago has been waited for.
    package func due(after message: Message, at now: SteadyTime) -> SteadyTime {
        guard let spokeAt else { return now }
        let latest = spokeAt + Self.limit
        if let typingUntil, typingUntil > now { return min(typingUntil, latest) }
        if Self.isComplete(with: message) { return spokeAt }
        let window = message.text.isEmpty ? Self.wordlessWindow : Self.window
        return min(spokeAt + window, latest)
    }

    /// Whether a turn needs no waiting once its last message is this one, which has just come.
    package static func isComplete(with message: Message) -> Bool {
        looksFinished(message.text) || message.choice != nil
    }

    /// Whether a text ends the way finished sentences do.
    package static func looksFinished(_ text: String) -> Bool {
        guard let last = text.last(where: { !$0.isWhitespace }) else { return false }
        return ".?!…。？！؟".contains(last)
    }
}
