import Desk
import JSONCoding
import Model
import Workflows

/// Actions as steps of workflows.
extension PluginHost {
    package nonisolated func perform(_ order: WorkflowOrder) async -> ActionResult? {
        do throws(ActionRefusal) {
            let run = try await carryOut(
                ActionOrder(
                    action: order.call.action,
                    conversation: order.conversation,
                    input: order.call.input,
                    by: .bot(name: order.title),
                    request: order.key
                )
            )
            return Self.result(of: run)
        } catch {
            // Before all plugins have been found, one that is missing says nothing.
            if case .unknown = error, await !isReady { return nil }
            return Self.result(of: error, order.call.action)
        }
    }

    private static func result(of run: ActionRun) -> ActionResult {
        switch run.state {
        case .done: .done(run.result)
        case .failed where run.result["code"]?.stringValue == "plugin_failed":
            .refused(
                code: "plugin_failed",
                message: String((run.result["message"]?.stringValue ?? "").prefix(500))
            )
        // Given up, or answered with what makes no sense: it may have been done.
        case .failed, .running: .open
        }
    }

    /// What a workflow is told of an action that was not begun; nil when it is to ask again.
    private static func result(of refusal: ActionRefusal, _ action: String) -> ActionResult? {
        switch refusal {
        case .unknown: .forPerson("There is no action “\(action)” at present.")
        case .forbidden: .forPerson("“\(action)” is for a person to do.")
        case .needsConfirmation(_, let question): .forPerson(question)
        case .limited(let perDay): .forPerson("“\(action)” was done \(perDay) times today.")
        case .invalid(let faults):
            .refused(code: "invalid", message: faults.joined(separator: "; "))
        case .log: nil
        }
    }
}
