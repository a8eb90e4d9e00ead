import Foundation
import JSONCoding
import Model
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

    /// What the core makes of a text, what it would do, and why, for people who look after it.
    ///
    /// The evidence is complete: with the prior it adds up to the margin, and `residual` says how nearly.
    package func explain(_ text: String, page: String?) -> JSON {
        let engine = current
        var ticket = Ticket(text: text)
        ticket.page = page.map { PageContext(number: 0, path: "", page: $0) }
        let found = read(ticket, at: SystemClock().now)
        let (decision, reading) = (found.decision, found.reading)
        let explanation = engine.core.explain(text, context: decision.context)
        var json: JSON.Object = [
            "ranking": .array(
                reading.ranking.map {
                    ["intent": .string($0.intent), "p": .double(Double($0.probability))]
                }
            ),
            "confidence": .double(Double(reading.confidence)),
            "threshold": .double(decision.threshold),
            "target": .double(decision.target),
            "caution": .array(decision.caution.map(JSON.string)),
            "action": .string(decision.action.rawValue),
            "rule": .string(decision.rule),
            "out_of_scope": .double(Double(reading.outOfScope)),
            "mood": .double(Double(reading.mood.score)),
            "urgency": .double(Double(reading.urgency.score)),
            "urgency_because": .array(reading.urgency.reasons.map { .string($0.rawValue) }),
            "language": .string(reading.language.code),
            "wants_person": .bool(reading.wantsPerson),
            "score": .double(decision.score),
            "lead": .double(decision.lead),
            "margin": .double(decision.margin),
            "residual": .double(Double(explanation?.residual ?? 0)),
            "evidence": .array(
                (explanation?.contributions ?? []).map {
                    [
                        "text": .string($0.text), "weight": .double(Double($0.weight)),
                        "source": .string($0.source.rawValue),
                    ]
                }
            ),
            "context": .array(decision.context.map(JSON.string)),
            "version": .string(engine.version),
            "versions": .object(engine.versions),
            "stages": .object(decision.stages),
        ]
        json["against"] = decision.against.map(JSON.string)
        json["reason"] = found.reason.map { .string($0.text) }
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
