/// When requests to other servers may go out: a token bucket for each place.
///
/// A second's worth may go at once, then one after another. Kept is only up to when a place's requests
/// are paid (the generic cell rate algorithm); a place that has nothing to pay is forgotten.
package struct RequestRate: Sendable {
    /// What becomes of a request.
    package enum Turn: Sendable, Hashable {
        case at(ContinuousClock.Instant)
        /// Its turn would be later than it can wait; it has taken none.
        case tooLate(ContinuousClock.Instant)
    }

    /// Places beyond which those that have nothing to pay are looked for.
    private static let crowd = 100

    private var paid: [String: ContinuousClock.Instant] = [:]

    package init() {}

    /// Takes the next turn.
    ///
    /// - Parameters:
    ///   - place: Whose requests to whom are counted together.
    ///   - rate: Requests a second, at least 1.
    ///   - now: The time.
    ///   - end: When the turn is worth nothing any more.
    /// - Returns: When the request may go out, not before `now`.
    package mutating func turn(
        at place: String,
        rate: Int,
        now: ContinuousClock.Instant,
        before end: ContinuousClock.Instant
    ) -> Turn {
        let after = max(paid[place] ?? now, now) + Duration.seconds(1) / rate
        let turn = max(now, after - Duration.seconds(1))
        guard turn < end else { return .tooLate(turn) }
        if paid.count > Self.crowd { paid = paid.filter { $0.value > now } }
        paid[place] = after
        return .at(turn)
    }
}
