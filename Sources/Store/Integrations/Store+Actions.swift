import Desk
import Foundation
import GRDB
import JSONCoding
import Model

extension Store: ActionBook {
    package func begin(_ run: ActionRun) async throws(LogFailure) -> ActionRun {
        let document = Data(run.document.bytes())
        return try await write { db in
            let known = try Row.fetchOne(
                db,
                sql: "SELECT document FROM action_runs WHERE request = ?",
                arguments: [run.request]
            )
            if let known { return try Self.run(known) }
            try db.execute(
                sql: "INSERT INTO action_runs VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    run.id, run.request, run.action, run.state.rawValue, run.began.milliseconds,
                    document,
                ]
            )
            return run
        }
    }

    package func settle(_ run: ActionRun) async throws(LogFailure) {
        let document = Data(run.document.bytes())
        try await write { db in
            try db.execute(
                sql: "UPDATE action_runs SET state = ?, document = ? WHERE id = ?",
                arguments: [run.state.rawValue, document, run.id]
            )
        }
    }

    package func openRuns() async throws(LogFailure) -> [ActionRun] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT document FROM action_runs WHERE state = 'running' ORDER BY began"
            ).map(Self.run)
        }
    }

    package func run(_ id: String) async throws(LogFailure) -> ActionRun? {
        try await read { db in
            try Row.fetchOne(
                db,
                sql: "SELECT document FROM action_runs WHERE id = ?",
                arguments: [id]
            ).map(Self.run)
        }
    }

    package func run(ofRequest request: String) async throws(LogFailure) -> ActionRun? {
        try await read { db in
            try Row.fetchOne(
                db,
                sql: "SELECT document FROM action_runs WHERE request = ?",
                arguments: [request]
            ).map(Self.run)
        }
    }

    package func countRuns(
        of action: String,
        since time: Timestamp
    ) async throws(LogFailure) -> Int {
        try await read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM action_runs
                    WHERE action = ? AND began >= ? AND state <> 'failed'
                    """,
                arguments: [action, time.milliseconds]
            ) ?? 0
        }
    }

    private static func run(_ row: Row) throws -> ActionRun {
        guard let run = ActionRun(document: try json(row[0] as Data, "action")) else {
            throw LogFailure.corrupt("A stored action is unreadable.")
        }
        return run
    }
}

extension ActionRun {
    fileprivate var document: JSON {
        [
            "id": .string(id), "request": .string(request), "plugin": .string(plugin),
            "action": .string(action),
            "conversation": conversation.map { .string($0.description) } ?? .null,
            "input": input, "by": by, "state": .string(state.rawValue), "result": result,
            "began": .int(began.milliseconds),
            "ended": ended.map { .int($0.milliseconds) } ?? .null,
        ]
    }

    fileprivate init?(document json: JSON) {
        guard let id = json["id"]?.stringValue, let request = json["request"]?.stringValue,
            let plugin = json["plugin"]?.stringValue, let action = json["action"]?.stringValue,
            let state = json["state"]?.stringValue.flatMap(State.init(rawValue:)),
            let began = json["began"]?.intValue
        else { return nil }
        self.init(
            id: id,
            request: request,
            plugin: plugin,
            action: action,
            conversation: json["conversation"]?.stringValue.flatMap { ConversationID($0) },
            input: json["input"] ?? .null,
            by: json["by"] ?? .null,
            state: state,
            result: json["result"] ?? .null,
            began: Timestamp(milliseconds: Int64(began)),
            ended: json["ended"]?.intValue.map { Timestamp(milliseconds: Int64($0)) }
        )
    }
}
