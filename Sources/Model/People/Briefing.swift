import JSONCoding

/// What a person is told before they accept a conversation, so that the customer repeats nothing.
///
/// Built from the log alone, without a model; the fields are the protocol's.
package struct Briefing: Hashable, Sendable {
    package struct Want: Hashable, Sendable {
        package var intent: String
        package var title: String
        package var confidence: Double
        package var evidence: [String]

        package init(intent: String, title: String, confidence: Double, evidence: [String]) {
            self.intent = intent
            self.title = title
            self.confidence = confidence
            self.evidence = evidence
        }
    }

    package struct Suggestion: Hashable, Sendable {
        package var text: String
        package var source: String
        package var confidence: Double
        /// The intent that it answers, if it is an intent's answer.
        package var intent: String?

        package init(text: String, source: String, confidence: Double, intent: String? = nil) {
            self.text = text
            self.source = source
            self.confidence = confidence
            self.intent = intent
        }
    }

    package struct Tried: Hashable, Sendable {
        package var what: String
        package var result: String

        package init(what: String, result: String) {
            self.what = what
            self.result = result
        }
    }

    package struct Similar: Hashable, Sendable {
        package var conversation: ConversationID
        package var howItWasResolved: String

        package init(conversation: ConversationID, howItWasResolved: String) {
            self.conversation = conversation
            self.howItWasResolved = howItWasResolved
        }
    }

    package enum Trend: String, Sendable { case rising, steady, falling }

    package var summary: String = ""
    package var wants: [Want] = []
    package var why = Reason("waiting", "Waiting for a person.")
    package var page: PageContext?
    package var trail: [PageVisit] = []
    package var facts: [Event.FactSheet] = []
    package var mood: Double = 0
    package var trend: Trend = .steady
    package var tried: [Tried] = []
    package var collected: JSON.Object = [:]
    package var suggestions: [Suggestion] = []
    package var similar: [Similar] = []
    package var language: String = "en"
    /// From 0 to 1.
    package var priority: Double = 0
    package var priorityBecause: [String] = []

    package init() {}
}
