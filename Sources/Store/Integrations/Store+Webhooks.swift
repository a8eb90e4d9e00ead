import Desk
import Foundation
import GRDB
import JSONCoding
import Model

/// An address of another program that is told what happens.
package struct WebhookEndpoint: Hashable, Sendable {
    /// 0 for one that is not kept yet.
    package var id: Int64
    /// What its owner sees and changes: `{url, types, description, …}`.
    package var document: JSON.Object
    /// Its signing secrets, sealed.
    package var secrets: String

    package init(id: Int64, document: JSON.Object, secrets: String) {
        self.id = id
        self.document = document
        self.secrets = secrets
    }
}

/// One event on its way to one endpoint.
package struct WebhookDelivery: Hashable, Sendable {
    package enum State: String, Sendable {
        case pending, delivered, failed, cancelled
    }

    /// 0 for one that is not kept yet.
    package var id: Int64
    package var endpoint: Int64
    /// The event's id; the endpoint is told of it once.
    package var event: String
    /// What is sent, byte for byte, each time.
    package var body: [UInt8]
    package var state: State
    /// When the next attempt is; nil when none is.
    package var due: Timestamp?
    /// `{type, attempts: [{at, status, error, ms}]}`.
    package var document: JSON.Object

    package init(
        id: Int64,
        endpoint: Int64,
        event: String,
        body: [UInt8],
        state: State,
        due: Timestamp?,
        document: JSON.Object
    ) {
        self.id = id
        self.endpoint = endpoint
        self.event = event
        self.body = body
        self.state = state
        self.due = due
        self.document = document
    }
}

extension Store {
    // MARK: - Endpoints

    package func webhookEndpoints() async throws(LogFailure) -> [WebhookEndpoint] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT id, document, secrets FROM webhook_endpoints")
                .map { row in
                    WebhookEndpoint(
                        id: row[0],
                        document: try Self.json(row[1] as Data, "webhook").objectValue ?? [:],
                        secrets: row[2]
                    )
                }
        }
    }

    /// Enters an endpoint or replaces it; returns its id.
    package func keep(_ endpoint: WebhookEndpoint) async throws(LogFailure) -> Int64 {
        let document = Data(JSON.object(endpoint.document).bytes())
        return try await write { db in
            try db.execute(
                sql: """
                    INSERT INTO webhook_endpoints (id, document, secrets) VALUES (?, ?, ?)
                    ON CONFLICT (id) DO UPDATE
                        SET document = excluded.document, secrets = excluded.secrets
                    """,
                arguments: [endpoint.id == 0 ? nil : endpoint.id, document, endpoint.secrets]
            )
            return endpoint.id == 0 ? db.lastInsertedRowID : endpoint.id
        }
    }

    /// Forgets an endpoint with everything that was on its way there.
    package func removeWebhookEndpoint(_ id: Int64) async throws(LogFailure) {
        try await write { db in
            try db.execute(sql: "DELETE FROM webhook_endpoints WHERE id = ?", arguments: [id])
            try db.execute(
                sql: "DELETE FROM webhook_deliveries WHERE endpoint = ?",
                arguments: [id]
            )
        }
    }

    // MARK: - Deliveries

    /// Enters deliveries, each once, and moves the reader's place with them.
    package func enter(
        _ deliveries: [WebhookDelivery],
        reader: String,
        upTo position: Int64
    ) async throws(LogFailure) {
        let rows = deliveries.map { ($0, Data($0.body), Data(JSON.object($0.document).bytes())) }
        try await write { db in
            for (delivery, body, document) in rows {
                try db.execute(
                    sql: """
                        INSERT OR IGNORE INTO webhook_deliveries
                            (endpoint, event, body, state, due, document)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        delivery.endpoint, delivery.event, body, delivery.state.rawValue,
                        delivery.due?.milliseconds, document,
                    ]
                )
            }
            try db.execute(
                sql: "INSERT OR REPLACE INTO readers VALUES (?, ?)",
                arguments: [reader, position]
            )
        }
    }

    package func webhookDeliveries(
        dueAt time: Timestamp,
        limit: Int
    ) async throws(LogFailure) -> [WebhookDelivery] {
        try await read { db in
            try Self.deliveries(db, "due <= ? ORDER BY due LIMIT ?", [time.milliseconds, limit])
        }
    }

    /// Deliveries to an endpoint, newest first.
    package func webhookDeliveries(
        to endpoint: Int64,
        state: WebhookDelivery.State?,
        before id: Int64?,
        limit: Int
    ) async throws(LogFailure) -> [WebhookDelivery] {
        try await read { db in
            try Self.deliveries(
                db,
                """
                endpoint = ?1 AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR id < ?3)
                ORDER BY id DESC LIMIT ?4
                """,
                [endpoint, state?.rawValue, id, limit]
            )
        }
    }

    package func webhookDelivery(_ id: Int64) async throws(LogFailure) -> WebhookDelivery? {
        try await read { db in try Self.deliveries(db, "id = ?", [id]).first }
    }

    /// Keeps what came of an attempt.
    package func settle(_ delivery: WebhookDelivery) async throws(LogFailure) {
        let document = Data(JSON.object(delivery.document).bytes())
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE webhook_deliveries SET state = ?, due = ?, document = ? WHERE id = ?
                    """,
                arguments: [
                    delivery.state.rawValue, delivery.due?.milliseconds, document, delivery.id,
                ]
            )
        }
    }

    /// Has everything that is on its way to an endpoint stopped.
    package func cancelWebhookDeliveries(to endpoint: Int64) async throws(LogFailure) {
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE webhook_deliveries SET state = 'cancelled', due = NULL
                    WHERE endpoint = ? AND state = 'pending'
                    """,
                arguments: [endpoint]
            )
        }
    }

    /// Has deliveries that failed or were cancelled since a time sent again; returns how many.
    package func replayWebhookDeliveries(
        to endpoint: Int64,
        since time: Timestamp,
        at now: Timestamp
    ) async throws(LogFailure) -> Int {
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE webhook_deliveries SET state = 'pending', due = ?
                    WHERE endpoint = ? AND state IN ('failed', 'cancelled')
                        AND json_extract(CAST(document AS TEXT), '$.at') >= ?
                    """,
                arguments: [now.milliseconds, endpoint, time.milliseconds]
            )
            return db.changesCount
        }
    }

    /// Forgets deliveries that came to an end before a time.
    package func forgetWebhookDeliveries(before time: Timestamp) async throws(LogFailure) {
        try await write { db in
            try db.execute(
                sql: """
                    DELETE FROM webhook_deliveries WHERE due IS NULL
                        AND json_extract(CAST(document AS TEXT), '$.at') < ?
                    """,
                arguments: [time.milliseconds]
            )
        }
    }

    private static func deliveries(
        _ db: Database,
        _ condition: String,
        _ arguments: StatementArguments
    ) throws -> [WebhookDelivery] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT id, endpoint, event, body, state, due, document FROM webhook_deliveries
                WHERE \(condition)
                """,
            arguments: arguments
        ).map { row in
            WebhookDelivery(
                id: row[0],
                endpoint: row[1],
                event: row[2],
                body: [UInt8](row[3] as Data),
                state: WebhookDelivery.State(rawValue: row[4]) ?? .failed,
                due: (row[5] as Int64?).map { Timestamp(milliseconds: $0) },
                document: try json(row[6] as Data, "delivery").objectValue ?? [:]
            )
        }
    }
}
