import Desk
import Foundation
import GRDB
import JSONCoding
import Knowledge
import Model

extension Store {
    /// Intents, articles, canned replies and workflows as they stand; sites and agents are not in it.
    package func content() async throws(LogFailure) -> Workspace {
        let (known, generation) = cache.value(\.content)
        if let known { return known }
        let content = try await read { db in
            Workspace(
                intents: try Self.documents("intents", db, IntentDefinition.init(json:)),
                articles: try Self.documents("articles", db, Article.init(json:)),
                canned: try Self.documents("canned", db, CannedReply.init(json:)),
                workflows: try Self.workflows(db),
                automation: try Meta.value("automation", db).map {
                    Automation(json: try Self.json($0, "automation"))
                } ?? Automation()
            )
        }
        cache.keep(readIn: generation) { $0.content = content }
        return content
    }

    /// A number that rises with every change of the content.
    package func contentVersion() async throws(LogFailure) -> Int {
        try await read { db in try Meta.number("content_version", db) }
    }

    /// Adds intents or replaces those of the same names.
    package func saveIntents(_ intents: [IntentDefinition]) async throws(LogFailure) {
        try await save("intents", intents.map { ($0.name, Data($0.json.bytes())) })
    }

    /// Adds articles or replaces those of the same ids.
    package func saveArticles(_ articles: [Article]) async throws(LogFailure) {
        try await save("articles", articles.map { ($0.id, Data($0.json.bytes())) })
    }

    /// Adds canned replies or replaces those of the same ids.
    package func saveCanned(_ replies: [CannedReply]) async throws(LogFailure) {
        try await save("canned", replies.map { ($0.id, Data($0.json.bytes())) })
    }

    /// Adds workflows or replaces those of the same names.
    package func saveWorkflows(_ workflows: [WorkflowDocument]) async throws(LogFailure) {
        try await save("workflows", workflows.map { ($0.name, Data($0.text.utf8)) })
    }

    /// Removes a workflow; false when there is none of that name.
    package func removeWorkflow(_ name: String) async throws(LogFailure) -> Bool {
        let isRemoved = try await write { db in
            try db.execute(sql: "DELETE FROM workflows WHERE name = ?", arguments: [name])
            guard db.changesCount > 0 else { return false }
            try Meta.set("content_version", to: Meta.number("content_version", db) + 1, db)
            return true
        }
        cache.forget { $0.content = nil }
        return isRemoved
    }

    private static func workflows(_ db: Database) throws -> [WorkflowDocument] {
        let rows = try Row.fetchAll(db, sql: "SELECT name, document FROM workflows ORDER BY id")
        return try rows.map { row in
            let text = String(decoding: row["document"] as Data, as: UTF8.self)
            guard let document = WorkflowDocument(name: row["name"], text: text) else {
                throw LogFailure.corrupt("A stored workflow is unreadable.")
            }
            return document
        }
    }

    /// Replaces how sure the assistant must be.
    package func saveAutomation(_ automation: Automation) async throws(LogFailure) {
        let document = Data(automation.json.bytes())
        try await write { db in
            try Meta.set("automation", to: document, db)
            try Meta.set("content_version", to: Meta.number("content_version", db) + 1, db)
        }
        cache.forget { $0.content = nil }
    }

    private func save(
        _ table: String,
        _ documents: [(name: String, document: Data)]
    ) async throws(LogFailure) {
        if documents.isEmpty { return }
        try await write { db in
            let statement = try db.makeStatement(
                sql: """
                    INSERT INTO \(table) (name, document) VALUES (?, ?)
                    ON CONFLICT (name) DO UPDATE SET document = excluded.document
                    """
            )
            for (name, document) in documents {
                try statement.execute(arguments: [name, document])
            }
            try Meta.set("content_version", to: Meta.number("content_version", db) + 1, db)
        }
        cache.forget { $0.content = nil }
    }

    private static func documents<Value>(
        _ table: String,
        _ db: Database,
        _ make: (JSON) -> Value?
    ) throws -> [Value] {
        try Data.fetchAll(db, sql: "SELECT document FROM \(table) ORDER BY id").map { document in
            guard let value = make(try json(document, "document of \(table)")) else {
                throw LogFailure.corrupt("A stored document of \(table) is unreadable.")
            }
            return value
        }
    }

    /// 32 random bytes under a name, made on first use and then always the same; stored sealed.
    package func secret(_ name: String) async throws(LogFailure) -> [UInt8] {
        let (known, generation) = cache.value { $0.secrets[name] }
        if let known { return known }
        var generator = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let secret = try await write { [vault] db in
            if let kept = try vault.secret(name, db) { return kept }
            try vault.keep(fresh, as: name, db)
            return fresh
        }
        cache.keep(readIn: generation) { $0.secrets[name] = secret }
        return secret
    }
}
