import Logging

/// How far the way of an older file to the current schema has come.
package struct MigrationProgress: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// The file is copied as it is.
        case copy
        /// One of the schema's steps is taken.
        case step(Int, of: Int)
    }

    package var phase: Phase
    /// Of the phase, from 0 to 1.
    package var fraction: Double
    /// How long the phase goes on, if it does as until now.
    package var left: Duration?
}

/// Hears of a migration's progress, and may end it.
///
/// What is ended has changed nothing: the next opening goes on with the step it was at.
package final class MigrationWatch: Sendable {
    /// How much time there is between two reports of one phase.
    let period: Duration
    private let isEnded: @Sendable () -> Bool
    private let tell: @Sendable (MigrationProgress) -> Void

    /// - Parameters:
    ///   - period: How much time there is between two reports of one phase.
    ///   - isEnded: Whether to end it; asked every few milliseconds.
    ///   - tell: Hears of the progress.
    package init(
        every period: Duration,
        isEnded: @escaping @Sendable () -> Bool,
        _ tell: @escaping @Sendable (MigrationProgress) -> Void
    ) {
        self.period = period
        self.isEnded = isEnded
        self.tell = tell
    }

    /// One that writes to the log.
    package convenience init(isEnded: @escaping @Sendable () -> Bool = { false }) {
        let logger = Logger(label: "maitred.store")
        self.init(every: .seconds(2), isEnded: isEnded) { progress in
            var facts: Logger.Metadata = ["percent": "\(Int(progress.fraction * 100))"]
            if let left = progress.left { facts["seconds_left"] = "\(left.components.seconds)" }
            switch progress.phase {
            case .copy: logger.notice("Copying the workspace before its migration", metadata: facts)
            case .step(let number, let count):
                facts["step"] = "\(number) of \(count)"
                logger.notice("Migrating the workspace", metadata: facts)
            }
        }
    }

    var isInterrupted: Bool { isEnded() }

    func report(_ progress: MigrationProgress) { tell(progress) }
}
