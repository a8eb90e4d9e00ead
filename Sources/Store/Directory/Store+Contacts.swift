import Desk
import GRDB
import Model

extension Store {
    /// A contact who is at hand; nil also when they have to be read first.
    package func known(_ id: ContactID) -> Contact? { cache.value { $0.contacts[id] }.value }

    package func contact(_ id: ContactID) async throws(LogFailure) -> Contact? {
        let (known, generation) = cache.value { $0.contacts[id] }
        if let known { return known }
        let contact = try await lookUp { snapshot in
            try Self.contact(snapshot.db, "id = ?", [id.description])
        }
        if let contact { cache.keep(readIn: generation) { $0.contacts[id] = contact } }
        return contact
    }

    /// The contact whom the embedding product knows by an id.
    package func contact(
        site: SiteID,
        externalID: String
    ) async throws(LogFailure) -> Contact? {
        try await read { db in
            try Self.contact(
                db,
                "site = ? AND external_id = ?",
                [site.description, externalID]
            )
        }
    }

    /// Inserts or updates a contact.
    ///
    /// - Throws: `conflict` when another contact of the site has the external id: read that one.
    package func save(_ contact: Contact) async throws(LogFailure) {
        try await write { db in try Self.save(contact, db) }
        cache.forget { $0.contacts[contact.id] = nil }
    }

    /// Inserts a contact whose id was made for them just now, and their visitor token's hash.
    ///
    /// Nobody else can have begun anything for them: their conversations need not be looked for.
    package func add(_ contact: Contact, visitor hash: String) async throws(LogFailure) {
        let record = VisitorRecord(contact: contact.id, site: contact.site)
        newcomers.add(contact.id)
        try await write { db in
            try Self.save(contact, db)
            try Self.saveVisitor(hash, record, db)
        }
    }

    private static func save(_ contact: Contact, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO contacts (id, site, external_id, name, email, created)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET site = excluded.site,
                    external_id = excluded.external_id, name = excluded.name,
                    email = excluded.email, created = excluded.created
                """
        ).execute(arguments: [
            contact.id.description, contact.site.description, contact.externalID,
            contact.name, contact.email, contact.createdAt.milliseconds,
        ])
    }

    static func contact(
        _ db: Database,
        _ condition: String,
        _ arguments: StatementArguments
    ) throws -> Contact? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT id, site, external_id, name, email, created
                    FROM contacts WHERE \(condition)
                    """
            ),
            arguments: arguments
        )
        guard let row else { return nil }
        guard let id = ContactID(row[0] as String), let site = SiteID(row[1] as String) else {
            throw LogFailure.corrupt("A stored contact is unreadable.")
        }
        return Contact(
            id: id,
            site: site,
            name: row[3],
            email: row[4],
            externalID: row[2],
            createdAt: Timestamp(milliseconds: row[5])
        )
    }

    // MARK: - Visitors

    /// Whose visitor token has a hash.
    package func visitor(hash: String) async throws(LogFailure) -> VisitorRecord? {
        try await read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: "SELECT contact, site, bound_to FROM visitors WHERE hash = ?"
                ),
                arguments: [hash]
            )
            guard let row else { return nil }
            guard let contact = ContactID(row[0] as String), let site = SiteID(row[1] as String)
            else { throw LogFailure.corrupt("A stored visitor is unreadable.") }
            return VisitorRecord(contact: contact, site: site, boundTo: row[2])
        }
    }

    /// Keeps a visitor token's hash, or changes what it stands for.
    package func saveVisitor(
        hash: String,
        _ record: VisitorRecord
    ) async throws(LogFailure) {
        try await write { db in try Self.saveVisitor(hash, record, db) }
    }

    private static func saveVisitor(
        _ hash: String,
        _ record: VisitorRecord,
        _ db: Database
    ) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO visitors VALUES (?, ?, ?, ?)")
            .execute(arguments: [
                hash, record.contact.description, record.site.description, record.boundTo,
            ])
    }

    package func removeVisitor(hash: String) async throws(LogFailure) {
        try await write { db in
            try db.execute(sql: "DELETE FROM visitors WHERE hash = ?", arguments: [hash])
        }
    }

    /// Moves an anonymous contact's conversations and uploads to an identified one.
    ///
    /// Their logs stay as they are; reading tells the new contact. A client id by which both started
    /// a conversation stays with the identified contact's own.
    ///
    /// - Returns: the conversations moved; live ones must be loaded again.
    package func claim(
        from anonymous: ContactID,
        to identified: ContactID
    ) async throws(LogFailure) -> [ConversationID] {
        if anonymous == identified { return [] }
        newcomers.remove(identified)
        let (from, to) = (anonymous.description, identified.description)
        return try await write { db in
            let keys = try String.fetchAll(
                db,
                sql: "SELECT key FROM conversations WHERE contact = ? ORDER BY id",
                arguments: [from]
            )
            try db.execute(
                sql: """
                    UPDATE conversations SET start_cid = NULL
                    WHERE contact = ? AND start_cid IN (
                        SELECT start_cid FROM conversations
                        WHERE contact = ? AND start_cid IS NOT NULL)
                    """,
                arguments: [from, to]
            )
            try db.execute(
                sql: "UPDATE conversations SET contact = ? WHERE contact = ?",
                arguments: [to, from]
            )
            try db.execute(
                sql: "UPDATE files SET uploader = ? WHERE uploader = ?",
                arguments: [to, from]
            )
            return keys.compactMap { ConversationID($0) }
        }
    }
}
