import Model

/// A process that the assistant runs by fixed rules: questions, actions of plugins, decisions.
///
/// Steps stand in an order and have names. One leads to the next unless it says where to go on; what
/// a question or an action brings is found under its step's name. Nothing in it depends on how sure a
/// model is: the same answers and results always lead the same way.
///
/// ## Topics
/// - ``Step``
/// - ``Condition``
/// - ``AnswerForm``
/// - ``Interpreter``
package struct Workflow: Hashable, Sendable {
    /// One thing that is done.
    package struct Step: Hashable, Sendable {
        package var name: String
        package var act: Act
        /// The step after it; nil for the one that follows in the order.
        package var next: String?

        package init(_ name: String, _ act: Act, next: String? = nil) {
            self.name = name
            self.act = act
            self.next = next
        }
    }

    package enum Act: Hashable, Sendable {
        case ask(Question)
        /// Yes goes on; no goes to a step, or ends the workflow.
        case confirm(text: String, no: String?)
        /// An action of a plugin.
        ///
        /// With `failed` nil a refusal goes to a person.
        case perform(action: String, with: [Argument], failed: String?)
        /// The first branch that holds; with `otherwise` nil the step after it.
        case decide([Branch], otherwise: String?)
        case say(String)
        case handOff(reason: String, skill: String?)
        /// The end, with last words.
        case end(String?)
    }

    package struct Question: Hashable, Sendable {
        package var text: String
        package var form: AnswerForm
        /// The name of a fact that answers it without asking.
        package var from: String?
        /// Said when an answer is not understood.
        package var again: String?
        /// How often it is asked before a person is.
        package var attempts: Int

        package init(
            _ text: String,
            form: AnswerForm = .text,
            from: String? = nil,
            again: String? = nil,
            attempts: Int = 2
        ) {
            self.text = text
            self.form = form
            self.from = from
            self.again = again
            self.attempts = attempts
        }
    }

    /// What an action is given under a name.
    package struct Argument: Hashable, Sendable {
        package enum Value: Hashable, Sendable {
            /// What is known under a name, as it is; left out when nothing is.
            case known(String)
            case text(String)
            case whole(Int)
            case flag(Bool)
        }

        package var name: String
        package var value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    package struct Branch: Hashable, Sendable {
        /// All of them must hold.
        package var when: [Condition]
        package var then: String

        package init(when: [Condition], then: String) {
            self.when = when
            self.then = then
        }
    }

    package let name: String
    package let title: String
    /// Of its text: a run goes on only with the definition that it was begun with.
    package let version: String
    /// The intents that it is the answer to.
    package let intents: [String]
    /// Only for customers whose identity the embedding product has signed.
    package let isForIdentified: Bool
    package let steps: [Step]
    private let places: [String: Int]

    package init(
        name: String,
        title: String,
        version: String = "1",
        intents: [String] = [],
        isForIdentified: Bool = true,
        steps: [Step]
    ) {
        self.name = name
        self.title = title
        self.version = version
        self.intents = intents
        self.isForIdentified = isForIdentified
        self.steps = steps
        places = Dictionary(
            steps.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package func step(_ name: String) -> Step? { places[name].map { steps[$0] } }

    /// The step after one; nil after the last.
    package func step(after step: Step) -> Step? {
        if let next = step.next { return self.step(next) }
        guard let place = places[step.name], place + 1 < steps.count else { return nil }
        return steps[place + 1]
    }

    /// The texts that are templates.
    package var templates: [String] { steps.flatMap(\.templates) }
}

extension Workflow.Step {
    /// The texts of it that are templates.
    package var templates: [String] {
        switch act {
        case .ask(let question): [question.text, question.again].compactMap { $0 }
        case .confirm(let text, _), .say(let text), .end(let text?): [text]
        case .perform, .decide, .handOff, .end(nil): []
        }
    }

    /// The steps that it may lead to by name.
    package var targets: [String] {
        let own: [String?] =
            switch act {
            case .confirm(_, let no): [no]
            case .perform(_, _, let failed): [failed]
            case .decide(let branches, let otherwise): branches.map(\.then) + [otherwise]
            case .ask, .say, .handOff, .end: []
            }
        return (own + [next]).compactMap { $0 }
    }
}
