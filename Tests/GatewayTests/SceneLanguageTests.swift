import Desk
import JSONCoding
import MaitredTesting
import Model
import Testing

/// The language of the scenarios, and how their failures read.
struct SceneLanguageTests {
    private func failure(of text: String) async throws -> String? {
        let server = try await LoopbackServer(triage: TriageDesk(embeddings: nil, cache: nil))
        var failure: String?
        do {
            try await SceneRunner(server: server, patience: .milliseconds(50))
                .perform(try Scene(parsing: text))
        } catch {
            failure = error.description
        }
        await server.close()
        return failure
    }

    @Test(arguments: ["Mira dances", "Mira sends ping {", "Mira", "Mira is a teapot"])
    func `what is no sentence is refused with its line`(_ sentence: String) {
        let failure = #expect(throws: SceneFailure.self) {
            try Scene(parsing: "# Title\n\n\(sentence)")
        }
        #expect(failure?.line == 3)
    }

    @Test func `what did not come is shown beside what came`() async throws {
        let failure = try await failure(
            of: """
                Mira is a customer
                Mira connects
                Mira receives msg.new {"text": "Hello"}
                """
        )
        #expect(
            failure?.hasPrefix(#"line 3: Mira did not receive msg.new {"text":"Hello"}"#) == true
        )
        #expect(failure?.contains(#"{"t":"welcome""#) == true)
    }

    @Test func `an error that nobody expects fails where it was caused`() async throws {
        let failure = try await failure(
            of: """
                Mira is a customer
                Mira connects
                Mira sends csat in $site {"score": 5}
                Mira sends ping
                """
        )
        #expect(failure?.hasPrefix("line 3: Mira was refused") == true)
    }

    @Test func `what must not come is noticed`() async throws {
        let failure = try await failure(
            of: """
                Mira is a customer
                Mira connects
                Mira has not received welcome {"recovered": true}
                """
        )
        #expect(failure?.hasPrefix("line 3: Mira has received") == true)
    }

    /// Whether patterns match values one after the other.
    private func matches(_ pairs: [(JSON, JSON)]) -> [Bool] {
        var variables = SceneVariables()
        return pairs.map { variables.match($0, $1) }
    }

    @Test func `a name takes the first value and keeps it`() {
        #expect(matches([(["a": "$x", "b": "$x"], ["a": 1, "b": 1, "c": 2])]) == [true])
        #expect(matches([(["a": "$x"], ["a": 1]), (["a": "$x"], ["a": 2])]) == [true, false])
    }

    @Test func `a match that fails binds nothing`() {
        #expect(
            matches([(["a": "$x", "b": 9], ["a": 1, "b": 2]), (["a": "$x"], ["a": 7])])
                == [false, true]
        )
    }

    @Test func `patterns say as much as they need to`() {
        let pairs: [(JSON, JSON)] = [
            (["a": "*", "b": "-"], ["a": [], "b": nil]),
            (["a": "*"], ["b": 1]),
            (["a": "~lo w"], ["a": "hello world"]),
            ([["k": 2]], [["k": 1], ["k": 2, "l": 3]]),
        ]
        #expect(matches(pairs) == [true, false, true, true])
    }
}
