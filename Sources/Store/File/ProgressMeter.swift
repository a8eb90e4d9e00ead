import GRDB
import GRDBSQLite

/// Looks at one phase of a migration while SQLite works at it, and ends it when that is wished.
final class ProgressMeter {
    /// SQLite asks each time it has carried out so many of its instructions: some milliseconds.
    private static let instructions: Int32 = 20_000

    private let watch: MigrationWatch
    private let phase: MigrationProgress.Phase
    private let fraction: (_ instructions: Int) -> Double?
    private let begin = ContinuousClock.now
    private var reported = ContinuousClock.now
    private var rounds = 0

    private init(
        _ watch: MigrationWatch,
        _ phase: MigrationProgress.Phase,
        _ fraction: @escaping (_ instructions: Int) -> Double?
    ) {
        self.watch = watch
        self.phase = phase
        self.fraction = fraction
    }

    /// Has a connection do something under the watch.
    ///
    /// - Parameters:
    ///   - db: The connection.
    ///   - watch: Who is told, at the beginning and then from time to time.
    ///   - phase: What is done.
    ///   - fraction: How much of it so many instructions are; nil when nobody can tell.
    ///   - body: Does it.
    /// - Throws: What the body throws, `SQLITE_INTERRUPT` when the watch has ended it.
    static func run(
        _ db: Database,
        _ watch: MigrationWatch,
        _ phase: MigrationProgress.Phase,
        fraction: @escaping (_ instructions: Int) -> Double?,
        _ body: () throws -> Void
    ) throws {
        guard !watch.isInterrupted else { throw StoreFailure.interrupted }
        watch.report(MigrationProgress(phase: phase, fraction: 0, left: nil))
        let meter = ProgressMeter(watch, phase, fraction)
        let connection = db.sqliteConnection
        // The meter outlives the handler, which is taken away before it is let go.
        sqlite3_progress_handler(
            connection,
            instructions,
            { meter in
                guard let meter else { return 0 }
                return Unmanaged<ProgressMeter>.fromOpaque(meter).takeUnretainedValue().look()
            },
            Unmanaged.passUnretained(meter).toOpaque()
        )
        defer { sqlite3_progress_handler(connection, 0, nil, nil) }
        try withExtendedLifetime(meter) { try body() }
    }

    /// Not 0 ends what SQLite does.
    private func look() -> Int32 {
        rounds += 1
        let now = ContinuousClock.now
        if now - reported >= watch.period, let done = fraction(rounds * Int(Self.instructions)) {
            reported = now
            let fraction = min(done, 0.99)
            let spent = now - begin
            let left = fraction > 0.01 ? spent / fraction * (1 - fraction) : nil
            watch.report(MigrationProgress(phase: phase, fraction: fraction, left: left))
        }
        return watch.isInterrupted ? 1 : 0
    }
}
