import Desk
import JSONCoding
import MaitredTesting
import Model
import Workflows

/// Integrations of a test, which says only what it is about: whatever else they are asked, they keep still.
protocol QuietIntegrations: Integrations {}

extension QuietIntegrations {
    var namesCandidates: Bool { false }

    func enrich(_ opening: Opening, within deadline: Duration) async -> [Enrichment] { [] }

    func candidates(
        for question: CandidateQuestion,
        within deadline: Duration
    ) async -> [String] { [] }

    func filters(_ moment: MessageToFilter.Moment) -> Bool { false }

    func filter(_ message: MessageToFilter) async -> FilterVerdict { .keep }

    func perform(_ order: WorkflowOrder) async -> ActionResult? { nil }
}

/// Integrations that know one thing of everybody.
struct Known: QuietIntegrations {
    func enrich(_ opening: Opening, within deadline: Duration) async -> [Enrichment] {
        [Enrichment(source: "crm", title: "Customer", facts: ["plan": "pro"])]
    }
}

extension DeskWorld.Customer {
    /// A conversation in which nothing was said yet, and about which integrations have answered.
    func opens(in world: DeskWorld) async throws -> ConversationID {
        let outcome = await withCheckedContinuation { continuation in
            world.desk.begin(site: world.site.id, contact: contact.id, pages: [], nil) {
                continuation.resume(returning: $0)
            }
        }
        let id = try outcome.get().conversation
        let team = Listener()
        world.desk.subscribe(team, .team, to: id, for: nil, after: 0)
        await team.event { event in
            if case .facts = event { return true }
            return false
        }
        return id
    }
}
