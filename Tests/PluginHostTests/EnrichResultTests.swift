import JSONCoding
import PluginHost
import Testing

struct EnrichResultTests {
    private func result(_ json: JSON) throws -> EnrichResult? {
        try EnrichResult(plugin: "test.x", name: "X", answer: json.bytes())
    }

    @Test func `takes the plugin's name where the title is missing`() throws {
        let result = try result(["facts": ["plan": "Free", "seats": 3, "paid": false]])
        #expect(result?.title == "X")
        #expect(result?.facts.keys == ["plan", "seats", "paid"])
    }

    @Test func `is nothing when the plugin has nothing to say`() throws {
        #expect(try result(["facts": [:]]) == nil)
        #expect(try EnrichResult(plugin: "test.x", name: "X", answer: []) == nil)
    }

    @Test(
        arguments: [
            [:], [1], ["facts": "all"], ["facts": ["a": [1]]], ["facts": ["": 1]],
            ["facts": ["a": .string(String(repeating: "x", count: 1025))]],
            ["facts": .object(JSON.Object((0..<65).map { ("f\($0)", .int(1)) }))],
        ] as [JSON]
    )
    func `refuses what are no facts`(_ json: JSON) {
        #expect(throws: PluginError.self) { try result(json) }
    }
}
