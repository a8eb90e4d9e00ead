import Desk
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
