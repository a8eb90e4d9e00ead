import Foundation
import Model
import Workflows

extension Workspace {
    /// Bytes of one YAML file at most.
    private static let yamlLimit = 1 << 20
    /// Bytes of one table of examples at most.
    private static let tableLimit = 64 << 20

    /// Reads a workspace's folder.
    ///
    /// That is `sites/*.yaml`, `agents.yaml`, `intents/*.yaml`, `intents/*.csv`,
    /// `languages/*.yaml`, `articles/*.md`, `workflows/*.yaml`, `canned.yaml` and `automation.yaml`;
    /// other files are left alone. Blocks on the disk.
    ///
    /// - Throws: ``WorkspaceFaults`` with all that is wrong in all files.
    package static func load(_ folder: String) throws(WorkspaceFaults) -> Workspace {
        let faults = FaultList()
        let files = WorkspaceFiles(folder: folder, faults: faults)
        guard files.exists else {
            faults.add(.unreadable("there is no such folder"), file: folder)
            throw WorkspaceFaults(faults: faults.faults)
        }
        let workspace = Workspace(
            sites: files.names(in: "sites", ending: ".yaml").compactMap { file in
                files.text(file, limit: yamlLimit).flatMap {
                    SiteDefinition.read($0, file: file, faults: faults)
                }
            },
            agents: single("agents.yaml", files).map {
                AgentDefinition.readAll($0, file: "agents.yaml", faults: faults)
            } ?? [],
            intents: intents(files, faults),
            articles: files.names(in: "articles", ending: ".md").compactMap { file in
                files.text(file, limit: Article.maximumLength).flatMap {
                    Article.read($0, file: file, faults: faults)
                }
            },
            canned: single("canned.yaml", files).map {
                CannedReply.readAll($0, file: "canned.yaml", faults: faults)
            } ?? [],
            workflows: workflows(files, faults),
            automation: single("automation.yaml", files).flatMap {
                Automation.read($0, file: "automation.yaml", faults: faults)
            } ?? Automation()
        )
        workspace.checkReferences(faults)
        workspace.checkRepetitions(faults)
        guard faults.faults.isEmpty else { throw WorkspaceFaults(faults: faults.faults) }
        return workspace
    }

    /// The workspace that comes with maitred: support of a make-believe SaaS product, Tideline.
    package static var starterFolder: String {
        Bundle.module.bundleURL.appendingPathComponent("starter").path
    }

    /// Reads a folder of workflows alone: `*.yaml`.
    ///
    /// Whether the intents and skills they name exist is for their workspace to say. Blocks on the disk.
    /// - Throws: ``WorkspaceFaults`` with all that is wrong in all files.
    package static func loadWorkflows(
        _ folder: String
    ) throws(WorkspaceFaults) -> [WorkflowDocument] {
        let faults = FaultList()
        let files = WorkspaceFiles(folder: folder, faults: faults)
        if !files.exists { faults.add(.unreadable("there is no such folder"), file: folder) }
        let documents = workflows(files, faults, in: ".")
        guard faults.faults.isEmpty else { throw WorkspaceFaults(faults: faults.faults) }
        return documents
    }

    private static func workflows(
        _ files: WorkspaceFiles,
        _ faults: FaultList,
        in folder: String = "workflows"
    ) -> [WorkflowDocument] {
        files.names(in: folder, ending: ".yaml").compactMap { file in
            files.text(file, limit: WorkflowDocument.maximumLength).flatMap {
                WorkflowDocument.read($0, file: file, faults: faults)
            }
        }
    }

    private static func single(_ file: String, _ files: WorkspaceFiles) -> String? {
        files.has(file) ? files.text(file, limit: yamlLimit) : nil
    }

