import JSONCoding
import Model
import Triage

/// An outcome in the form in which it is learned from: scrubbed, and complete in itself.
package struct LearningEntry: Hashable, Sendable {
    /// Its number in the book, from 1; 0 until it is kept.
    package var id: Int64 = 0
    /// The position in the log of the event that shows it; 0 for what another program reported.
    package var position: Int64
    package var conversation: ConversationID?
    package var decision: DecisionID?
    package var verdict: Outcome.Verdict
    package var witness: Outcome.Witness
    package var rule: String
    /// Whether somebody who is known says so: weights move on nothing else.
    package var isTrusted: Bool
    /// Who says so, where it is anybody.
    package var stranger: String?
    package var at: Timestamp
    /// What the customer wrote, without what would name them.
    package var text: String
    package var context: [String]
    /// The intent that was read as the likeliest.
    package var read: String?
    /// The intent that was answered, if one was.
    package var answered: String?
    package var confidence: Double
    package var probability: Double
    package var score: Double
    package var lead: Double
    package var similarity: Double
    /// The word of another program by which a repeat is recognised.
    package var reference: String?
    /// When a rollback took it out of what is learned from.
    package var voidedAt: Timestamp?

    /// The numbers that it was read from.
    package var evidence: Evidence {
        Evidence(
            probability: Float(probability),
            score: Float(score),
            lead: Float(lead),
            similarity: Float(similarity)
        )
    }

    /// The day it happened on, for counting strangers.
    var day: Int64 { at.milliseconds / 86_400_000 }
}

extension LearningEntry {
    /// An outcome of a conversation.
    ///
    /// - Parameters:
    ///   - outcome: What the log shows.
    ///   - contact: Whose conversation it is.
    ///   - conversation: Which one.
    ///   - position: The position of the event that shows it.
    ///   - time: When that happened.
    package init(
        _ outcome: Outcome,
        of contact: Contact?,
        in conversation: ConversationID,
        position: Int64,
        at time: Timestamp
    ) {
        let decision = outcome.decision
        let isTrusted = outcome.witness != .customer || contact?.isIdentified ?? false
        self.init(
            position: position,
            conversation: conversation,
            decision: decision.id,
            verdict: outcome.verdict,
            witness: outcome.witness,
            rule: outcome.rule,
            isTrusted: isTrusted,
            stranger: isTrusted ? nil : contact?.id.description ?? "unknown",
            at: time,
            text: Scrubber(contact).scrub(outcome.text),
            // A fact that would name somebody is no feature to learn from.
            context: decision.context.filter { Scrubber(contact).scrub($0) == $0 },
            read: decision.ranking.first?.intent,
            // A message with several answers says nothing about one of them.
            answered: decision.action == .answer && decision.rule != "several"
                ? decision.intent : nil,
            confidence: decision.confidence,
            probability: decision.ranking.first?.probability ?? 0,
            score: decision.score,
            lead: decision.lead,
            similarity: decision.nearestSimilarity
        )
    }

    /// An outcome of something that was read outside a conversation.
    package init(
        _ verdict: Outcome.Verdict,
        of text: String,
        context: [String] = [],
        reading: Reading,
        wasAnswered: Bool,
        witness: Outcome.Witness,
        stranger: String? = nil,
        rule: String,
        at time: Timestamp
    ) {
        let read = reading.ranking.first?.intent
        self.init(
            position: 0,
            verdict: verdict,
            witness: witness,
            rule: rule,
            isTrusted: stranger == nil,
            stranger: stranger,
            at: time,
            text: text,
            context: context,
            read: read,
            answered: wasAnswered ? read : nil,
            confidence: Double(reading.confidence),
            probability: Double(reading.evidence?.probability ?? 0),
            score: Double(reading.evidence?.score ?? 0),
            lead: Double(reading.evidence?.lead ?? 0),
            similarity: Double(reading.evidence?.similarity ?? 0)
        )
    }

    /// The entry as it is kept.
    package var json: JSON {
        var json: JSON.Object = [
            "verdict": .string(verdict.name), "witness": .string(witness.rawValue),
            "rule": .string(rule), "trusted": .bool(isTrusted), "at": .int(at.milliseconds),
            "text": .string(text), "confidence": .double(confidence), "p": .double(probability),
            "score": .double(score), "lead": .double(lead), "similarity": .double(similarity),
        ]
        if case .meant(let intent) = verdict { json["meant"] = .string(intent) }
        json["conversation"] = conversation.map { .string($0.description) }
        json["decision"] = decision.map { .string($0.description) }
        json["stranger"] = stranger.map(JSON.string)
        json["read"] = read.map(JSON.string)
        json["answered"] = answered.map(JSON.string)
        if !context.isEmpty { json["context"] = .array(context.map(JSON.string)) }
        return .object(json)
    }

    package init?(id: Int64, position: Int64, json: JSON, voidedAt: Timestamp?) {
        guard
            let verdict = Outcome.Verdict(
                name: json["verdict"]?.stringValue ?? "",
                intent: json["meant"]?.stringValue
            ),
            let witness = json["witness"]?.stringValue.flatMap(Outcome.Witness.init(rawValue:)),
            let at = json["at"]?.intValue
        else { return nil }
        self.init(
            id: id,
            position: position,
            conversation: json["conversation"]?.stringValue.flatMap { ConversationID($0) },
            decision: json["decision"]?.stringValue.flatMap { DecisionID($0) },
            verdict: verdict,
            witness: witness,
            rule: json["rule"]?.stringValue ?? "",
            isTrusted: json["trusted"]?.boolValue ?? false,
            stranger: json["stranger"]?.stringValue,
            at: Timestamp(milliseconds: Int64(at)),
            text: json["text"]?.stringValue ?? "",
            context: json["context"]?.arrayValue?.compactMap(\.stringValue) ?? [],
            read: json["read"]?.stringValue,
            answered: json["answered"]?.stringValue,
            confidence: json["confidence"]?.doubleValue ?? 0,
            probability: json["p"]?.doubleValue ?? 0,
            score: json["score"]?.doubleValue ?? 0,
            lead: json["lead"]?.doubleValue ?? 0,
            similarity: json["similarity"]?.doubleValue ?? 0,
            voidedAt: voidedAt
        )
    }
}

extension Outcome.Verdict {
    /// The word for it in files and requests.
    package var name: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "refused"
        case .meant: "meant"
        case .noneOfThem: "none"
        case .silent: "silent"
        case .unanswered: "unanswered"
        }
    }

    package init?(name: String, intent: String?) {
        switch (name, intent) {
        case ("accepted", _): self = .accepted
        case ("refused", _): self = .refused
        case ("meant", let intent?): self = .meant(intent)
        case ("none", _): self = .noneOfThem
        case ("silent", _): self = .silent
        case ("unanswered", _): self = .unanswered
        default: return nil
        }
    }
}
