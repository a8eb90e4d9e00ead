import Desk
import Foundation
import GRDB
import JSONCoding
import Model

extension Store {
    /// All sites in the order in which they were made.
    package func sites() async throws(LogFailure) -> [Site] {
        let (known, generation) = cache.value(\.sites)
        if let known { return known }
        let sites = try await read { db in
            try Row.fetchAll(db, sql: "SELECT id, document FROM sites ORDER BY rowid").map { row in
                try Self.decoded(row, "site") { Site(id: $0, json: $1) }
            }
        }
        cache.keep(readIn: generation) { $0.sites = sites }
        return sites
    }

    /// A site that is at hand; nil also when the sites have to be read first.
    package func known(_ id: SiteID) -> Site? {
        cache.value(\.sites).value?.first { $0.id == id }
    }

    package func site(_ id: SiteID) async throws(LogFailure) -> Site? {
        try await sites().first { $0.id == id }
    }

    /// Enters a site with the documents of the keys that sign its customers' identities.
    package func addSite(_ site: Site, keys: [JSON]) async throws(LogFailure) {
        let document = Data(site.json.bytes())
        try await write { [vault] db in
            try db.execute(
                sql: "INSERT INTO sites (id, document) VALUES (?, ?)",
                arguments: [site.id.description, document]
            )
            for key in keys { try Self.insert(key, of: site.id, vault, db) }
        }
        cache.forget { $0.sites = nil }
    }

    /// Replaces what is known of a site; nothing happens to one that does not exist.
    package func updateSite(_ site: Site) async throws(LogFailure) {
        let document = Data(site.json.bytes())
        try await write { db in
            try db.execute(
                sql: "UPDATE sites SET document = ? WHERE id = ?",
                arguments: [document, site.id.description]
            )
        }
        cache.forget { $0.sites = nil }
    }

    /// The documents of a site's identity keys, oldest first; their secrets are stored sealed.
    package func identityKeys(of site: SiteID) async throws(LogFailure) -> [JSON] {
        let (known, generation) = cache.value { $0.keys[site] }
        if let known { return known }
        let keys = try await read { [vault] db in
            try Data.fetchAll(
                db,
                sql: "SELECT document FROM identity_keys WHERE site = ? ORDER BY id",
                arguments: [site.description]
            ).map {
                try vault.open(identityKey: Self.json($0, "identity key"), of: site.description)
            }
        }
        cache.keep(readIn: generation) { $0.keys[site] = keys }
        return keys
    }

    package func addIdentityKey(
        _ document: JSON,
        to site: SiteID
    ) async throws(LogFailure) {
        try await write { [vault] db in try Self.insert(document, of: site, vault, db) }
        cache.forget { $0.keys[site] = nil }
    }

    /// Takes a site's key away, the nameless one for nil.
    ///
    /// - Returns: False when there is none.
    package func removeIdentityKey(
        named kid: String?,
        of site: SiteID
    ) async throws(LogFailure) -> Bool {
        let isGone = try await write { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT id, document FROM identity_keys WHERE site = ? ORDER BY id",
                arguments: [site.description]
            )
            for row in rows {
                let key = try Self.json(row[1], "identity key")
                guard key["kid"]?.stringValue == kid else { continue }
                try db.execute(
                    sql: "DELETE FROM identity_keys WHERE id = ?",
                    arguments: [row[0] as Int64]
                )
                return true
            }
            return false
        }
        cache.forget { $0.keys[site] = nil }
        return isGone
    }

    private static func insert(
        _ key: JSON,
        of site: SiteID,
        _ vault: Vault,
        _ db: Database
    ) throws {
        let document = try vault.seal(identityKey: key, of: site.description)
        try db.execute(
            sql: "INSERT INTO identity_keys (site, document) VALUES (?, ?)",
            arguments: [site.description, Data(document.bytes())]
        )
    }
}

// MARK: - Documents

extension Store {
    static func json(_ document: Data, _ what: String) throws -> JSON {
        do {
            return try document.withUnsafeBytes { bytes in try JSON(parsing: bytes) }
        } catch {
            throw LogFailure.corrupt("A stored \(what) is unreadable.")
        }
    }

    /// What the first two columns hold: an id and a document.
    static func decoded<Kind: IdentifierKind, Value>(
        _ row: Row,
        _ what: String,
        _ make: (Identifier<Kind>, JSON) -> Value?
    ) throws -> Value {
        guard let id = Identifier<Kind>(row[0] as String),
            let value = make(id, try json(row[1], what))
        else { throw LogFailure.corrupt("A stored \(what) is unreadable.") }
        return value
    }
}
