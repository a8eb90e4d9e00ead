import Foundation
import JSONCoding
import Triage

extension TriageDesk {
    /// The core with the table that comes with it, kept in a data folder.
    package static func bundled(
        _ folder: URL,
        book: (any OutcomeBook)? = nil
    ) throws(TriageFailure) -> TriageDesk {
        TriageDesk(
            embeddings: try StaticEmbeddings.bundled(),
            cache: folder.appending(path: "cache"),
            book: book
        )
    }

    /// What the core makes of a text, and why, for people who look after it.
    package func explain(_ text: String, page: String?) -> JSON {
        let engine = current
        let context = page.map { ["page=\($0)"] } ?? []
        let reading = engine.core.read(text, context: context)
        let shares = engine.core.explain(text, context: context)?.contributions ?? []
        var json: JSON.Object = [
            "ranking": .array(
                reading.ranking.map {
                    ["intent": .string($0.intent), "p": .double(Double($0.probability))]
                }
            ),
            "confidence": .double(Double(reading.confidence)),
            "threshold": .double(engine.policy.demands.usual.threshold),
            "out_of_scope": .double(Double(reading.outOfScope)),
            "mood": .double(Double(reading.mood.score)),
            "urgency": .double(Double(reading.urgency.score)),
            "language": .string(reading.language.code),
            "wants_person": .bool(reading.wantsPerson),
            "evidence": .array(
                shares.map {
                    ["text": .string($0.text), "weight": .double(Double($0.weight))]
                }
            ),
            "version": .string(engine.version),
        ]
        json["distress"] = reading.distress.map { .string($0.kind.rawValue) }
        if let nearest = reading.nearest {
            json["nearest"] = [
                "text": .string(nearest.text), "intent": .string(nearest.intent),
                "similarity": .double(Double(nearest.similarity)),
            ]
        }
        return .object(json)
    }
}
