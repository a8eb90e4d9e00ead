import Desk
import Foundation
import GRDB
import Logging
import Model

extension Store {
    /// Events a second above which the store is busy: then indexing takes a small share only.
    private static let busyRate: Int64 = 2000
    /// Rounds of a second between two clearings of what has run out.
    private static let clearingRounds = 3600
    private static let sweepingRounds = 600

    /// Keeps the search index up and the tables tidy; returns on cancellation.
    ///
    /// While writing fails it tries again every second, so that the alarm ends by itself.
    package func run() async {
        var before = writer.status.position
        var round = 0
        while !Task.isCancelled {
            if round % Self.clearingRounds == 0 { await clear() }
            if round % Self.sweepingRounds == 0 {
                await sweepFiles(at: SystemClock().now, isStart: round == 0)
            }
            if health != .ok { await probe() }
            let position = writer.status.position
            await index(to: position, isBusy: position - before > Self.busyRate)
            before = position
            round += 1
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Indexes what is new; a backlog takes a tenth of one core, while the store is busy less.
    ///
    /// Some milliseconds at a time: others want the core, too.
    private func index(to position: Int64, isBusy: Bool) async {
        do {
            var start = ContinuousClock.now
            let limit = SearchIndex.batch / 8
            while try await !index.catchUp(to: position, limit: limit, from: writer) {
                if isBusy || Task.isCancelled { return }
                try await Task.sleep(for: (.now - start) * 9)
                start = .now
            }
        } catch {
            logger.debug("Indexing waits", metadata: ["reason": "\(error)"])
        }
    }

    /// A write that tells whether the disk takes something again.
    private func probe() async {
        let now = SystemClock().now.milliseconds
        try? await write { db in try Meta.set("probe", to: Int(now), db) }
    }

    private func clear() async {
        let now = SystemClock().now.milliseconds
        try? await write { db in
            try db.execute(
                sql: "DELETE FROM console_sessions WHERE expires < ?",
                arguments: [now]
            )
        }
    }

    /// Sets how large the file may become in bytes; nil for as large as the disk allows.
    ///
    /// Whoever writes beyond that is refused as if the disk were full.
    package func limitSize(to bytes: Int?) async throws(LogFailure) {
        let limit = writer.sizeLimit
        limit.set(bytes: bytes)
        try await write { db in try limit.apply(db) }
    }
}
