import Desk
import JSONCoding
import Model
import PluginHost
import Testing

/// `maitred.conversations/1`, `maitred.contacts/1`, `maitred.events/1` and `maitred.metrics/1`.
struct DeskServicesTests {
    private let desk = PlayedDesk()
    private var id: JSON { .string(desk.conversation.description) }

    private func host(
        _ workshop: PluginWorkshop,
        state: MemoryState = MemoryState(),
        _ permissions: JSON.Object
    ) async throws -> PluginHost {
        let id = try await ServicePlugin.build(workshop, permissions: permissions)
        return await workshop.host([id], services: PluginWorkshop.services(state, desk: desk))
    }

    @Test func `a conversation is told as far as the permissions go`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, ["read": ["conversation.meta"]])
            let out = try await host.ask("conversations/1 get", ["conversation": id]).out
            #expect(out["status"] == "bot" && out["tags"] == ["vip"])
            #expect(out["url"] == .string(desk.url(of: desk.conversation)))
            #expect(out["messages"] == [] && out["page"] == .null)
            let contact: JSON = [
                "id": .string(desk.contact.id.description), "verified": true,
            ]
            #expect(out["contact"] == contact)
            await host.stop()
        }
        try await PluginWorkshop.with { workshop in
            let reads: JSON = ["conversation.meta", "conversation.messages"]
            let host = try await host(workshop, ["read": reads])
            let out = try await host.ask("conversations/1 get", ["conversation": id]).out
            let message = out["messages"]?.arrayValue?.first
            #expect(message?["text"] == "Where is my order?" && message?["name"] == .null)
            await host.stop()
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(
                workshop,
                [
                    "read": [
                        "conversation.meta", "conversation.messages", "conversation.page",
                        "contact.name", "contact.email", "contact.external_id",
                    ]
                ]
            )
            let out = try await host.ask("conversations/1 get", ["conversation": id]).out
            #expect(out["messages"]?.arrayValue?.first?["name"] == "Ada")
            #expect(out["page"] == "/orders")
            #expect(out["contact"]?["email"] == "ada@example.com")
            #expect(out["contact"]?["name"] == "Ada" && out["contact"]?["external_id"] == "u_1")
            await host.stop()
        }
    }

    @Test func `who may only write may not read, and writes only what was granted`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, ["write": ["conversation.note"]])
            let refused: [(String, JSON.Object)] = [
                ("get", [:]), ("message", ["text": "x", "id": "12345678"]),
                ("reply", ["text": "x", "id": "12345678", "agent_email": "a@example.com"]),
                ("post", ["text": "x", "id": "12345678"]), ("tag", ["add": ["x"]]),
                ("facts", ["facts": ["a": 1]]),
            ]
            for (method, input) in refused {
                var input = input
                input["conversation"] = id
                let answer = try await host.ask("conversations/1 \(method)", input)
                #expect(answer.status == ServiceAnswer.denied, "\(method)")
            }
            #expect(desk.wishes.isEmpty)
            let note = try await host.ask(
                "conversations/1 note",
                ["conversation": id, "text": "Refunded."]
            )
            #expect(note.status == ServiceAnswer.ok)
            guard case .note("Refunded.", key: nil)? = desk.wishes.first, desk.wishes.count == 1
            else {
                Issue.record("\(desk.wishes)")
                return
            }
            await host.stop()
        }
    }

    @Test func `nothing is written that people could not read`() async throws {
        try await PluginWorkshop.with { workshop in
            let writes: JSON = ["conversation.note", "conversation.message", "conversation.facts"]
            let host = try await host(workshop, ["write": writes])
            let long = String(repeating: "x", count: 8001)
            let refused: [(String, JSON.Object)] = [
                ("note", ["text": ""]), ("note", ["text": .string(long)]), ("note", [:]),
                ("message", ["text": "x"]), ("message", ["text": "x", "id": "short"]),
                ("facts", ["facts": ["a": [1]]]), ("facts", ["facts": [1]]),
            ]
            for (method, input) in refused {
                var input = input
                input["conversation"] = id
                let answer = try await host.ask("conversations/1 \(method)", input)
                #expect(answer.status == ServiceAnswer.invalid, "\(method) \(input.keys)")
            }
            let elsewhere = ConversationID.make(at: Timestamp(milliseconds: 0)).description
            for conversation in ["cnv_1", elsewhere] {
                let answer = try await host.ask(
                    "conversations/1 note",
                    ["conversation": .string(conversation), "text": "x"]
                )
                #expect(answer.status == ServiceAnswer.invalid)
            }
            #expect(desk.wishes.isEmpty)
            await host.stop()
        }
    }

    @Test func `contacts are found only by what may be read of them`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, ["read": ["contact.email"]])
            let found = try await host.ask("contacts/1 find", ["email": "ada@example.com"])
            let contact: JSON = [
                "id": .string(desk.contact.id.description), "verified": true,
                "email": "ada@example.com",
            ]
            #expect(found.out == ["contacts": [contact]])
            let other = try await host.ask("contacts/1 find", ["external_id": "u_1"])
            #expect(other.status == ServiceAnswer.denied)
            let nobody = try await host.ask("contacts/1 find", ["email": "bob@example.com"])
            #expect(nobody.out == ["contacts": []])
            await host.stop()
        }
    }

    /// A log in which a customer has said something that is not for everybody.
    private var log: MemoryState {
        let state = MemoryState()
        let time = Timestamp(milliseconds: 1_800_000_000_000)
        let message = Message(
            id: .make(at: time),
            author: .customer(desk.contact.id, name: "Ada"),
            text: "my card is 4242",
            at: time
        )
        state.append(.message(message), to: desk.conversation)
        state.append(.noted(message), to: desk.conversation)
        state.append(.addressLeft(email: "ada@example.com", at: time), to: desk.conversation)
        return state
    }

    @Test func `events are read as far as the permissions go`() async throws {
        let guarded = ["4242", "ada@example.com", "Ada"]
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, state: log, ["read": ["conversation.meta"]])
            let out = try await host.ask("events/1 read").out
            let types = out["events"]?.arrayValue?.compactMap { $0["type"]?.stringValue }
            #expect(types == ["message.created", "note.created", "contact.address_left"])
            #expect(out["position"] == 3)
            for word in guarded { #expect(!out.text.contains(word), "\(word)") }
            let rest = try await host.ask("events/1 read", ["after": 2]).out
            #expect(rest["events"]?.arrayValue?.count == 1)
            await host.stop()
        }
        try await PluginWorkshop.with { workshop in
            let all: JSON = [
                "conversation.meta", "conversation.messages", "contact.email", "contact.name",
            ]
            let host = try await host(workshop, state: log, ["read": all])
            let out = try await host.ask("events/1 read").out
            for word in guarded { #expect(out.text.contains(word), "\(word)") }
            await host.stop()
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, state: log, ["read": ["contact.email"]])
            #expect(try await host.ask("events/1 read").status == ServiceAnswer.denied)
            await host.stop()
        }
    }

    @Test func `figures add up by plugin and name, and nonsense is not counted`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(workshop, permissions: [:])
            let services = PluginWorkshop.services()
            let host = await workshop.host([id], services: services)
            _ = try await host.ask("metrics/1 count", ["name": "sent", "value": 2])
            _ = try await host.ask("metrics/1 count", ["name": "sent", "value": 0.5])
            _ = try await host.ask("metrics/1 count", ["name": "sent", "value": -9])
            _ = try await host.ask("metrics/1 gauge", ["name": "queue", "value": 7])
            _ = try await host.ask("metrics/1 gauge", ["name": "queue", "value": 3])
            for input in [
                ["name": "Sent", "value": 1], ["name": "a b", "value": 1], ["name": "sent"],
                ["name": "sent", "value": "1"],
            ] as [JSON.Object] {
                let answer = try await host.ask("metrics/1 count", input)
                #expect(answer.status == ServiceAnswer.invalid)
            }
            #expect(services.figures.all == [id: ["sent": 2.5, "queue": 3]])
            await host.stop()
        }
    }

    @Test func `a plugin cannot fill the server with names of figures`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(workshop, permissions: [:])
            let services = PluginWorkshop.services()
            let host = await workshop.host([id], services: services)
            for number in 0..<60 {
                let name = JSON.string("n\(number)")
                _ = try await host.ask("metrics/1 count", ["name": name, "value": 1])
            }
            #expect(services.figures.all[id]?.count == 50)
            await host.stop()
        }
    }
}
