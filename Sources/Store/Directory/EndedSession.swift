import Desk
import Foundation
import GRDB
import JSONCoding
import Model

/// A widget's session that was ended before its token runs out, known by the token's hash.
package struct EndedSession: Hashable, Sendable {
    package var token: String
    /// When the token runs out by itself and nothing has to be remembered.
    package var until: Timestamp

    package init(token: String, until: Timestamp) {
        self.token = token
        self.until = until
    }
}

extension EndedSession {
    private static let name = "ended_sessions"

    static func all(_ db: Database) throws -> [EndedSession] {
        guard let data = try Meta.value(name, db), let json = try? JSON(parsing: Array(data))
        else { return [] }
        return (json.objectValue ?? [:]).members.compactMap { token, until in
            until.intValue.map {
                EndedSession(token: token, until: Timestamp(milliseconds: Int64($0)))
            }
        }
    }

    static func set(_ sessions: [EndedSession], _ db: Database) throws {
        var json = JSON.Object()
        for session in sessions { json[session.token] = .int(session.until.milliseconds) }
        try Meta.set(name, to: Data(JSON.object(json).bytes()), db)
    }
}

extension Store {
    /// Remembers which sessions were ended, instead of those before.
    package func save(_ sessions: [EndedSession]) async throws(LogFailure) {
        try await write { db in try EndedSession.set(sessions, db) }
    }
}
