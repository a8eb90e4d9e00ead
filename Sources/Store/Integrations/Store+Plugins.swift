import Desk
import Foundation
import GRDB
import JSONCoding
import Model

extension Store: IntegrationState {}

/// Plugins' settings, and what they have the server remember.
extension Store: PluginShelf, ReminderBook {
    package func pluginRecords() async throws(LogFailure) -> [PluginRecord] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT id, enabled, config, secrets, document FROM plugins ORDER BY id"
            ).map { row in
                PluginRecord(
                    id: row[0],
                    isEnabled: row[1],
                    config: try Self.json(row[2] as Data, "plugin").objectValue ?? [:],
                    secrets: row[3],
                    document: try Self.json(row[4] as Data, "plugin").objectValue ?? [:]
                )
            }
        }
    }

    package func keep(_ record: PluginRecord) async throws(LogFailure) {
        let config = Data(JSON.object(record.config).bytes())
        let document = Data(JSON.object(record.document).bytes())
        try await write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO plugins VALUES (?, ?, ?, ?, ?)",
                arguments: [record.id, record.isEnabled, config, record.secrets, document]
            )
        }
    }

    package func value(
        of key: String,
        in plugin: String,
        at time: Timestamp
    ) async throws(LogFailure) -> String? {
        try await read { db in
            try String.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT value FROM plugin_values WHERE plugin = ? AND key = ?
                            AND (until IS NULL OR until > ?)
                        """
                ),
                arguments: [plugin, key, time.milliseconds]
            )
        }
    }

    package func set(
        _ key: String,
        to value: String?,
        in plugin: String,
        until end: Timestamp?,
        isNew: Bool,
        limit: Int,
        at time: Timestamp
    ) async throws(LogFailure) -> ShelfWrite {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM plugin_values WHERE plugin = ? AND until <= ?",
                arguments: [plugin, time.milliseconds]
            )
            guard let value else {
                try db.execute(
                    sql: "DELETE FROM plugin_values WHERE plugin = ? AND key = ?",
                    arguments: [plugin, key]
                )
                return .done
            }
            // The sizes stand before the values: these are not read to be counted.
            let others = try Int.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT coalesce(sum(bytes), 0) FROM plugin_values
                        WHERE plugin = ? AND key <> ?
                        """
                ),
                arguments: [plugin, key]
            )
            let isThere = try Bool.fetchOne(
                db.cachedStatement(
                    sql: "SELECT 1 FROM plugin_values WHERE plugin = ? AND key = ?"
                ),
                arguments: [plugin, key]
            )
            if isNew, isThere == true { return .taken }
            let bytes = key.utf8.count + value.utf8.count
            guard (others ?? 0) + bytes <= limit else { return .full }
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO plugin_values (plugin, key, until, bytes, value)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [plugin, key, end?.milliseconds, bytes, value]
            )
            return .done
        }
    }

    package func keys(
        of plugin: String,
        prefix: String,
        limit: Int,
        at time: Timestamp
    ) async throws(LogFailure) -> [String] {
        try await read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT key FROM plugin_values WHERE plugin = ? AND key >= ?
                        AND substr(key, 1, length(?2)) = ?2 AND (until IS NULL OR until > ?)
                    ORDER BY key LIMIT ?
                    """,
                arguments: [plugin, prefix, time.milliseconds, limit]
            )
        }
    }

    // MARK: - Reminders

    package func keep(
        _ reminder: PluginReminder,
        limit: Int
    ) async throws(LogFailure) -> Bool {
        let payload = Data(reminder.payload.bytes())
        let period = reminder.period.map { $0.components.seconds * 1000 }
        return try await write { db in
            let others = try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM plugin_reminders
                    WHERE plugin = ? AND NOT (name = ? AND key = ?)
                    """,
                arguments: [reminder.plugin, reminder.name, reminder.key]
            )
            guard (others ?? 0) < limit else { return false }
            try db.execute(
                sql: "INSERT OR REPLACE INTO plugin_reminders VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    reminder.plugin, reminder.name, reminder.key, reminder.due.milliseconds, period,
                    payload,
                ]
            )
            return true
        }
    }

    package func removeReminder(
        _ name: String,
        key: String,
        of plugin: String
    ) async throws(LogFailure) {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM plugin_reminders WHERE plugin = ? AND name = ? AND key = ?",
                arguments: [plugin, name, key]
            )
        }
    }

    package func reminders(
        dueAt time: Timestamp,
        limit: Int
    ) async throws(LogFailure) -> [PluginReminder] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT plugin, name, key, due, period, payload FROM plugin_reminders
                    WHERE due <= ? ORDER BY due LIMIT ?
                    """,
                arguments: [time.milliseconds, limit]
            ).map { row in
                PluginReminder(
                    plugin: row[0],
                    name: row[1],
                    key: row[2],
                    payload: try Self.json(row[5] as Data, "reminder"),
                    due: Timestamp(milliseconds: row[3]),
                    period: (row[4] as Int64?).map { .milliseconds($0) }
                )
            }
        }
    }

    package func nextReminder() async throws(LogFailure) -> Timestamp? {
        try await read { db in
            try Int64.fetchOne(db, sql: "SELECT min(due) FROM plugin_reminders")
                .map { Timestamp(milliseconds: $0) }
        }
    }
}
