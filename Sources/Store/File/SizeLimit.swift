import GRDB
import Synchronization

/// How large the file may become; kept over reopenings.
final class SizeLimit: Sendable {
    private static let pageSize = 4096
    /// SQLite's own limit.
    private static let allPages = 4_294_967_294

    private let pages = Atomic(allPages)

    func set(bytes: Int?) {
        let count = bytes.map { max(1, $0 / Self.pageSize) } ?? Self.allPages
        pages.store(min(count, Self.allPages), ordering: .relaxed)
    }

    func apply(_ db: Database) throws {
        try db.execute(sql: "PRAGMA max_page_count = \(pages.load(ordering: .relaxed))")
    }
}
