import Desk
import Foundation
import JSONCoding
import Knowledge
import MaitredTesting
import Testing
import Triage

/// The conversations in Tests/Scenarios, on a server without sockets.
struct ScenarioTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Scenarios")

    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        // One alone, while it is being written: SCENE=choice.scene swift test --filter ScenarioTests
        let only = ProcessInfo.processInfo.environment["SCENE"]
        return (files ?? []).filter { $0.hasSuffix(".scene") && $0 == only ?? $0 }.sorted()
    }()

    /// The triage core that all scenarios share, taught once.
    private static let triage = Task {
        let csv = try String(contentsOf: folder.appending(path: "intents.csv"), encoding: .utf8)
        let triage = TriageDesk(embeddings: try StaticEmbeddings.bundled(), cache: nil)
        await triage.take(Workspace(intents: try IntentTable(csv: csv).merged(into: [])))
        return triage
    }

    private static func scene(_ name: String) throws -> Scene {
        let file = folder.appending(path: name)
        return try Scene(parsing: try String(contentsOf: file, encoding: .utf8))
    }

    @Test(arguments: names)
    func `goes as it is written`(_ name: String) async throws {
        let server = try await LoopbackServer(triage: try await Self.triage.value)
        do {
            try await SceneRunner(server: server).perform(try Self.scene(name))
        } catch let failure as SceneFailure {
            Issue.record("Tests/Scenarios/\(name):\(failure)")
        }
        await server.close()
    }

    /// These need a server that ends, a site that asks, or a plugin, which a loopback has not:
    /// Tests/Contract has them.
    private static let elsewhere: Set<String> = ["reconnect", "notice", "form.show", "suggest"]

    @Test func `every message of the protocol is in some scenario`() throws {
        let messages = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/Gateway/Wire/Messages")
        var defined: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: messages.path) {
            let bytes = Array(try Data(contentsOf: messages.appending(path: name)))
            guard let type = try JSON(parsing: bytes)["t"]?.stringValue else { continue }
            defined.insert(type)
        }
        let used = try Self.names.reduce(into: Set<String>()) { used, name in
            used.formUnion(try Self.scene(name).messageTypes)
        }
        let missing = defined.subtracting(used).subtracting(Self.elsewhere).sorted()
        #expect(missing.isEmpty, "no scenario has \(missing.joined(separator: ", "))")
    }
}
