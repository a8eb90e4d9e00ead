import Workflows

/// Reads one step of a workflow.
struct WorkflowStep {
    private static let kinds = ["ask", "confirm", "do", "check", "say", "hand_off", "end"]
    /// What facts are found under: no step can have such a name.
    private static let reserved = ["contact", "page"]
    private static let textLimit = 4000
    private static let optionLimit = 12

    private let name: String
    private let fields: YAMLFields
    /// Of all steps.
    private let names: [String]

    init(_ name: String, _ fields: YAMLFields, among names: [String]) {
        self.name = name
        self.fields = fields
        self.names = names
    }

    /// The step; nil, with a fault, when it is none.
    func read() -> Workflow.Step? {
        if !Slug.isValid(name) || name.utf8.count > 40 {
            fields.add(.badSlug("step", value: name))
        }
        if Self.reserved.contains(name) || names.count(where: { $0 == name }) > 1 {
            fields.add(.repeated("step", value: name, alsoIn: "use already"))
        }
        let kinds = Self.kinds.filter(fields.has)
        guard kinds.count == 1 else {
            fields.add(.exclusive(Self.kinds))
            return nil
        }
        guard let act = act(kinds[0]) else { return nil }
        // Where a step ends the run or decides, there is nothing after it.
        let next = ["check", "hand_off", "end"].contains(kinds[0]) ? nil : target("then")
        return Workflow.Step(name, act, next: next)
    }

    private func act(_ kind: String) -> Workflow.Act? {
        switch kind {
        case "ask": question.map(Workflow.Act.ask)
        case "confirm": template(kind).map { .confirm(text: $0, no: target("no")) }
        case "do": action
        case "check": .decide(branches, otherwise: target("otherwise"))
        case "say": template(kind).map(Workflow.Act.say)
        case "hand_off": fields.text(kind).map { .handOff(reason: $0, skill: fields.slug("skill")) }
        default:
            // `end: true` ends without a word.
            fields.text(kind, limit: Self.textLimit).map {
                $0 == "true" ? .end(nil) : .end(checked($0, kind))
            }
        }
    }

    // MARK: - Questions

    private enum Form: String, CaseIterable {
        case text, number, amount, email, code, choice
        case yesNo = "yes_no"
    }

    private var question: Workflow.Question? {
        guard let text = template("ask") else { return nil }
        return Workflow.Question(
            text,
            form: form,
            from: fields.text("from", limit: 100),
            again: template("again"),
            attempts: fields.number("attempts", in: 1...5) ?? 2
        )
    }

    private var form: AnswerForm {
        switch fields.oneOf("form", Form.self) ?? implied {
        case .text: return .text
        case .number: return .number
        case .amount: return .amount
        case .email: return .email
        case .yesNo: return .yesNo
        case .choice:
            let options = options
            if options.count < 2 { fields.add(.missing("options")) }
            return .choice(options)
        case .code:
            guard let text = fields.text("code", limit: 40) else {
                if !fields.has("code") { fields.add(.missing("code")) }
                return .text
            }
            guard let mould = Mould(text) else {
                let expected = "a shape such as #0000* or AA-000"
                fields.add(.badValue("code", value: text, expected: expected))
                return .text
            }
            return .code(mould)
        }
    }

    /// The form that the other keys speak of.
    private var implied: Form {
        if fields.has("options") { return .choice }
        return fields.has("code") ? .code : .text
    }

    private var options: [AnswerForm.Option] {
        fields.entries("options", maximum: Self.optionLimit).compactMap { entry in
            defer { entry.finish() }
            let title = entry.requiredText("title", limit: 80)
            guard let value = entry.slug("value") ?? Slug.make(from: title) else {
                if !entry.has("value") { entry.add(.missing("value")) }
                return nil
            }
            // It is a part of an id that has 64 characters.
            if value.utf8.count > 24 { entry.add(.tooLong("value", limit: 24)) }
            return AnswerForm.Option(value: value, title: title)
        }
    }

    // MARK: - Actions

    private var action: Workflow.Act? {
        guard let action = fields.text("do", limit: 100) else { return nil }
        let arguments = fields.pairs("with", limit: Self.textLimit).map { name, text in
            Workflow.Argument(name, argument(name, text))
        }
        return .perform(action: action, with: arguments, failed: target("failed"))
    }

    /// `{{order}}` is what is known under that name, as it is; anything else is meant as it stands.
    private func argument(_ name: String, _ text: String) -> Workflow.Argument.Value {
        if text.hasPrefix("{{"), text.hasSuffix("}}"), text.count > 4 {
            let known = String(text.dropFirst(2).dropLast(2)).trimmed
            if !known.contains("{"), !known.contains(" ") { return .known(known) }
        }
        if text.contains("{{") {
            let expected = "one {{name}} alone or a text without any"
            fields.add(.badValue("with.\(name)", value: text, expected: expected))
        }
        if let number = Int(text) { return .whole(number) }
        return text == "true" || text == "false" ? .flag(text == "true") : .text(text)
    }

    // MARK: - Decisions

    private var branches: [Workflow.Branch] {
        fields.entries("check", maximum: 20).compactMap { entry in
            defer { entry.finish() }
            let conditions = entry.lines("when", limit: 200, maximum: 10).compactMap { text, line in
                let condition = Condition(text)
                if condition == nil {
                    let expected = "a condition such as 'total <= 5000' or 'order known'"
                    entry.add(.badValue("when", value: text, expected: expected), line: line)
                }
                return condition
            }
            if !entry.has("when") { entry.add(.missing("when")) }
            if !entry.has("then") { entry.add(.missing("then")) }
            guard let then = target("then", in: entry) else { return nil }
            return Workflow.Branch(when: conditions, then: then)
        }
    }

    // MARK: - Parts

    private func target(_ key: String, in entry: YAMLFields? = nil) -> String? {
        let entry = entry ?? fields
        guard let name = entry.text(key, limit: 40) else { return nil }
        if !names.contains(name) {
            let nearest = Slug.nearest(to: name, among: names)
            entry.add(
                .unknownReference(key, value: name, nearest: nearest),
                line: entry.line(of: key)
            )
        }
        return name
    }

    private func template(_ key: String) -> String? {
        fields.text(key, limit: Self.textLimit).map { checked($0, key) }
    }

    /// The text, with a fault when it is no template, or names what may not be there.
    private func checked(_ text: String, _ key: String) -> String {
        do {
            _ = try TemplateRenderer(text)
            // What a step brings is there when another step mentions it, or the line is left out.
            let mentioned = try TemplateCheck(text).mentions.map(\.name).filter { mention in
                names.contains(String(mention.prefix { $0 != "." }))
            }
            try TemplateCheck(text).requireGuards(needs: mentioned)
        } catch {
            fields.add(.template(error), line: fields.line(of: key) + error.line)
        }
        return text
    }
}
