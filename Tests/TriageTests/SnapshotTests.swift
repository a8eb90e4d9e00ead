import Foundation
import Testing
import Triage

struct SnapshotTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "triage-\(UUID().uuidString)")

    private func withSnapshot(_ body: (URL) throws -> Void) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "core.snapshot")
        try Workshop.core.write(to: file)
        try body(file)
    }

    @Test func `a core read back from its file reads alike`() throws {
        try withSnapshot { file in
            let again = try Core(contentsOf: file, embeddings: nil)
            #expect(again.version == Workshop.core.version)
            #expect(again.intents == Workshop.core.intents)
            for text in ["where is my parcel", "cancel", "völlig fremd", "invoice and refund?"] {
                #expect(again.read(text) == Workshop.core.read(text))
                #expect(again.explain(text) == Workshop.core.explain(text))
            }
            #expect(
                again.threshold(forPrecision: 0.9) == Workshop.core.threshold(forPrecision: 0.9)
            )
        }
    }

    @Test func `refuses a file of another kind`() throws {
        try withSnapshot { file in
            try Data("text,intent\nhello,greeting\n".utf8).write(to: file)
            #expect(throws: TriageFailure.notASnapshot) {
                try Core(contentsOf: file, embeddings: nil)
            }
        }
    }

    @Test func `refuses a later version of the format`() throws {
        try withSnapshot { file in
            var bytes = try Data(contentsOf: file)
            bytes[8] = 9
            try bytes.write(to: file)
            #expect(throws: TriageFailure.snapshotVersion(9)) {
                try Core(contentsOf: file, embeddings: nil)
            }
        }
    }

    @Test(arguments: [20, 200, 4000, 20_000])
    func `refuses a file with a byte changed`(position: Int) throws {
        try withSnapshot { file in
            var bytes = try Data(contentsOf: file)
            bytes[position] ^= 0x40
            try bytes.write(to: file)
            #expect(throws: TriageFailure.damagedSnapshot) {
                try Core(contentsOf: file, embeddings: nil)
            }
        }
    }

    @Test(arguments: [9, 13, 100, 5000])
    func `refuses a file cut short`(length: Int) throws {
        try withSnapshot { file in
            try Data(contentsOf: file).prefix(length).write(to: file)
            #expect(throws: TriageFailure.damagedSnapshot) {
                try Core(contentsOf: file, embeddings: nil)
            }
        }
    }

    @Test func `refuses a table it was not trained with`() throws {
        try withSnapshot { file in
            let embeddings = try StaticEmbeddings.bundled()
            #expect(throws: TriageFailure.otherEmbeddings) {
                try Core(contentsOf: file, embeddings: embeddings)
            }
        }
    }

    @Test func `says when there is no file`() {
        #expect(throws: TriageFailure.unreadable("nothing.snapshot")) {
            try Core(contentsOf: folder.appending(path: "nothing.snapshot"), embeddings: nil)
        }
    }
}
