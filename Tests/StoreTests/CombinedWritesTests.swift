import CSQLiteWrites
import Foundation
import GRDB
import Testing

/// What `CSQLiteWrites` does to a write-ahead log.
struct CombinedWritesTests {
    @Test func `writes a commit of twenty pages in one call`() throws {
        try withLog(combined: true) { db in
            try fill(db, rows: 20)
            let before = try systemWrites()
            try db.execute(sql: "UPDATE pages SET body = body || 'x'")
            #expect(try systemWrites() - before == 1)
        }
    }

    @Test func `leaves a log alone that was not asked for`() throws {
        try withLog(combined: false) { db in
            try fill(db, rows: 20)
            let before = try systemWrites()
            try db.execute(sql: "UPDATE pages SET body = body || 'x'")
            #expect(try systemWrites() - before >= 40)
        }
    }

    @Test func `shows every reader what was committed, and nothing before`() throws {
        try withLog(combined: true) { db, path in
            try fill(db, rows: 3)
            let reader = try DatabaseQueue(path: path)
            try db.execute(sql: "BEGIN; UPDATE pages SET body = 'new'")
            #expect(try reader.read { try stored($0) }.allSatisfy { $0 != "new" })
            try db.execute(sql: "COMMIT")
            #expect(try reader.read { try stored($0) } == ["new", "new", "new"])
        }
    }

    /// With ten pages of cache, pages go to the log before the commit and are read from there again.
    @Test(arguments: [1, 31, 32, 200, 1000])
    func `keeps a transaction that is larger than what it gathers`(rows: Int) throws {
        try withLog(combined: true) { db, path in
            try db.execute(sql: "PRAGMA cache_size = 10")
            try db.execute(sql: "BEGIN")
            try fill(db, rows: rows)
            try db.execute(sql: "UPDATE pages SET body = number || body")
            try db.execute(sql: "COMMIT")
            let reader = try DatabaseQueue(path: path)
            let bodies = try reader.read { try stored($0) }
            #expect(bodies.count == rows)
            #expect(bodies.enumerated().allSatisfy { $1.hasPrefix("\($0 + 1)o") })
            #expect(
                try reader.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok"
            )
        }
    }

    @Test func `forgets what was rolled back`() throws {
        try withLog(combined: true) { db, path in
            try fill(db, rows: 50)
            try db.execute(sql: "PRAGMA cache_size = 10")
            try db.execute(sql: "BEGIN; UPDATE pages SET body = 'new' || body; ROLLBACK")
            try db.execute(sql: "UPDATE pages SET body = 'kept' WHERE number = 50")
            let reader = try DatabaseQueue(path: path)
            let bodies = try reader.read { try stored($0) }
            #expect(bodies.filter { $0.hasPrefix("new") }.isEmpty)
            #expect(bodies.last == "kept")
        }
    }

    // MARK: - A database with a log

    private func withLog(combined: Bool, _ body: (Database) throws -> Void) throws {
        try withLog(combined: combined) { db, _ in try body(db) }
    }

    private func withLog(combined: Bool, _ body: (Database, String) throws -> Void) throws {
        #expect(csqlitewrites_prepare() == 0)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "maitred-log-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("test.sqlite").path
        var configuration = Configuration()
        configuration.journalMode = .wal
        try DatabaseQueue(path: path, configuration: configuration).writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    CREATE TABLE pages (number INTEGER PRIMARY KEY, body TEXT NOT NULL)
                    """
            )
            if combined {
                let connection = try #require(db.sqliteConnection)
                #expect(csqlitewrites_combine(connection) == 0)
            }
            try body(db, path)
        }
    }

    /// Rows of nearly a page each.
    private func fill(_ db: Database, rows: Int) throws {
        for number in 1...rows {
            try db.execute(
                sql: "INSERT INTO pages VALUES (?, ?)",
                arguments: [number, String(repeating: "o", count: 3900)]
            )
        }
    }

    private func stored(_ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT body FROM pages ORDER BY number")
    }

    /// How often this thread has had the system write.
    private func systemWrites() throws -> Int {
        let text = try String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("syscw") })
        return try #require(line.split(separator: " ").last.flatMap { Int($0) })
    }
}
