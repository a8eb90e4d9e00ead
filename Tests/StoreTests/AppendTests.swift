import Desk
import Foundation
import Model
import Store
import Testing

struct AppendTests {
    @Test func `numbers appends without gaps under fifty concurrent writers`() async throws {
        try await TestWorkspace.with { workspace in
            let conversations = try await withThrowingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask {
                        var conversation = try await workspace.start()
                        for number in 0..<20 { try await conversation.say("message \(number)") }
                        return conversation
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for conversation in conversations {
                let stored = try await workspace.store.events(
                    of: conversation.id,
                    after: 0,
                    limit: 1000
                )
                #expect(stored.map(\.sequence) == Array(1...21))
                #expect(stored.map(\.event) == conversation.events)
            }
            #expect(try await workspace.store.position() == 50 * 21)
        }
    }

    @Test func `lets one of fifty writers to the same conversation through`() async throws {
        try await TestWorkspace.with { workspace in
            let conversation = try await workspace.start()
            let results = await withTaskGroup { group in
                for number in 0..<50 {
                    group.addTask {
                        var conversation = conversation
                        do {
                            try await conversation.say("attempt \(number)")
                            return nil as LogFailure?
                        } catch {
                            return error as? LogFailure
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 == nil } == 1)
            #expect(results.count { $0 == .conflict(head: 2) } == 49)
            #expect(try await workspace.store.history(of: conversation.id).count == 2)
        }
    }

    @Test func `refuses another head, also of a conversation that does not exist`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            var behind = conversation
            try await conversation.say("first")
            await #expect(throws: LogFailure.conflict(head: 2)) { try await behind.say("late") }
            let unknown = AppendRequest(
                conversation: .make(at: TestWorkspace.time(1)),
                after: 3,
                publicHead: 3,
                events: [conversation.message("x")],
                row: nil,
                obligations: nil
            )
            await #expect(throws: LogFailure.conflict(head: 0)) {
                try await workspace.store.append(unknown)
            }
            var groundless = unknown
            groundless.after = 0
            await #expect(throws: LogFailure.corrupt("A conversation begins with its start.")) {
                try await workspace.store.append(groundless)
            }
        }
    }

    @Test func `answers a repeated start with the conversation that it made`() async throws {
        try await TestWorkspace.with { workspace in
            let contact = ContactID.make(at: TestWorkspace.time(0))
            let first = try await workspace.start(contact, clientID: "cid-1")
            await #expect(throws: LogFailure.repeatedStart(first.id)) {
                _ = try await workspace.start(contact, clientID: "cid-1")
            }
            _ = try await workspace.start(clientID: "cid-1")
            _ = try await workspace.start(contact)
            _ = try await workspace.start(contact)
            let store = workspace.store
            #expect(
                try await store.conversation(startedBy: contact, clientID: "cid-1") == first.id
            )
            #expect(try await store.conversation(startedBy: contact, clientID: "cid-2") == nil)
        }
    }

    @Test func `fails one request of many alone`() async throws {
        try await TestWorkspace.with { workspace in
            let contact = ContactID.make(at: TestWorkspace.time(0))
            _ = try await workspace.start(contact, clientID: "taken")
            // The second contact with this external id breaks a constraint in the middle of a batch,
            // which then is written again with a savepoint for each.
            let identified = Contact(
                id: contact,
                site: workspace.site,
                externalID: "u1",
                createdAt: TestWorkspace.time(0)
            )
            try await workspace.store.save(identified)
            var twin = identified
            twin.id = .make(at: TestWorkspace.time(1))
            let failures = await withTaskGroup { group in
                for number in 0..<60 {
                    group.addTask { [twin] in
                        do {
                            switch number % 3 {
                            case 0: _ = try await workspace.start(contact, clientID: "taken")
                            case 1: try await workspace.store.save(twin)
                            default:
                                var conversation = try await workspace.start()
                                try await conversation.say("hello")
                            }
                            return false
                        } catch {
                            return true
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(failures == 40)
            #expect(try await workspace.store.rows(RowQuery(limit: 100)).count == 21)
            #expect(workspace.store.health == .ok)
        }
    }

    @Test func `keeps what is owed until the next complete set`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            let turn = Obligation(kind: .turn, due: TestWorkspace.time(5))
            let idle = Obligation(kind: .idle, due: TestWorkspace.time(60))
            try await conversation.append([conversation.message("a")], obligations: [turn, idle])
            try await conversation.say("b")
            var owed = try await workspace.store.obligations()
            #expect(Set(owed.map(\.1)) == [turn, idle])
            #expect(owed.allSatisfy { $0.0 == conversation.id })
            try await conversation.append([conversation.message("c")], obligations: [idle])
            owed = try await workspace.store.obligations()
            #expect(owed.map(\.1) == [idle])
            try await conversation.append([conversation.message("d")], obligations: [])
            #expect(try await workspace.store.obligations().isEmpty)
        }
    }

    @Test func `moves deadlines with the clock, and leaves snoozes where they are`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            let idle = Obligation(kind: .idle, due: TestWorkspace.time(60))
            let wake = Obligation(kind: .wake, due: TestWorkspace.time(60))
            try await conversation.append([conversation.message("a")], obligations: [idle, wake])
            try await workspace.store.moveDeadlines(by: .seconds(-20))
            let moved = Obligation(kind: .idle, due: TestWorkspace.time(40))
            #expect(Set(try await workspace.store.obligations().map(\.1)) == [moved, wake])
        }
    }

    @Test func `names the public predecessor of every event`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            try await conversation.append([conversation.note("n"), conversation.message("m")])
            try await conversation.append([conversation.note("n"), conversation.message("m")])
            let stored = try await workspace.store.events(
                of: conversation.id,
                after: 1,
                limit: 3
            )
            #expect(stored.map(\.sequence) == [2, 3, 4])
            #expect(stored.map(\.publicPredecessor) == [1, 1, 3])
        }
    }
}
