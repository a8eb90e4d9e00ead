import Workflows

/// A workflow as somebody wrote it, and what was read in it.
package struct WorkflowDocument: Hashable, Sendable {
    /// Bytes of one at most.
    static let maximumLength = 256 * 1024
    static let maximumSteps = 100

    package let workflow: Workflow
    /// The YAML text: it is what is kept.
    package let text: String

    package var name: String { workflow.name }

    /// Reads what was checked before; nil when this version does not understand it.
    package init?(name: String, text: String) {
        let faults = FaultList()
        guard let own = Self.read(text, file: "workflows/\(name).yaml", faults: faults),
            faults.faults.isEmpty
        else { return nil }
        self = own
    }

    private init(_ workflow: Workflow, text: String) {
        self.workflow = workflow
        self.text = text
    }

    /// Reads `workflows/<name>.yaml`.
    static func read(_ text: String, file: String, faults: FaultList) -> WorkflowDocument? {
        guard let fields = YAMLFields.document(text, file: file, faults: faults) else { return nil }
        defer { fields.finish() }
        let name = WorkspaceFiles.stem(of: file)
        if !Slug.isValid(name) { fields.add(.badSlug("file name", value: name)) }
        let sections = fields.sections("steps")
        if sections.isEmpty { fields.add(.missing("steps")) }
        if sections.count > maximumSteps {
            fields.add(.tooMany("steps", limit: maximumSteps), line: fields.line(of: "steps"))
        }
        let names = sections.map(\.name)
        let workflow = Workflow(
            name: name,
            title: fields.requiredText("title", limit: 80),
            version: version(of: text),
            intents: fields.slugs("intents"),
            isForIdentified: fields.flag("identified") ?? true,
            steps: sections.prefix(maximumSteps).compactMap { section in
                defer { section.fields.finish() }
                return WorkflowStep(section.name, section.fields, among: names).read()
            }
        )
        // What is wrong with a step would be told a second time of those it leads to.
        if workflow.steps.count == sections.count {
            for step in workflow.unreachedSteps {
                fields.add(.malformed("the step '\(step)' is never reached"))
            }
        }
        return WorkflowDocument(workflow, text: text)
    }

    /// FNV-1a of the text: another text is another version.
    private static func version(of text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return String(hash, radix: 36)
    }
}

extension Workflow {
    /// The steps that nothing leads to.
    var unreachedSteps: [String] {
        var reached: Set<String> = []
        var open = steps.first.map { [$0] } ?? []
        while let step = open.popLast() {
            guard reached.insert(step.name).inserted else { continue }
            open += step.targets.compactMap(self.step)
            switch step.act {
            case .handOff, .end, .decide(_, .some): break
            default: open += [self.step(after: step)].compactMap { $0 }
            }
        }
        return steps.map(\.name).filter { !reached.contains($0) }
    }
}
