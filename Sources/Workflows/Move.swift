import JSONCoding
import Model

/// What a workflow does next: where it stands then, and what the customer is told.
package struct Move: Hashable, Sendable {
    package struct HandOff: Hashable, Sendable {
        /// For the person who goes on.
        package var reason: String
        package var skill: String?
    }

    package var progress: Progress
    /// Templates, one paragraph after another.
    package var texts: [String] = []
    package var choices: [Choice] = []
    /// Choices for yes and no belong under the texts, in the customer's language.
    package var asksYesNo = false
    /// The customer is to be told first that they were not understood.
    package var isNotUnderstood = false
    package var handOff: HandOff?

    /// Where a run stands, without another word.
    package init(_ progress: Progress) { self.progress = progress }

    /// The same, with a person who goes on instead; what was to be said is left unsaid.
    package func handedOff(_ reason: String) -> Move {
        var move = self
        move.progress.state = .handedOff
        move.progress.wait = nil
        move.texts = []
        move.choices = []
        move.asksYesNo = false
        move.isNotUnderstood = false
        move.handOff = HandOff(reason: reason, skill: nil)
        return move
    }

    init(ending progress: Progress, _ state: Progress.State, texts: [String] = []) {
        self.progress = progress
        self.progress.state = state
        self.progress.wait = nil
        self.progress.call = nil
        self.texts = texts
    }
}

/// What came of an action that a workflow waited for.
package enum ActionResult: Hashable, Sendable {
    /// What the plugin brought.
    case done(JSON)
    /// It was refused, for a reason that will not pass.
    case refused(code: String, message: String)
    /// Nothing was begun: a person has to do it, and why.
    case forPerson(String)
    /// It was begun, and its end is not known.
    case open
}
