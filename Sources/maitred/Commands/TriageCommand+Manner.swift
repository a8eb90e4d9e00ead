import ArgumentParser
import Foundation
import JSONCoding
import Triage

extension TriageCommand {
    struct Manner: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure how well moods and reasons to step back are heard."
        )
        @Option(help: "CSV with text and score from -4 to 4, as people rated them.")
        var mood: String?
        @Flag(help: "Learn from four fifths of those too, and judge the fifth that is held out.")
        var held = false
        @Option(
            help: "CSV with text and intent: ordinary messages, to see how many are taken for more."
        )
        var calm: String?
        @Option(help: "CSV with text and intent: what customers of the workspace ask every day.")
        var workspace: String?
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let embeddings = try StaticEmbeddings.bundled()
            let points = MannerEvaluation.steppingBack(
                workspace: try workspace.map(examples) ?? [],
                ordinary: try calm.map(examples)?.map(\.text) ?? [],
                embeddings: embeddings
            )
            let hearing = try mood.map { path in
                let rated = try rated(path)
                return held
                    ? MannerEvaluation.heldOutMood(rated, embeddings: embeddings)
                    : MannerEvaluation.mood(rated, embeddings: embeddings)
            }
            print(json ? Self.json(points, hearing).text : Self.table(points, hearing))
        }

        private func examples(_ path: String) throws -> [Example] {
            try CSVReader.examples(at: URL(fileURLWithPath: path))
        }

        private func rated(_ path: String) throws -> [(text: String, score: Float)] {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let records = try CSVReader.records(in: bytes)
            guard let text = records.first?.firstIndex(of: "text"),
                let score = records.first?.firstIndex(of: "score")
            else { throw ValidationError("\(path) needs the columns text and score.") }
            return records.dropFirst().compactMap { record in
                Float(record[score]).map { (record[text], $0) }
            }
        }

        private static func json(
            _ points: [MannerEvaluation.Point],
            _ hearing: MannerEvaluation.Hearing?
        ) -> JSON {
            var json: JSON.Object = [
                "stepping_back": .array(
                    points.map { point in
                        [
                            "certainty": .double(Double(point.certainty)),
                            "found": .double(point.found),
                            "false_alarms": .double(point.falseAlarms),
                            "ordinary": point.ordinary.map(JSON.double) ?? .null,
                        ]
                    }
                )
            ]
            json["mood"] = hearing.map { hearing in
                [
                    "sentences": .int(Int64(hearing.sentences)), "rules": .double(hearing.rules),
                    "learned": .double(hearing.learned), "together": .double(hearing.together),
                ]
            }
            return .object(json)
        }

        private static func table(
            _ points: [MannerEvaluation.Point],
            _ hearing: MannerEvaluation.Hearing?
        ) -> String {
            var lines = ["certainty  found  false alarms  ordinary messages"]
            for point in points {
                lines.append(
                    String(
                        format: "%9.2f  %5.3f  %12.3f",
                        point.certainty,
                        point.found,
                        point.falseAlarms
                    ) + (point.ordinary.map { String(format: "  %17.3f", $0) } ?? "")
                )
            }
            if let hearing {
                lines.append(
                    String(
                        format: "mood, %d sentences: rules %.3f, learned %.3f, together %.3f",
                        hearing.sentences,
                        hearing.rules,
                        hearing.learned,
                        hearing.together
                    )
                )
            }
            return lines.joined(separator: "\n")
        }
    }
}
