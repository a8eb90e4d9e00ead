import Foundation
import GRDB

/// Single values that belong to the workspace as a whole.
enum Meta {
    static func value(_ name: String, _ db: Database) throws -> Data? {
        try Data.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
    }

    static func set(_ name: String, to value: Data, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)",
            arguments: [name, value]
        )
    }

    static func number(_ name: String, _ db: Database) throws -> Int {
        try value(name, db).flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    static func set(_ name: String, to number: Int, _ db: Database) throws {
        try set(name, to: Data("\(number)".utf8), db)
    }

    /// Clients that hold another word fetch everything anew.
    static func epoch(_ db: Database) throws -> String {
        guard let word = try value("epoch", db) else {
            throw StoreFailure.unreadable("maitred.sqlite has no epoch.")
        }
        return String(decoding: word, as: UTF8.self)
    }

    static func makeEpoch(_ db: Database) throws {
        let letters = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        var generator = SystemRandomNumberGenerator()
        let word = (0..<8).map { _ in
            letters[Int.random(in: 0..<letters.count, using: &generator)]
        }
        try set("epoch", to: Data(word), db)
    }
}

/// Where the log ends.
enum LogPosition {
    static func last(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT max(position) FROM events") ?? 0
    }
}
