import Desk
import Knowledge
import Model
import Synchronization

/// Sites, people and content held in memory.
package final class MemoryDirectory: Directory {
    private struct State {
        var sites: [SiteID: Site] = [:]
        var agents: [Agent] = []
        var contacts: [ContactID: Contact] = [:]
        var workspace = Workspace()
    }

    private let state = Mutex(State())

    package init() {}

    package func add(_ site: Site) { state.withLock { $0.sites[site.id] = site } }
    package func add(_ agent: Agent) { state.withLock { $0.agents.append(agent) } }
    package func add(_ contact: Contact) { state.withLock { $0.contacts[contact.id] = contact } }
    package func set(_ workspace: Workspace) { state.withLock { $0.workspace = workspace } }

    package func site(_ id: SiteID) async throws(LogFailure) -> Site? {
        state.withLock { $0.sites[id] }
    }

    package func agents() async throws(LogFailure) -> [Agent] { state.withLock(\.agents) }

    package func contact(_ id: ContactID) async throws(LogFailure) -> Contact? {
        state.withLock { $0.contacts[id] }
    }

    package func content() async throws(LogFailure) -> Workspace { state.withLock(\.workspace) }
}
