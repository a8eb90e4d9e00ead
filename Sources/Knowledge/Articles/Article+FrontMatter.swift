import Model

extension Article {
    /// Bytes of an article's file at most.
    static let maximumLength = 64 * 1024

    /// Reads an article: YAML between two lines of dashes, then Markdown.
    ///
    /// Its file name is its slug.
    static func read(_ text: String, file: String, faults: FaultList) -> Article? {
        // To Swift, a carriage return with a line feed is one character and no line feed.
        let lines = text.replacing("\r\n", with: "\n")
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
            faults.add(.noFrontMatter, file: file, line: 1)
            return nil
        }
        let yaml = lines[1..<end].joined(separator: "\n")
        let body = lines[(end + 1)...].joined(separator: "\n").trimmed
        if body.isEmpty { faults.add(.empty("body"), file: file, line: end + 1) }
        // The front matter's first line is the file's second.
        guard let fields = YAMLFields.document(yaml, file: file, lineOffset: 1, faults: faults)
        else { return nil }
        return Article(fields, id: WorkspaceFiles.stem(of: file), body: body)
    }

    private init?(_ fields: YAMLFields, id: String, body: String) {
        if !Slug.isValid(id) { fields.add(.badSlug("file name", value: id)) }
        self.init(
            id: id,
            title: fields.requiredText("title", limit: 200),
            summary: fields.requiredText("summary"),
            body: body,
            tags: fields.texts("tags", limit: 60, maximum: 30),
            language: fields.text("language", limit: 35) ?? "en",
            pages: fields.texts("pages", limit: 100).map { PageGlob($0) }
        )
        if let day = fields.text("updated", limit: 30) {
            updated = Timestamp(day + "T00:00:00Z")
            if updated == nil {
                let expected = "a date such as 2026-11-21"
                fields.add(
                    .badValue("updated", value: day, expected: expected),
                    line: fields.line(of: "updated")
                )
            }
        }
        fields.finish()
    }
}
