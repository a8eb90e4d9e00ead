import Desk
import Foundation
import GRDB
import JSONCoding
import Model

extension Store {
    /// All agents in the order in which they were made.
    package func agents() async throws(LogFailure) -> [Agent] {
        let (known, generation) = cache.value(\.agents)
        if let known { return known }
        let agents = try await read { db in
            try Row.fetchAll(db, sql: "SELECT id, document, email FROM agents ORDER BY rowid")
                .map(Self.agent)
        }
        cache.keep(readIn: generation) { $0.agents = agents }
        return agents
    }

    package func agent(_ id: AgentID) async throws(LogFailure) -> Agent? {
        try await agents().first { $0.id == id }
    }

    /// Enters an agent; the address is kept in lower case.
    ///
    /// - Returns: false when somebody has that address already.
    package func addAgent(
        _ agent: Agent,
        passwordHash: String
    ) async throws(LogFailure) -> Bool {
        let document = Data(agent.json.bytes())
        let email = agent.email.lowercased()
        let isNew = try await write { db in
            let isTaken = try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM agents WHERE email = ?)",
                arguments: [email]
            )
            if isTaken == true { return false }
            try db.execute(
                sql: "INSERT INTO agents (id, email, password_hash, document) VALUES (?, ?, ?, ?)",
                arguments: [agent.id.description, email, passwordHash, document]
            )
            return true
        }
        cache.forget { $0.agents = nil }
        return isNew
    }

    /// Who has an address, with the hash of their password; upper and lower case are the same.
    package func signIn(
        email: String
    ) async throws(LogFailure) -> (agent: Agent, passwordHash: String)? {
        let email = email.lowercased()
        return try await read { db in
            try Row.fetchOne(
                db,
                sql: "SELECT id, document, email, password_hash FROM agents WHERE email = ?",
                arguments: [email]
            ).map { row in (try Self.agent(row), row[3]) }
        }
    }

    package func setPasswordHash(
        _ hash: String,
        of agent: AgentID
    ) async throws(LogFailure) {
        try await write { db in
            try db.execute(
                sql: "UPDATE agents SET password_hash = ? WHERE id = ?",
                arguments: [hash, agent.description]
            )
        }
    }

    private static func agent(_ row: Row) throws -> Agent {
        try decoded(row, "agent") { Agent(id: $0, email: row[2], json: $1) }
    }

    // MARK: - Console sessions

    /// Keeps a session under the hash of its cookie.
    package func saveConsoleSession(
        hash: String,
        _ session: ConsoleSession
    ) async throws(LogFailure) {
        try await write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO console_sessions VALUES (?, ?, ?, ?)",
                arguments: [
                    hash, session.agent.description, session.csrf, session.expires.milliseconds,
                ]
            )
        }
    }

    /// The session of a cookie, whether it has run out or not.
    package func consoleSession(hash: String) async throws(LogFailure) -> ConsoleSession? {
        try await read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: "SELECT agent, csrf, expires FROM console_sessions WHERE hash = ?"
                ),
                arguments: [hash]
            )
            return row.flatMap { row in
                AgentID(row[0] as String).map { agent in
                    ConsoleSession(
                        agent: agent,
                        csrf: row[1],
                        expires: Timestamp(milliseconds: row[2])
                    )
                }
            }
        }
    }

    package func removeConsoleSession(hash: String) async throws(LogFailure) {
        try await write { db in
            try db.execute(sql: "DELETE FROM console_sessions WHERE hash = ?", arguments: [hash])
        }
    }
}
