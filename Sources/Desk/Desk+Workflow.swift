import Model
import Workflows

/// Workflows that go on without words of the customer.
extension Desk {
    /// How a workflow goes on after an action.
    ///
    /// Microseconds; while working for the desk.
    func proceed(
        _ conversation: Conversation,
        _ progress: Progress,
        _ result: ActionResult,
        contact: Contact?,
        site: Site?
    ) -> Command.Proceeding {
        reader(conversation, contact: contact, site: site).proceeding(progress, result)
    }
}
