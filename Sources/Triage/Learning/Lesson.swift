/// Something learned about a text.
public struct Lesson: Sendable, Hashable {
    /// What is known.
    public enum Meaning: Sendable, Hashable {
        /// Somebody who knows says that it is this intent; one that is new becomes known.
        case intent(String)
        /// Somebody who knows says that it is none of the intents.
        case none
        /// The answer for this intent was accepted.
        case accepted(String)
        /// The answer for this intent was not what was wanted; nothing is known of the others.
        case refused(String)
    }

    /// What the customer wrote.
    public var text: String
    /// Facts around the turn, in the form they were read with.
    public var context: [String]
    /// What is known of it.
    public var meaning: Meaning

    /// Creates a lesson.
    public init(text: String, context: [String] = [], meaning: Meaning) {
        self.text = text
        self.context = context
        self.meaning = meaning
    }
}

/// How a reading turned out: what confidence and threshold are learned from.
///
/// Turns that were not answered count too, once somebody who knows has named their intent: they say
/// whether the core would have been right.
public struct Observation: Sendable, Hashable {
    /// The intent that was read as the likeliest.
    public var intent: String
    /// The numbers that it was read from.
    public var evidence: Evidence
    /// How sure the core was.
    public var confidence: Float
    /// It was the intent that was meant.
    public var isRight: Bool
    /// It was about none of the intents then known.
    public var isUnknown: Bool
    /// The customer was answered; otherwise it is only known what would have been right.
    public var wasAnswered: Bool
    /// Somebody who is known says so; what anybody could have made up counts a tenth at most.
    public var isTrusted: Bool

    /// Creates an observation.
    public init(
        intent: String,
        evidence: Evidence,
        confidence: Float,
        isRight: Bool,
        isUnknown: Bool = false,
        wasAnswered: Bool,
        isTrusted: Bool = true
    ) {
        self.intent = intent
        self.evidence = evidence
        self.confidence = confidence
        self.isRight = isRight
        self.isUnknown = isUnknown
        self.wasAnswered = wasAnswered
        self.isTrusted = isTrusted
    }
}
