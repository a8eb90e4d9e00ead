import Foundation
import Knowledge
import Testing
import Workflows

/// Workflows as operators write them.
struct WorkflowDocumentTests {
    private static let whole = """
        title: Cancel an order
        intents: [cancel_order]
        steps:
          order:
            ask: Which order is it?
            code: "#0000"
            from: page.order
            attempts: 3
          look:
            do: shop.look
            with: {order: "{{order}}", deep: true, most: 5}
            failed: nowhere
          may:
            check:
              - {when: look.state == shipped, then: away}
              - {when: [look.total > 5000, look.paid == true], then: person}
            otherwise: sure
          sure:
            confirm: Cancel {{order}}?
          cancel: {do: shop.cancel, with: {order: "{{order}}"}}
          done: {end: "{{cancel.summary}}"}
          away: {say: It is on its way.}
          back: {end: true}
          person: {hand_off: Over the limit., skill: billing}
          nowhere: {end: There is no such order.}
        """

    private func faults(_ text: String) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("maitred-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appendingPathComponent("cancel.yaml"))
        do {
            _ = try Workspace.loadWorkflows(folder.path)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test func `a workflow is read as it is written`() throws {
        #expect(try faults(Self.whole) == [])
        let workflow = try #require(WorkflowDocument(name: "cancel", text: Self.whole)).workflow
        #expect(workflow.steps.map(\.name).prefix(3) == ["order", "look", "may"])
        #expect(workflow.intents == ["cancel_order"])
        #expect(workflow.isForIdentified)
        let arguments: [Workflow.Argument] = [
            .init("order", .known("order")), .init("deep", .flag(true)), .init("most", .whole(5)),
        ]
        #expect(
            workflow.step("look")?.act
                == .perform(action: "shop.look", with: arguments, failed: "nowhere")
        )
        #expect(workflow.step("back")?.act == .end(nil))
    }

    @Test func `another text is another version`() throws {
        let one = WorkflowDocument(name: "cancel", text: Self.whole)?.workflow.version
        let other = WorkflowDocument(name: "cancel", text: Self.whole + "\n# Changed\n")
        #expect(one != nil && one != other?.workflow.version)
    }

    @Test(arguments: [
        ("ask: Which?\n    then: lok", "'then' names 'lok', which does not exist"),
        (
            "check:\n      - {when: total ~ 5, then: over}\n    otherwise: over",
            "a condition such as"
        ),
        ("ask: Which?\n    code: '---'", "a shape such as #0000* or AA-000"),
        ("ask: Which?\n    form: colour", "it can be text, number"),
        ("say: Hello\n    end: Bye", "exactly one of 'ask'"),
        ("do: shop.look\n    with: {order: \"No. {{order}}\"}", "one {{name}} alone"),
        ("say: Hello {{plan}}", "{{plan}} may be missing"),
        ("end: Bye", "the step 'over' is never reached"),
        ("ask: Which?\n    options: [{title: One}]", "'options' is missing"),
        ("say: Hello\n    colour: red", "'colour' is not a key here"),
    ])
    func `what is wrong is said with what is expected`(_ step: String, _ said: String) throws {
        let text = "title: Cancel\nsteps:\n  first:\n    \(step)\n  over: {end: true}\n"
        let told = try faults(text)
        #expect(told.contains { $0.contains(said) }, "\(told)")
    }

    @Test func `the starter workspace has one that its visitors can take`() throws {
        let workspace = try Workspace.load(Workspace.starterFolder)
        let workflow = try #require(workspace.workflow(ofIntent: "book_demo"))
        #expect(!workflow.isForIdentified)
    }
}
