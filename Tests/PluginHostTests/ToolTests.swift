import Desk
import JSONCoding
import Model
import PluginHost
import Testing

/// Actions as tools of a language model: what it is offered, and what becomes of its proposals.
struct ToolTests {
    private func tools(
        for actor: ActionOrder.Actor = ActionPlugin.agent,
        policies: JSON.Object = [:],
        _ body: (ActionTools) throws -> Void
    ) async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await ActionPlugin.build(workshop)
            let state = MemoryState()
            state.keep(
                PluginRecord(
                    id: id,
                    isEnabled: true,
                    config: [:],
                    secrets: nil,
                    document: [
                        "granted": ["kv_bytes": 1000, "read": ["contact.email"]],
                        "policies": .object(policies),
                    ]
                )
            )
            let services = PluginWorkshop.services(state, desk: PlayedDesk())
            let host = await workshop.host([], services: services)
            try body(await host.tools(for: actor))
            await host.stop()
        }
    }

    /// The tools of a plugin with these actions, whatever they are called.
    private func tools(
        offering actions: [JSON],
        _ body: (ActionTools) throws -> Void
    ) async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build(
                "office",
                manifest: PluginWorkshop.manifest(
                    "office",
                    with: ["contributes": ["actions": .array(actions)]]
                ),
                "INVOKE { answer(call, \"{}\"); }"
            )
            let host = await workshop.host([id])
            try body(await host.tools(for: ActionPlugin.agent))
            await host.stop()
        }
    }

    private static func action(_ name: String, _ properties: JSON, required: JSON = []) -> JSON {
        [
            "name": .string(name), "title": "Do it", "description": "At once.", "effect": "write",
            "input": ["type": "object", "required": required, "properties": properties],
        ]
    }

    private static let charge: JSON.Object = ["charge": "ch_1", "amount": 1200]

    private func names(_ tools: ActionTools) -> [String] {
        (tools.json.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }

    // MARK: - What is offered

    @Test func `what somebody may not have done is not offered for them`() async throws {
        let policies: JSON.Object = [
            "till.refund": ["allow": ["supervisor"]], "till.erase": ["allow": []],
        ]
        try await tools(policies: policies) { tools in
            #expect(names(tools) == ["till.adjust", "till.look"])
            let proposals: JSON = [["action": "till.refund", "input": .object(Self.charge)]]
            #expect(tools.check(proposals).proposals.isEmpty)
            #expect(tools.check(proposals).rejected == [.notOffered])
        }
        try await tools(for: ActionPlugin.supervisor, policies: policies) { tools in
            #expect(names(tools) == ["till.adjust", "till.look", "till.refund"])
        }
        try await tools(for: ActionPlugin.bot) { #expect(names($0) == ["till.look"]) }
    }

    @Test func `a tool is its title and description, and a schema without what forms read`()
        async throws
    {
        let properties: JSON = [
            "to": ["type": "string", "title": "To", "x-order": 2],
            "how": [
                "type": "object", "x-if": ["to": "them"],
                "properties": ["fast": ["type": "boolean", "x-order": 1]],
            ],
            "which": ["type": "array", "items": ["type": "string", "x-order": 1]],
            "key": ["type": "string", "format": "secret"],
            "file": ["type": "string", "format": "file"],
        ]
        try await tools(offering: [Self.action("office.send", properties)]) { tools in
            #expect(
                tools.json == [
                    [
                        "name": "office.send", "description": "Do it: At once.",
                        "input": [
                            "type": "object", "required": [],
                            "properties": [
                                "to": ["type": "string", "title": "To"],
                                "how": [
                                    "type": "object",
                                    "properties": ["fast": ["type": "boolean"]],
                                ],
                                "which": ["type": "array", "items": ["type": "string"]],
                            ],
                        ],
                    ]
                ]
            )
        }
    }

    @Test func `an action that needs a secret, or has a schema beyond its limit, is not offered`()
        async throws
    {
        let long = JSON.string(String(repeating: "x", count: ActionTools.schemaLimit))
        let actions = [
            Self.action(
                "office.a",
                ["key": ["type": "string", "format": "secret"]],
                required: ["key"]
            ),
            Self.action("office.b", ["to": ["type": "string", "description": long]]),
            Self.action("office.c", ["to": ["type": "string"]]),
        ]
        try await tools(offering: actions) { #expect(names($0) == ["office.c"]) }
    }

    @Test func `the first sixteen actions are offered`() async throws {
        let actions = (10..<30).map { Self.action("office.n\($0)", [:]) }
        try await tools(offering: actions) { tools in
            #expect(names(tools) == (10..<26).map { "office.n\($0)" })
        }
    }

    // MARK: - What is proposed

    @Test func `a proposal says what would be done, and what is asked first`() async throws {
        try await tools { tools in
            let (proposals, rejected) = tools.check([
                ["action": "till.refund", "input": ["charge": "ch_1", "amount": 9000]],
                ["action": "till.refund", "input": ["charge": "ch_1", "amount": 1200.0]],
                ["action": "till.erase", "input": ["what": "all"]],
            ])
            #expect(rejected.isEmpty)
            #expect(
                proposals.map(\.title) == [
                    "Refund a charge", "Refund a charge", "Erase everything",
                ]
            )
            #expect(proposals.map(\.effect) == [.money, .money, .irreversible])
            #expect(
                proposals[0].question == "Refund a charge: 9000 is over the limit of 5000. Do it?"
            )
            #expect(proposals[1].question == nil)
            #expect(proposals[2].question == "Erase everything?")
        }
    }

    @Test func `what was not offered, or does not pass the schema, is left out`() async throws {
        try await tools { tools in
            let (proposals, rejected) = tools.check([
                ["action": "till.steal", "input": [:]],
                ["action": "till.refund", "input": ["amount": 1200]],
                ["action": "till.refund", "input": ["charge": "ch_1", "amount": -1]],
                ["action": "till.refund", "input": ["charge": "ch_1", "currency": "eur"]],
                ["action": "till.refund", "input": "ch_1"],
                ["input": [:]], "till.look",
                ["action": "till.refund", "input": .object(Self.charge)],
            ])
            #expect(proposals.map(\.input) == [Self.charge])
            #expect(
                rejected == [
                    .notOffered, .invalidInput, .invalidInput, .invalidInput, .invalidInput,
                    .notOffered, .notOffered,
                ]
            )
            #expect(tools.check(nil).proposals.isEmpty)
            #expect(tools.check("till.look").proposals.isEmpty)
        }
    }

    @Test func `three are shown, the same one once`() async throws {
        try await tools { tools in
            let all = (1...9).map { JSON.Object([("charge", .string("ch_\($0 / 2)"))]) }
            let answer = all.map { JSON.object(["action": "till.refund", "input": .object($0)]) }
            let (proposals, rejected) = tools.check(.array(answer))
            #expect(proposals.map { $0.input["charge"] } == ["ch_0", "ch_1", "ch_2"])
            #expect(rejected == [.tooMany])
        }
    }

    @Test func `what the form would not show is not in it`() async throws {
        let properties: JSON = [
            "by": ["type": "string", "enum": ["post", "mail"], "default": "post"],
            "street": ["type": "string", "x-if": ["by": "post"]],
            "house": ["type": "string", "x-if": ["street": "Main St"]],
            "address": ["type": "string", "x-if": ["by": "mail"]],
            "key": ["type": "string", "format": "secret"],
        ]
        try await tools(offering: [Self.action("office.send", properties)]) { tools in
            let (proposals, _) = tools.check([
                [
                    "action": "office.send",
                    "input": [
                        "by": "mail", "street": "Main St", "house": "1", "address": "ada",
                        "key": "k",
                    ],
                ],
                ["action": "office.send", "input": ["street": "Main St", "house": "1"]],
            ])
            #expect(
                proposals.map(\.input) == [
                    ["by": "mail", "address": "ada"],
                    ["by": "post", "street": "Main St", "house": "1"],
                ]
            )
        }
    }
}
