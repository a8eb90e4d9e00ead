import Model

/// Something customers want, how they say it, and what is done about it.
package struct IntentDefinition: Hashable, Sendable {
    package enum Answer: Hashable, Sendable {
        /// A ``TemplateRenderer``'s text.
        case template(String)
        /// The slug of an article, which is quoted.
        case article(String)
        /// A person takes over; with this skill, or the intent's own.
        case handOff(skill: String?)
    }

    /// What the assistant may do when it is sure that this is what the customer wants.
    package enum Mode: String, CaseIterable, Sendable {
        /// Answers.
        case act
        /// Hands off, with the answer as a suggestion to the agent.
        case suggest
        /// Hands off; what it would have done is recorded only.
        case shadow
        /// Is not recognised at all.
        case off
    }

    /// The slug: triage's label, and the id of choices that lead here.
    package var name: String
    /// In the customer's words: it is shown as a choice and becomes their message.
    package var title: String
    package var description: String
    package var examples: [String]
    package var answer: Answer
    /// Facts without which the template is not used but `fallback`.
    package var needs: [String]
    /// A template that needs no facts.
    package var fallback: String?
    /// A template: what the customer is told when this goes to a person.
    package var message: String?
    /// What an agent must be able to do to take this over.
    package var skill: String?
    /// Never answered by the assistant, however sure it is.
    package var isSensitive: Bool
    /// A greeting or a thank you: never a question to ask back, and no harm in answering it twice.
    package var isSmallTalk: Bool
    /// The pages on which it is likelier to be meant.
    package var pages: [PageGlob]
    package var language: String
    package var mode: Mode
    /// Offered with the answer; an id is an intent's name or ``human``.
    package var choices: [Choice]
    /// The intent in other languages, by their codes.
    package var translations: [String: IntentTranslation] = [:]
    /// What it belongs to, such as `billing`: for tickets, queues and reports.
    package var category: String?
    /// How much hangs on it, 0…1: with a turn's urgency it makes the priority.
    package var impact = 0.5
    /// Money moves: more certainty is asked for.
    package var isMoney = false
    /// The share of its answers that are to be right; the workspace's where it is nil.
    package var precision: Double?
    /// It begins to answer by itself once what it would have answered has been right often enough.
    package var ramps = false

    /// The id of a choice that asks for a person.
    package static let human = "human"

    package init(
        name: String,
        title: String,
        description: String = "",
        examples: [String],
        answer: Answer,
        needs: [String] = [],
        fallback: String? = nil,
        message: String? = nil,
        skill: String? = nil,
        isSensitive: Bool = false,
        isSmallTalk: Bool = false,
        pages: [PageGlob] = [],
        language: String = "en",
        mode: Mode = .act,
        choices: [Choice] = []
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.examples = examples
        self.answer = answer
        self.needs = needs
        self.fallback = fallback
        self.message = message
        self.skill = skill
        self.isSensitive = isSensitive
        self.isSmallTalk = isSmallTalk
        self.pages = pages
        self.language = language
        self.mode = mode
        self.choices = choices
    }

    /// The skill that a person needs for it: the answer's own, or the intent's.
    package var handOffSkill: String? {
        if case .handOff(let skill?) = answer { return skill }
        return skill
    }

    /// The texts that are templates.
    var templates: [String] {
        var templates = [fallback, message].compactMap { $0 }
        if case .template(let text) = answer { templates.append(text) }
        return templates + translations.values.flatMap(\.templates)
    }

    /// The examples in all languages, woven into each other.
    ///
    /// Training holds out runs of neighbours to judge itself: a run must not be a whole language.
    package var allExamples: [String] {
        let lists = [examples] + translations.sorted { $0.key < $1.key }.map(\.value.examples)
        return lists.flatMap { list in
            list.enumerated().map { (Double($0) / Double(list.count), $1) }
        }
        .enumerated()
        .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        .map(\.element.1)
    }

    /// The title in a language, or the intent's own.
    package func title(in language: String?) -> String {
        translation(language)?.title ?? title
    }

    /// The translation for a customer's language; nil where the intent's own is theirs.
    func translation(_ language: String?) -> IntentTranslation? {
        language.flatMap { translations[String($0.prefix(2))] }
    }

    /// Whether the assistant may answer it by itself.
    package var isAnswerable: Bool {
        if case .handOff = answer { return false }
        return mode == .act && !isSensitive
    }
}
