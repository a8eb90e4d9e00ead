/// A place where the widget is embedded, as `sites/<key>.yaml` describes it.
package struct SiteDefinition: Hashable, Sendable {
    /// The slug.
    package var key: String
    package var name: String
    /// Origins whose pages may embed the widget, such as `https://app.example.com`.
    package var origins: [String]
    package var greeting: String
    package var language: String
    /// The brand colour in `#rrggbb`.
    package var colour: String
    /// Anonymous visitors are refused.
    package var requiresIdentity: Bool
    /// How the assistant signs its messages.
    package var botName: String
    /// Intents offered before the customer has typed anything.
    package var suggestions: [String]

    static func read(_ text: String, file: String, faults: FaultList) -> SiteDefinition? {
        guard let fields = YAMLFields.document(text, file: file, faults: faults) else { return nil }
        defer { fields.finish() }
        let key = WorkspaceFiles.stem(of: file)
        if !Slug.isValid(key) { fields.add(.badSlug("file name", value: key)) }
        return SiteDefinition(
            key: key,
            name: fields.requiredText("name", limit: 100),
            origins: origins(fields),
            greeting: fields.text("greeting") ?? "Hi! How can we help?",
            language: fields.text("language", limit: 35) ?? "en",
            colour: colour(fields) ?? "#2f6f5e",
            requiresIdentity: fields.flag("requires_identity") ?? false,
            botName: fields.text("bot_name", limit: 60) ?? "Assistant",
            suggestions: fields.slugs("suggestions", maximum: 6)
        )
    }

    private static func origins(_ fields: YAMLFields) -> [String] {
        if !fields.has("origins") { fields.add(.missing("origins")) }
        return fields.lines("origins", limit: 300).map { text, line in
            let origin = text.hasSuffix("/") ? String(text.dropLast()) : text
            if origin.wholeMatch(of: #/https?:\/\/[A-Za-z0-9.\-]+(:[0-9]{1,5})?/#) == nil {
                let expected = "an origin such as https://app.example.com"
                fields.add(.badValue("origins", value: text, expected: expected), line: line)
            }
            return origin.lowercased()
        }
    }

    private static func colour(_ fields: YAMLFields) -> String? {
        guard let colour = fields.text("colour") else { return nil }
        if colour.wholeMatch(of: #/#[0-9a-fA-F]{6}/#) == nil {
            fields.add(
                .badValue("colour", value: colour, expected: "a colour such as #2f6f5e"),
                line: fields.line(of: "colour")
            )
        }
        return colour.lowercased()
    }
}
