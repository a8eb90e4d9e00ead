import Model

extension IntentDefinition {
    /// Examples of one intent at most.
    static let maximumExamples = 5000

    /// Reads `intents/<name>.yaml`.
    ///
    /// Examples may be missing: a table of examples can bring them.
    static func read(_ text: String, file: String, faults: FaultList) -> IntentDefinition? {
        guard let fields = YAMLFields.document(text, file: file, faults: faults) else { return nil }
        defer { fields.finish() }
        let name = WorkspaceFiles.stem(of: file)
        if !Slug.isValid(name) { fields.add(.badSlug("file name", value: name)) }
        var intent = IntentDefinition(
            name: name,
            title: fields.requiredText("title", limit: 80),
            description: fields.requiredText("description"),
            examples: fields.texts("examples", limit: 2000, maximum: maximumExamples),
            answer: answer(fields),
            needs: fields.texts("needs", limit: 100),
            fallback: fields.text("fallback", limit: TemplateRenderer.maximumLength),
            message: fields.text("message", limit: TemplateRenderer.maximumLength),
            skill: fields.slug("skill"),
            isSensitive: fields.flag("sensitive") ?? false,
            isSmallTalk: fields.flag("small_talk") ?? false,
            pages: fields.texts("pages", limit: 100).map { PageGlob($0) },
            language: fields.text("language", limit: 35) ?? "en",
            mode: fields.oneOf("mode", Mode.self) ?? .act
        )
        intent.choices = choices(fields)
        intent.category = fields.slug("category")
        intent.impact = fields.share("impact") ?? intent.impact
        intent.isMoney = fields.flag("money") ?? false
        intent.precision = fields.share("precision")
        intent.ramps = fields.flag("ramp") ?? false
        intent.checkTemplates(fields)
        return intent
    }

    private static func answer(_ fields: YAMLFields) -> Answer {
        let keys = ["answer", "article", "hand_off"]
        if keys.count(where: fields.has) != 1 { fields.add(.exclusive(keys)) }
        let template = fields.text("answer", limit: TemplateRenderer.maximumLength)
        let article = fields.slug("article")
        // `hand_off: true` leaves the skill to the intent, `hand_off: billing` names it.
        let skill = fields.text("hand_off")
        if let template { return .template(template) }
        if let article { return .article(article) }
        return .handOff(skill: skill == "true" ? nil : skill)
    }

    private static func choices(_ fields: YAMLFields) -> [Choice] {
        fields.entries("choices", maximum: 6).map { entry in
            defer { entry.finish() }
            return Choice(
                id: entry.requiredText("intent", limit: Slug.maximumLength),
                title: entry.requiredText("title", limit: 80)
            )
        }
    }

    private func checkTemplates(_ fields: YAMLFields) {
        if case .template(let text) = answer {
            Self.check(text, needs: needs, key: "answer", fields)
            if !needs.isEmpty, fallback == nil { fields.add(.missing("fallback")) }
        }
        if let fallback { Self.check(fallback, needs: [], key: "fallback", fields) }
        if let message { Self.check(message, needs: [], key: "message", fields) }
    }

    static func check(_ text: String, needs: [String], key: String, _ fields: YAMLFields) {
        do {
            _ = try TemplateRenderer(text)
            try TemplateCheck(text).requireGuards(needs: needs)
        } catch {
            // Block texts begin on the line after their key.
            fields.add(.template(error), line: fields.line(of: key) + error.line)
        }
    }
}
