import GRDB

/// The tables of the store, as the steps that lead to them.
///
/// Steps are never edited once released: a change is another step.
package struct Schema: Sendable {
    package struct Step: Sendable {
        /// Statements separated by semicolons.
        package var sql: String
        /// What it does for each row of something; nil when it is done at once.
        package var work: Work?
        /// Whether secrets that lie open are sealed in it, after its statements.
        package var seals: Bool

        package init(sql: String, work: Work? = nil, seals: Bool = false) {
            self.sql = sql
            self.work = work
            self.seals = seals
        }
    }

    /// How long a step takes, as far as that can be known before: for its progress.
    package struct Work: Sendable {
        /// A query for the number of rows.
        package var rows: String
        /// How many instructions SQLite carries out for each, as measured.
        package var instructions: Int

        package init(rows: String, instructions: Int) {
            self.rows = rows
            self.instructions = instructions
        }
    }

    package var steps: [Step]

    package init(steps: [Step]) { self.steps = steps }

    package static let current = Schema(
        steps: [.first, .places, .learning, .integrations, .files, .sealing, .workflows]
    )

    package var version: Int { steps.count }

    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, step) in steps.enumerated() {
            migrator.registerMigration("\(index + 1)") { db in try db.execute(sql: step.sql) }
        }
        return migrator
    }
}

extension Schema.Step {
    /// What has come of decisions, what that changed, and the keys of programs that ask.
    static let learning = Schema.Step(
        sql: """
            CREATE TABLE outcomes (
                id INTEGER PRIMARY KEY,
                position INTEGER NOT NULL,
                document BLOB NOT NULL,
                reference TEXT UNIQUE,
                voided INTEGER
            ) STRICT;
            CREATE TABLE standing_changes (
                entry INTEGER NOT NULL,
                intent TEXT NOT NULL,
                document BLOB NOT NULL,
                PRIMARY KEY (entry, intent)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE api_keys (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                hash TEXT NOT NULL UNIQUE,
                scopes TEXT NOT NULL,
                created INTEGER NOT NULL
            ) STRICT;
            """
    )

    /// What plugins and webhooks need remembered.
    static let integrations = Schema.Step(
        sql: """
            CREATE TABLE plugins (
                id TEXT PRIMARY KEY NOT NULL,
                enabled INTEGER NOT NULL,
                config BLOB NOT NULL,
                secrets TEXT,
                document BLOB NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE plugin_values (
                plugin TEXT NOT NULL,
                key TEXT NOT NULL,
                until INTEGER,
                bytes INTEGER NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (plugin, key)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE plugin_reminders (
                plugin TEXT NOT NULL,
                name TEXT NOT NULL,
                key TEXT NOT NULL,
                due INTEGER NOT NULL,
                period INTEGER,
                payload BLOB NOT NULL,
                PRIMARY KEY (plugin, name, key)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX plugin_reminders_due ON plugin_reminders (due);
            CREATE TABLE action_runs (
                id TEXT PRIMARY KEY NOT NULL,
                request TEXT NOT NULL UNIQUE,
                action TEXT NOT NULL,
                state TEXT NOT NULL,
                began INTEGER NOT NULL,
                document BLOB NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX action_runs_action ON action_runs (action, began);
            CREATE INDEX action_runs_open ON action_runs (began) WHERE state = 'running';
            CREATE INDEX contacts_email ON contacts (email COLLATE NOCASE) WHERE email IS NOT NULL;
            CREATE TABLE readers (name TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL)
                STRICT, WITHOUT ROWID;
            CREATE TABLE webhook_endpoints (
                id INTEGER PRIMARY KEY, document BLOB NOT NULL, secrets TEXT NOT NULL
            ) STRICT;
            CREATE TABLE webhook_deliveries (
                id INTEGER PRIMARY KEY,
                endpoint INTEGER NOT NULL,
                event TEXT NOT NULL,
                body BLOB NOT NULL,
                state TEXT NOT NULL,
                due INTEGER,
                document BLOB NOT NULL,
                UNIQUE (endpoint, event)
            ) STRICT;
            CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due) WHERE due IS NOT NULL;
            """
    )

    /// Secrets are sealed with a key that is not in the file.
    ///
    /// What they were is overwritten where it was, not only forgotten.
    static let sealing = Schema.Step(sql: "PRAGMA secure_delete = ON", seals: true)

    /// Workflows as they were written, in YAML.
    static let workflows = Schema.Step(
        sql: """
            CREATE TABLE workflows (
                id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document BLOB NOT NULL
            ) STRICT;
            """
    )

    /// What was uploaded; without a conversation it waits for its message.
    static let files = Schema.Step(
        sql: """
            CREATE TABLE files (
                id TEXT PRIMARY KEY NOT NULL,
                uploader TEXT NOT NULL,
                conversation INTEGER,
                name TEXT NOT NULL,
                type TEXT NOT NULL,
                size INTEGER NOT NULL,
                width INTEGER,
                height INTEGER,
                sha256 TEXT NOT NULL,
                created INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX files_uploader ON files (uploader, created);
            CREATE INDEX files_unsent ON files (created) WHERE conversation IS NULL;
            """
    )

    /// Where a conversation's events are, in a table of its own.
    ///
    /// What a row of the log costs is the pages it dirties. In an index of `events` each message went
    /// to another page; now the latest events are found by position alone, and their places are
    /// written many at a time, in order.
    static let places = Schema.Step(
        sql: """
            CREATE TABLE places (
                conversation INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                position INTEGER NOT NULL,
                PRIMARY KEY (conversation, seq)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO places SELECT conversation, seq, position FROM events
                ORDER BY conversation, seq;
            CREATE TABLE placed (position INTEGER NOT NULL) STRICT;
            INSERT INTO placed SELECT coalesce(max(position), 0) FROM events;
            DROP INDEX events_place;
            """,
        work: Schema.Work(rows: "SELECT max(position) FROM events", instructions: 20)
    )

    static let first = Schema.Step(
        sql: """
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
    )
}
