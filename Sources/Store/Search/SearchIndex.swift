import Desk
import Foundation
import GRDB
import JSONCoding
import Logging
import Model
import Synchronization

/// Full-text search over messages and notes: a reader of the log with a position of its own.
///
/// It lives in a file beside the log's, so that indexing never holds up an append. What it holds
/// follows from the log: a file that is missing, damaged, or of another workspace is made anew.
final class SearchIndex: Sendable {
    /// Events indexed in one transaction, at most.
    static let batch = 2000
    private static let version = "1"

    private let file: URL
    private let epoch: String
    /// Where the log ended when it was opened: an index that is ahead of that is another log's.
    private let end: Int64
    private let logger: Logger
    private let connection = Mutex<DatabaseQueue?>(nil)
    private let isClosed = Atomic(false)
    private let thread = QuietThread()

    init(file: URL, epoch: String, end: Int64, logger: Logger) {
        self.file = file
        self.epoch = epoch
        self.end = end
        self.logger = logger
        thread.start(named: "maitred.search", and: "maitred.found")
    }

    deinit { thread.stop() }

    /// Indexes at most `limit` events behind its position; true when it has seen `position`.
    func catchUp(
        to position: Int64,
        limit: Int = SearchIndex.batch,
        from writer: LogWriter
    ) async throws -> Bool {
        let reached = try await access(Self.position)
        guard reached < position else { return true }
        // Not by a thread that gives way: while somebody reads the log it cannot begin at its beginning
        // again.
        let entries = try await writer.read { log in
            try Self.entries(log, after: reached, upTo: position, limit: limit)
        }
        let end = entries.count < limit ? position : entries.last?.position ?? position
        return try await access { db in
            try Self.add(entries, from: reached, to: end, db)
            return try Self.position(db) >= position
        }
    }

    /// Adds what stands between two positions, unless somebody else has.
    private static func add(
        _ entries: [Entry],
        from before: Int64,
        to end: Int64,
        _ db: Database
    ) throws {
        guard try position(db) == before else { return }
        let insert = try db.cachedStatement(
            sql: "INSERT INTO messages (rowid, text) VALUES (?, ?)"
        )
        for entry in entries {
            guard !entry.message.isEmpty, let message = try? JSON(parsing: entry.message) else {
                continue
            }
            try insert.execute(arguments: [entry.position, plain(words(of: message))])
        }
        try set("position", to: "\(end)", db)
    }

    /// Positions and snippets of what was found, best first.
    func find(_ query: String, limit: Int) async throws -> [(position: Int64, snippet: String)] {
        try await access { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT rowid, snippet(messages, 0, char(2), char(3), '…', 24)
                    FROM messages WHERE messages MATCH ? ORDER BY rank LIMIT ?
                    """,
                arguments: [query, limit]
            ).map { ($0[0], $0[1]) }
        }
    }

    func close() {
        isClosed.store(true, ordering: .relaxed)
        // It closes when whoever still reads has let go of it: see ``Connections``.
        connection.withLock { $0 = nil }
    }

    // MARK: - Reading the log

    /// An event of the log.
    private struct Entry {
        var position: Int64
        /// As it is stored; empty for what is not found by words.
        var message: [UInt8]
    }

    private static func entries(
        _ log: Database,
        after position: Int64,
        upTo end: Int64,
        limit: Int
    ) throws -> [Entry] {
        let rows = try Row.fetchCursor(
            log,
            sql: """
                SELECT position, kind, payload FROM events
                WHERE position > ? AND position <= ? ORDER BY position LIMIT ?
                """,
            arguments: [position, end, limit]
        )
        var entries: [Entry] = []
        while let row = try rows.next() {
            let kind: String = row[1]
            var entry = Entry(position: row[0], message: [])
            if kind == "message" || kind == "noted" {
                try row.withUnsafeData(atIndex: 2) { data in
                    if let data { entry.message = Array(data) }
                }
            }
            entries.append(entry)
        }
        return entries
    }

    /// What a message is found by: what it says, and the names of its files.
    private static func words(of message: JSON) -> String {
        let names = message["files"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        return ([message["text"]?.stringValue ?? ""] + names).joined(separator: "\n")
    }

    /// Hits are marked with control characters, so the text must bring none of its own.
    private static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 32 }) else { return text }
        return String(
            text.map { character in
                character.unicodeScalars.allSatisfy { $0.value < 32 } ? " " : character
            }
        )
    }

    // MARK: - The file

    /// Works on the index in a transaction of its own, on a thread that gives way to messages.
    private func access<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await thread.run { [self] in
            do {
                return try open().write(body)
            } catch let error as DatabaseError where Self.isDamage(error) {
                logger.warning(
                    "Making the search index anew",
                    metadata: ["reason": "\(error.summary)"]
                )
                remove()
                return try open().write(body)
            }
        }
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
    }

    private func open() throws -> DatabaseQueue {
        try connection.withLock { queue in
            if let queue { return queue }
            if isClosed.load(ordering: .relaxed) {
                throw LogFailure.unavailable("The store is closed.")
            }
            if let found = try? connect(), (try? found.read(isOurs)) == true {
                queue = found
                return found
            }
            removeFiles()
            let made = try connect()
            try made.write(make)
            queue = made
            return made
        }
    }

    private func connect() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "maitred.search"
        configuration.journalMode = .wal
        try OwnersFile.make(file.path)
        return try DatabaseQueue(path: file.path, configuration: configuration)
    }

    private func remove() {
        connection.withLock { queue in
            queue = nil
            removeFiles()
        }
    }

    private func removeFiles() {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: file.path + suffix)
        }
    }

    private func isOurs(_ db: Database) throws -> Bool {
        guard try db.tableExists("state") else { return false }
        let rows = try Row.fetchAll(db, sql: "SELECT name, value FROM state")
        let state = Dictionary(rows.map { ($0[0] as String, $0[1] as String) }) { $1 }
        return state["version"] == Self.version && state["epoch"] == epoch
            && (state["position"].flatMap { Int64($0) } ?? .max) <= end
    }

    private func make(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE state (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
                CREATE VIRTUAL TABLE messages
                    USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');
                """
        )
        try Self.set("version", to: Self.version, db)
        try Self.set("epoch", to: epoch, db)
        try Self.set("position", to: "0", db)
    }

    private static func position(_ db: Database) throws -> Int64 {
        let text = try String.fetchOne(db, sql: "SELECT value FROM state WHERE name = 'position'")
        return text.flatMap { Int64($0) } ?? 0
    }

    private static func set(_ name: String, to value: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)",
            arguments: [name, value]
        )
    }
}
