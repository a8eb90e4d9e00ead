import Credentials
import Desk
import Foundation
import GRDB
import JSONCoding

/// Seals what the database holds of secrets, and opens it; any thread.
///
/// Secrets are: keys that the server makes for itself (``Store/secret(_:)``), and the `k` of sites'
/// HS256 keys. Everything else of a site's key can be read, public keys as a whole.
struct Vault: Sendable {
    private static let checkName = "key_check"
    private static let checkText = Array("maitred".utf8)

    private let seals: SealedSecrets

    init(_ key: [UInt8]) { seals = SealedSecrets(key) }

    /// The vault of a folder, whose key is made when nothing in the database is sealed yet.
    ///
    /// - Throws: `keyMissing`, `wrongKey` when what is sealed cannot be opened, `notUsable`.
    static func open(_ file: KeyFile, for db: Database) throws -> Vault {
        guard let check = try Meta.value(checkName, db) else {
            return Vault(try file.readOrMake())
        }
        let url = URL(fileURLWithPath: file.path)
        guard let key = try file.read() else { throw StoreFailure.keyMissing(url) }
        let vault = Vault(key)
        guard (try? vault.opened(check, checkName)) == checkText else {
            throw StoreFailure.wrongKey(url)
        }
        return vault
    }

    /// Notes which key the database's secrets are sealed with.
    func mark(_ db: Database) throws {
        try Meta.set(Self.checkName, to: sealed(Self.checkText, Self.checkName), db)
    }

    /// Seals what an older version left open; what is sealed stays as it is.
    func sealWhatLiesOpen(_ db: Database) throws {
        let named = try Row.fetchAll(
            db,
            sql: "SELECT name, value FROM meta WHERE name LIKE 'secret.%' AND length(value) = 32"
        )
        for row in named {
            let name = row[0] as String
            try Meta.set(name, to: sealed([UInt8](row[1] as Data), name), db)
        }
        for row in try Row.fetchAll(db, sql: "SELECT id, site, document FROM identity_keys") {
            let key = try Store.json(row[2], "identity key")
            guard key["k"] != nil else { continue }
            let document = Data(try seal(identityKey: key, of: row[1]).bytes())
            try db.execute(
                sql: "UPDATE identity_keys SET document = ? WHERE id = ?",
                arguments: [document, row[0] as Int64]
            )
        }
        try mark(db)
    }

    /// Removes what is sealed with another key, and marks the database as sealed with this one.
    ///
    /// - Returns: how many of sites' keys that were.
    func beginAnew(_ db: Database) throws -> Int {
        try db.execute(sql: "DELETE FROM meta WHERE name LIKE 'secret.%'")
        var lost = 0
        for row in try Row.fetchAll(db, sql: "SELECT id, document FROM identity_keys")
        where try Store.json(row[1], "identity key")["sealed"] != nil {
            try db.execute(
                sql: "DELETE FROM identity_keys WHERE id = ?",
                arguments: [row[0] as Int64]
            )
            lost += 1
        }
        try mark(db)
        return lost
    }

    // MARK: - The server's own keys

    func secret(_ name: String, _ db: Database) throws -> [UInt8]? {
        let name = "secret.\(name)"
        return try Meta.value(name, db).map { try opened($0, name) }
    }

    func keep(_ secret: [UInt8], as name: String, _ db: Database) throws {
        let name = "secret.\(name)"
        try Meta.set(name, to: sealed(secret, name), db)
    }

    // MARK: - Sites' keys

    /// A key as it is stored: what is secret of it is in `sealed` instead of `k`.
    func seal(identityKey key: JSON, of site: String) throws -> JSON {
        guard var members = key.objectValue, let secret = members["k"]?.stringValue else {
            return key
        }
        let text = try seals.seal(Array(secret.utf8), context: Self.context(site))
        members["k"] = nil
        members["sealed"] = .string(text)
        return .object(members)
    }

    /// A stored key as it was given.
    func open(identityKey stored: JSON, of site: String) throws -> JSON {
        guard var members = stored.objectValue, let text = members["sealed"]?.stringValue else {
            return stored
        }
        guard let secret = try? seals.open(text, context: Self.context(site)) else {
            throw LogFailure.corrupt("A stored identity key cannot be opened.")
        }
        members["sealed"] = nil
        members["k"] = .string(String(decoding: secret, as: UTF8.self))
        return .object(members)
    }

    private static func context(_ site: String) -> String { "\(site)/identity" }

    private func sealed(_ secret: [UInt8], _ context: String) throws -> Data {
        Data(try seals.seal(secret, context: context).utf8)
    }

    private func opened(_ stored: Data, _ context: String) throws -> [UInt8] {
        guard
            let secret = try? seals.open(
                String(decoding: stored, as: UTF8.self),
                context: context
            )
        else { throw LogFailure.corrupt("\(context) in the database cannot be opened.") }
        return secret
    }
}
