import Foundation
import Testing
import Triage

struct StaticEmbeddingsTests {
    @Test func `the bundled table opens and has its vocabulary`() throws {
        let embeddings = try StaticEmbeddings.bundled()
        #expect(embeddings.rows == 30_522)
        #expect(embeddings.dimensions == 256)
    }

    @Test(arguments: [
        ("nothing", "a\nb\n"), ("STE2", "a\nb\n"), ("short", "a\nb\n"), ("right", "a\n"),
    ])
    func `refuses a malformed pair`(kind: String, vocabulary: String) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "embeddings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let header: [UInt8] = [2, 0, 0, 0, 8, 0, 0, 0]
        let body = [UInt8](repeating: 0, count: 2 * 4 + 2 * 8)
        let contents: [UInt8] =
            switch kind {
            case "nothing": []
            case "STE2": Array("STE2".utf8) + header + body
            case "short": Array("STE1".utf8) + header + body.dropLast()
            default: Array("STE1".utf8) + header + body
            }
        let table = folder.appending(path: "table.bin")
        let pieces = folder.appending(path: "vocab.txt")
        try Data(contents).write(to: table)
        try Data(vocabulary.utf8).write(to: pieces)
        #expect {
            try StaticEmbeddings(table: table, vocabulary: pieces)
        } throws: { error in
            guard case .malformedEmbeddings = error as? TriageFailure else { return false }
            return true
        }
    }

    @Test func `paraphrases are nearer with the table than without`() throws {
        let examples = [
            Example(text: "my package is late", intent: "delivery"),
            Example(text: "I forgot my password", intent: "password"),
        ]
        let with = Trainer.train(examples, embeddings: try StaticEmbeddings.bundled())
        let without = Trainer.train(examples)
        let text = "the shipment was delayed"
        #expect(with.read(text).ranking.first?.intent == "delivery")
        let near = with.read(text).nearest?.similarity ?? 0
        #expect(near > without.read(text).nearest?.similarity ?? 1)
    }
}