    private static func intents(_ files: WorkspaceFiles, _ faults: FaultList) -> [IntentDefinition]
    {
        var intents = files.names(in: "intents", ending: ".yaml").compactMap { file in
            files.text(file, limit: yamlLimit).flatMap {
                IntentDefinition.read($0, file: file, faults: faults)
            }
        }
        for file in files.names(in: "languages", ending: ".yaml") {
            guard let text = files.text(file, limit: yamlLimit) else { continue }
            intents.translate(text, file: file, faults: faults)
        }
        // One text under two intents teaches nothing. Tables from outside are noisy and are let be.
        checkExamples(intents, faults)
        for file in files.names(in: "intents", ending: ".csv") {
            guard let text = files.text(file, limit: tableLimit) else { continue }
            do {
                intents = try IntentTable(csv: text).merged(into: intents)
            } catch {
                faults.add(.malformed(error.description), file: file, line: error.line)
            }
        }
        for intent in intents where intent.examples.isEmpty && intent.mode != .off {
            faults.add(.missing("examples"), file: intent.file)
        }
        return intents
    }
}

// MARK: - Checks across files

extension Workspace {
    private static func checkExamples(_ intents: [IntentDefinition], _ faults: FaultList) {
        var owners: [String: String] = [:]
        for intent in intents {
            for example in intent.allExamples {
                let text = SearchWords.split(example).joined(separator: " ")
                if let owner = owners[text], owner != intent.file || intent.translations.isEmpty {
                    faults.add(
                        .repeated("example", value: example, alsoIn: owner),
                        file: intent.file
                    )
                }
                owners[text] = intent.file
            }
        }
    }
}

extension Workspace {
    private func checkReferences(_ faults: FaultList) {
        let names = intents.map(\.name)
        let skills = Set(agents.flatMap(\.skills))
        func require(_ key: String, _ value: String, among known: [String], in file: String) {
            guard !known.contains(value) else { return }
            let nearest = Slug.nearest(to: value, among: known)
            faults.add(.unknownReference(key, value: value, nearest: nearest), file: file)
        }
        for intent in intents {
            if case .article(let id) = intent.answer {
                require("article", id, among: articles.map(\.id), in: intent.file)
            }
            for choice in intent.choices where choice.id != IntentDefinition.human {
                require("choices", choice.id, among: names, in: intent.file)
            }
            // A skill that no agent has would leave conversations waiting for nobody.
            if !agents.isEmpty {
                for skill in Set([intent.skill, intent.handOffSkill].compactMap { $0 }) {
                    require("skill", skill, among: skills.sorted(), in: intent.file)
                }
            }
        }
        for document in workflows {
            let file = "workflows/\(document.workflow.name).yaml"
            for name in document.workflow.intents {
                require("intents", name, among: names, in: file)
            }
            for step in document.workflow.steps where !agents.isEmpty {
                guard case .handOff(reason: _, let skill?) = step.act else { continue }
                require("skill", skill, among: skills.sorted(), in: file)
            }
        }
        for site in sites {
            for name in site.suggestions {
                require("suggestions", name, among: names, in: "sites/\(site.key).yaml")
            }
        }
    }

    private func checkRepetitions(_ faults: FaultList) {
        var emails: Set<String> = []
        for agent in agents where !emails.insert(agent.email).inserted {
            faults.add(
                .repeated("email", value: agent.email, alsoIn: "another entry"),
                file: "agents.yaml"
            )
        }
        var triggers: [String: String] = [:]
        for workflow in workflows.map(\.workflow) {
            let file = "workflows/\(workflow.name).yaml"
            for intent in workflow.intents {
                if let other = triggers.updateValue(file, forKey: intent) {
                    faults.add(.repeated("intent", value: intent, alsoIn: other), file: file)
                }
            }
        }
        var ids: Set<String> = []
        for reply in canned where !ids.insert(reply.id).inserted {
            faults.add(
                .repeated("id", value: reply.id, alsoIn: "another entry"),
                file: "canned.yaml"
            )
        }
    }
}

extension IntentDefinition {
    fileprivate var file: String { "intents/\(name).yaml" }
}
