import GRDB
import GRDBSQLite

/// The one statement that every event runs.
///
/// Its values are bound by SQLite's own calls: as GRDB's arguments they cost more than the insertion.
/// Belongs to the writer's connection.
struct EventInsertion {
    private let statement: Statement

    init(_ db: Database) throws {
        statement = try db.makeStatement(sql: "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)")
    }

    func run(
        _ event: AppendJob.EncodedEvent,
        at position: Int64,
        conversation: Int64,
        sequence: Int
    ) throws {
        let handle = statement.sqliteStatement
        sqlite3_bind_int64(handle, 1, position)
        sqlite3_bind_int64(handle, 2, conversation)
        sqlite3_bind_int64(handle, 3, Int64(sequence))
        sqlite3_bind_int64(handle, 4, Int64(event.publicBefore))
        var kind = event.kind
        // Both stay where they are until the statement has run and has been reset.
        let code = kind.withUTF8 { kind in
            event.payload.withUnsafeBytes { payload in
                kind.withMemoryRebound(to: CChar.self) { kind in
                    _ = sqlite3_bind_text(handle, 5, kind.baseAddress, CInt(kind.count), nil)
                }
                sqlite3_bind_blob(handle, 6, payload.baseAddress, CInt(payload.count), nil)
                let code = sqlite3_step(handle)
                sqlite3_reset(handle)
                sqlite3_clear_bindings(handle)
                return code
            }
        }
        guard code != SQLITE_DONE else { return }
        let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
}
