/// An intent in another language: how customers say it there, and what they are answered.
package struct IntentTranslation: Hashable, Sendable {
    package var title: String
    package var examples: [String]
    /// A template; nil where the intent's own answer has to do.
    package var answer: String?
    /// A template that needs no facts.
    package var fallback: String?
    /// A template: what the customer is told when this goes to a person.
    package var message: String?

    package init(
        title: String,
        examples: [String],
        answer: String? = nil,
        fallback: String? = nil,
        message: String? = nil
    ) {
        self.title = title
        self.examples = examples
        self.answer = answer
        self.fallback = fallback
        self.message = message
    }

    var templates: [String] { [answer, fallback, message].compactMap { $0 } }
}

extension [IntentDefinition] {
    /// Takes over `languages/<code>.yaml`: translations of intents by their names.
    mutating func translate(_ text: String, file: String, faults: FaultList) {
        guard let fields = YAMLFields.document(text, file: file, faults: faults) else { return }
        defer { fields.finish() }
        let language = WorkspaceFiles.stem(of: file)
        if language.wholeMatch(of: #/[a-z]{2,3}/#) == nil {
            let expected = "a language code such as de"
            fields.add(.badValue("file name", value: language, expected: expected))
        }
        for (name, entry) in fields.sections("intents") {
            defer { entry.finish() }
            guard let place = firstIndex(where: { $0.name == name }) else {
                let nearest = Slug.nearest(to: name, among: map(\.name))
                entry.add(.unknownReference("intents", value: name, nearest: nearest))
                continue
            }
            self[place].translations[language] = IntentTranslation(entry, of: self[place])
        }
    }
}

extension IntentTranslation {
    fileprivate init(_ fields: YAMLFields, of intent: IntentDefinition) {
        let limit = TemplateRenderer.maximumLength
        self.init(
            title: fields.requiredText("title", limit: 80),
            examples: fields.texts(
                "examples",
                limit: 2000,
                maximum: IntentDefinition.maximumExamples
            ),
            answer: fields.text("answer", limit: limit),
            fallback: fields.text("fallback", limit: limit),
            message: fields.text("message", limit: limit)
        )
        if let answer {
            IntentDefinition.check(answer, needs: intent.needs, key: "answer", fields)
            if !intent.needs.isEmpty, fallback == nil { fields.add(.missing("fallback")) }
        }
        for (key, template) in [("fallback", fallback), ("message", message)] {
            guard let template else { continue }
            IntentDefinition.check(template, needs: [], key: key, fields)
        }
    }
}
