import Foundation
import GRDB
import JSONCoding
import Model

/// A file as the first version wrote it, word for word: what is released is never edited.
enum FirstSchema {
    static let conversation = ConversationID.make(at: TestWorkspace.time(0))

    /// Writes the file, with so many messages more than the one in it.
    static func write(to file: URL, moreEvents: Int = 0) throws {
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { db in
            try db.execute(sql: tables)
            try db.execute(
                sql: """
                    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
                    INSERT INTO grdb_migrations VALUES ('1');
                    INSERT INTO meta VALUES ('epoch', CAST('firstone' AS BLOB));
                    INSERT INTO obligations VALUES (1, 'idle', 1800000060000);
                    """
            )
            try fill(db)
            try db.execute(
                sql: """
                    WITH RECURSIVE more (n) AS (
                        SELECT 3 UNION ALL SELECT n + 1 FROM more WHERE n < ? + 2
                    )
                    INSERT INTO events
                    SELECT n, 1, n, n - 1, 'message', (SELECT payload FROM events WHERE seq = 2)
                    FROM more WHERE ? > 0
                    """,
                arguments: [moreEvents, moreEvents]
            )
        }
        try queue.close()
    }

    private static func fill(_ db: Database) throws {
        let contact = ContactID.make(at: TestWorkspace.time(0)).description
        let site = SiteID.make(at: TestWorkspace.time(0)).description
        let start: JSON = [
            "site": .string(site), "contact": .string(contact), "at": 1_800_000_000_000,
        ]
        let message: JSON = [
            "m": .string(MessageID.make(at: TestWorkspace.time(1)).description),
            "from": ["kind": "customer", "id": .string(contact)], "text": "Hello from long ago",
            "at": 1_800_000_001_000,
        ]
        let row: JSON = [
            "id": .string(conversation.description), "site": .string(site),
            "contact": .string(contact), "status": "bot", "owner": "bot", "epoch": 1, "head": 1,
            "public_head": 1, "started": 1_800_000_000_000, "updated": 1_800_000_000_000,
            "tags": [],
        ]
        try db.execute(
            sql: """
                INSERT INTO conversations VALUES (1, ?, ?, NULL, 'bot', NULL, 1, ?);
                INSERT INTO events VALUES (1, 1, 1, 0, 'started', ?);
                INSERT INTO events VALUES (2, 1, 2, 1, 'message', ?);
                """,
            arguments: [
                conversation.description, contact, Data(row.bytes()), Data(start.bytes()),
                Data(message.bytes()),
            ]
        )
    }

    private static let tables = """
        CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL)
            STRICT, WITHOUT ROWID;

        CREATE TABLE events (
            position INTEGER PRIMARY KEY,
            conversation INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            public_before INTEGER NOT NULL,
            kind TEXT NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX events_place ON events (conversation, seq);

        CREATE TABLE conversations (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            contact TEXT NOT NULL,
            start_cid TEXT,
            status TEXT NOT NULL,
            owner_agent TEXT,
            changed INTEGER NOT NULL,
            row BLOB
        ) STRICT;
        CREATE UNIQUE INDEX conversations_start ON conversations (contact, start_cid)
            WHERE start_cid IS NOT NULL;
        CREATE INDEX conversations_contact ON conversations (contact);
        CREATE INDEX conversations_status ON conversations (status, changed);
        CREATE INDEX conversations_owner ON conversations (owner_agent)
            WHERE owner_agent IS NOT NULL;

        CREATE TABLE obligations (
            conversation INTEGER NOT NULL,
            kind TEXT NOT NULL,
            due INTEGER NOT NULL,
            PRIMARY KEY (conversation, kind)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE contacts (
            id TEXT PRIMARY KEY NOT NULL,
            site TEXT NOT NULL,
            external_id TEXT,
            name TEXT,
            email TEXT,
            created INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX contacts_external ON contacts (site, external_id)
            WHERE external_id IS NOT NULL;

        CREATE TABLE visitors (
            hash TEXT PRIMARY KEY NOT NULL,
            contact TEXT NOT NULL,
            site TEXT NOT NULL,
            bound_to TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sites (id TEXT PRIMARY KEY NOT NULL, document BLOB NOT NULL) STRICT;
        CREATE TABLE identity_keys (
            id INTEGER PRIMARY KEY,
            site TEXT NOT NULL,
            document BLOB NOT NULL
        ) STRICT;
        CREATE INDEX identity_keys_site ON identity_keys (site);

        CREATE TABLE agents (
            id TEXT PRIMARY KEY NOT NULL,
            email TEXT NOT NULL UNIQUE,
            password_hash TEXT NOT NULL,
            document BLOB NOT NULL
        ) STRICT;
        CREATE TABLE console_sessions (
            hash TEXT PRIMARY KEY NOT NULL,
            agent TEXT NOT NULL,
            csrf TEXT NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE intents (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document BLOB NOT NULL
        ) STRICT;
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document BLOB NOT NULL
        ) STRICT;
        CREATE TABLE canned (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document BLOB NOT NULL
        ) STRICT;
        """
}
