import Model
import Synchronization

/// The latest lines of one plugin, kept over restarts and upgrades, for the operator's page.
package final class PluginJournal: Sendable {
    /// One line.
    package struct Line: Sendable, Hashable {
        package var at: Timestamp
        /// `debug`, `info`, `warning`, `error`.
        package var level: String
        package var text: String
    }

    private static let limit = 500
    private let kept = Mutex<[Line]>([])
    private let clock: any WallClock

    init(clock: any WallClock) { self.clock = clock }

    func append(_ level: String, _ text: String) {
        let line = Line(at: clock.now, level: level, text: String(text.prefix(2000)))
        kept.withLock { lines in
            lines.append(line)
            if lines.count > 2 * Self.limit { lines.removeFirst(lines.count - Self.limit) }
        }
    }

    /// Oldest first.
    package var lines: [Line] { kept.withLock { Array($0.suffix(Self.limit)) } }
}
