import Model
import Workflows

// Actions that workflows ask for: carried out beside the letters, and told when they have ended.
extension LiveConversation {
    /// Has the action carried out that a workflow waits for, unless that is under way.
    ///
    /// Begun after the commit that asks for it, and again after a restart: it has the key of its step,
    /// under which it happens once.
    func takeStep() {
        guard step == nil, let held, held.state.owner == .bot, let progress = held.state.progress,
            progress.wait == .action, let call = progress.call
        else { return }
        step = progress.key
        tellCustomers(typing: true)
        let order = WorkflowOrder(
            call,
            conversation: id,
            key: progress.key,
            title: progress.title
        )
        Task { @concurrent [self] in
            let result = await desk.integrations.perform(order)
            _ = post(.stepEnded(progress, result))
        }
    }

    /// Goes on with what came of an action; without a result it is asked for once more.
    func stepEnded(_ progress: Progress, _ result: ActionResult?) {
        tellCustomers(typing: false)
        guard let result else {
            desk.timers.set(.step, of: id, to: desk.clock.now, in: Self.retryPeriod)
            return
        }
        guard let held, let now = held.state.progress, now.key == progress.key else {
            // Something else is owed by now, and has waited for this to end.
            takeStep()
            return scheduleTurn()
        }
        let step = desk.proceed(held.state, progress, result, contact: contact, site: site)
        filterAndCarryOut(.proceed(step), by: nil) { [self] outcome in
            guard case .failure(.log(let failure)) = outcome else { return }
            Task { await retryLater(.step, progress.at, .log(failure)) }
        }
    }
}
