/// What the core makes of a turn.
public struct Reading: Sendable, Hashable {
    /// An intent and how likely it is.
    public struct Ranked: Sendable, Hashable {
        /// The intent's identifier.
        public var intent: String
        /// Its calibrated probability among the known intents.
        public var probability: Float
    }

    /// The stored example most like the turn, among those of the likeliest intent.
    public struct Nearest: Sendable, Hashable {
        /// The example's text.
        public var text: String
        /// The intent it stands for.
        public var intent: String
        /// How alike the two are, 0…1.
        public var similarity: Float
    }

    /// The likeliest intents, at most five; empty for a text without words.
    public var ranking: [Ranked]
    /// How likely it is that acting on the first of the ranking is right, 0…1.
    ///
    /// The product of two calibrated parts: that the turn is about one of the known intents, and
    /// that it is then this one. To be compared with ``Core/threshold(forPrecision:)``.
    public var confidence: Float
    /// How likely the turn is about none of the known intents, 0…1.
    public var outOfScope: Float
    /// What the example taught that is most like this turn.
    public var nearest: Nearest?
    /// The numbers behind confidence and scope; nil for a text without words.
    public var evidence: Evidence?
    /// How the customer seems to feel.
    public var mood: Mood
    /// How pressing it is, with reasons.
    public var urgency: Urgency
    /// The language the turn is written in.
    public var language: Language
    /// Whether they ask for a person.
    public var wantsPerson: Bool
    /// What should make a machine step back.
    public var distress: Distress?
    /// How many words were read.
    public var words: Int
}
