extension Workflow {
    /// The workflow as a flow chart in Mermaid's language.
    package var drawing: String {
        var lines = ["flowchart TD"]
        for (index, step) in steps.enumerated() {
            let (open, close) = step.shape
            lines.append("  s\(index)\(open)\"\(Self.plain(step.label))\"\(close)")
        }
        for (index, step) in steps.enumerated() {
            for (target, words) in arrows(from: step) {
                let label = words.isEmpty ? "" : "|\"\(Self.plain(words))\"|"
                lines.append("  s\(index) -->\(label) \(target)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func arrows(from step: Step) -> [(target: String, words: String)] {
        let place = { (name: String?) in
            name.flatMap { name in steps.firstIndex { $0.name == name } }.map { "s\($0)" }
        }
        let after = place(self.step(after: step)?.name) ?? "over((end))"
        switch step.act {
        case .ask, .say: return [(after, "")]
        case .confirm(_, let no): return [(after, "yes"), (place(no) ?? "over((end))", "no")]
        case .perform(_, _, let failed):
            return [(after, "")] + (place(failed).map { [($0, "failed")] } ?? [])
        case .decide(let branches, let otherwise):
            return branches.compactMap { branch in
                place(branch.then).map { ($0, branch.when.map(\.text).joined(separator: ", ")) }
            } + [(place(otherwise) ?? after, "otherwise")]
        case .handOff, .end: return []
        }
    }

    /// Without what would end a quoted text, and not longer than a box is wide.
    private static func plain(_ text: String) -> String {
        let line = text.split { $0.isNewline }.joined(separator: " ")
            .replacing("\"", with: "'").replacing("#", with: "#35;")
        return line.count > 80 ? line.prefix(79) + "…" : line
    }
}

extension Workflow.Step {
    fileprivate var label: String {
        switch act {
        case .ask(let question): "\(name): \(question.text)"
        case .confirm(let text, _), .say(let text): "\(name): \(text)"
        case .perform(let action, _, _): "\(name): \(action)"
        case .decide: name
        case .handOff(let reason, _): "\(name): to a person – \(reason)"
        case .end(let text): "\(name): \(text ?? "end")"
        }
    }

    fileprivate var shape: (String, String) {
        switch act {
        case .ask, .confirm: ("[/", "/]")
        case .decide: ("{", "}")
        case .perform: ("[[", "]]")
        case .handOff, .end: ("([", "])")
        case .say: ("[", "]")
        }
    }
}
