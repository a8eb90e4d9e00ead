/// Why an intent was preferred to another: shares of the lead that add up to it.
public struct Explanation: Sendable, Hashable {
    /// One piece of evidence and its share.
    public struct Contribution: Sendable, Hashable {
        /// What a contribution comes from.
        public enum Source: String, Sendable, Hashable {
            /// A word of the turn: its n-grams and its pieces' vectors; pairs are shared by both
            /// words.
            case word
            /// A fact around the turn.
            case context
            /// What is expected before anything is read.
            case prior
        }

        /// The word or fact; empty for the prior.
        public var text: String
        /// Its share of the lead; negative when it speaks for the other intent.
        public var weight: Float
        /// What it comes from.
        public var source: Source
    }

    /// The intent explained, usually the likeliest.
    public var intent: String
    /// The intent it is held against, usually the runner-up; nil in a workspace with one intent.
    public var against: String?
    /// The contributions in the order of the text, then the context, then the prior.
    public var contributions: [Contribution]
    /// The lead of the one score over the other.
    public var margin: Float
    /// The margin minus the sum of the contributions: rounding, below 1e-4.
    public var residual: Float
}
