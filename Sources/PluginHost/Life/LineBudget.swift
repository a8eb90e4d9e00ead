/// Bounds how many lines of one plugin reach the log in a second.
struct LineBudget {
    private static let limit = 300
    private var second: Int64 = -1
    private var taken = 0

    /// Whether another line fits.
    mutating func take(at now: Duration) -> Bool {
        if now.components.seconds != second {
            second = now.components.seconds
            taken = 0
        }
        taken += 1
        return taken <= Self.limit
    }
}
