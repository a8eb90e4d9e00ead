import JSONCoding
import Knowledge
import Store
import Workflows

/// Workflows, as their operator sees to them.
extension Administration {
    /// Takes a folder of workflows: those of the same names are replaced, others stay.
    func importWorkflows(_ order: JSON) async throws -> JSON {
        let folder = try Self.text(order, "folder", limit: 4096)
        let documents = try Workspace.loadWorkflows(folder)
        guard !documents.isEmpty else { throw OrderFault("there is no *.yaml in \(folder)") }
        let content = try await store.content()
        let fresh = Set(documents.map(\.workflow.name))
        var owners: [String: String] = [:]
        for kept in content.workflows where !fresh.contains(kept.workflow.name) {
            for intent in kept.workflow.intents { owners[intent] = kept.workflow.name }
        }
        var faults: [String] = []
        for workflow in documents.map(\.workflow) {
            for intent in workflow.intents {
                if content.intent(intent) == nil {
                    faults.append(
                        "\(workflow.name).yaml: there is no intent “\(intent)”; import it first"
                    )
                }
                if let owner = owners.updateValue(workflow.name, forKey: intent) {
                    faults.append(
                        "\(workflow.name).yaml: “\(owner)” is the workflow of “\(intent)”"
                    )
                }
            }
        }
        guard faults.isEmpty else { throw OrderFault(faults.joined(separator: "\n")) }
        try await store.saveWorkflows(documents)
        await changed(.content)
        return [
            "workflows": .int(Int64(documents.count)),
            "new": .int(Int64(fresh.count { content.workflow($0) == nil })),
        ]
    }

    func listWorkflows() async throws -> JSON {
        .array(try await store.content().workflows.map { Self.describe($0.workflow) })
    }

    func showWorkflow(_ order: JSON) async throws -> JSON {
        let name = try Self.text(order, "name", limit: 100)
        let document = try await store.content().workflows.first { $0.workflow.name == name }
        guard let document else {
            throw OrderFault("there is no workflow “\(name)”; see: maitred workflow list")
        }
        var shown = Self.describe(document.workflow).objectValue ?? [:]
        shown["text"] = .string(document.text)
        shown["drawing"] = .string(document.workflow.drawing)
        return .object(shown)
    }

    func removeWorkflow(_ order: JSON) async throws -> JSON {
        let name = try Self.text(order, "name", limit: 100)
        guard try await store.removeWorkflow(name) else {
            throw OrderFault("there is no workflow “\(name)”; see: maitred workflow list")
        }
        await changed(.content)
        return ["name": .string(name)]
    }

    private static func describe(_ workflow: Workflow) -> JSON {
        [
            "name": .string(workflow.name), "title": .string(workflow.title),
            "version": .string(workflow.version),
            "intents": .array(workflow.intents.map(JSON.string)),
            "identified": .bool(workflow.isForIdentified),
            "steps": .int(Int64(workflow.steps.count)),
        ]
    }
}
