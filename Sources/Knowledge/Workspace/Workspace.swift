import Workflows

/// All that an operator writes: sites, agents, intents, articles, workflows and canned replies.
///
/// A workspace is a folder of text files, read as a whole by ``Workspace/load(_:)``; what it says
/// is checked before anything uses it. It is kept in memory and replaced as a whole.
///
/// ## Topics
/// - ``IntentDefinition``
/// - ``Article``
/// - ``ArticleIndex``
/// - ``WorkflowDocument``
/// - ``Workspace/answer(to:facts:)``
/// - ``MarkdownRenderer``
package struct Workspace: Hashable, Sendable {
    package let sites: [SiteDefinition]
    package let agents: [AgentDefinition]
    package let intents: [IntentDefinition]
    package let articles: [Article]
    package let canned: [CannedReply]
    package let workflows: [WorkflowDocument]
    package let automation: Automation

    private let intentPlaces: [String: Int]
    private let articlePlaces: [String: Int]
    /// By the names of their intents and by their own.
    private let workflowsOfIntents: [String: Workflow]
    private let workflowsByName: [String: Workflow]
    /// The templates of intents and workflows by their texts, read once.
    ///
    /// Loading refuses a template that is wrong; in a workspace made by hand it is absent.
    let templates: [String: TemplateRenderer]

    package init(
        sites: [SiteDefinition] = [],
        agents: [AgentDefinition] = [],
        intents: [IntentDefinition] = [],
        articles: [Article] = [],
        canned: [CannedReply] = [],
        workflows: [WorkflowDocument] = [],
        automation: Automation = Automation()
    ) {
        self.sites = sites
        self.agents = agents
        self.intents = intents
        self.articles = articles
        self.canned = canned
        self.workflows = workflows
        self.automation = automation
        intentPlaces = Self.places(intents.map(\.name))
        articlePlaces = Self.places(articles.map(\.id))
        let known = workflows.map(\.workflow)
        workflowsOfIntents = Dictionary(
            known.flatMap { workflow in workflow.intents.map { ($0, workflow) } },
            uniquingKeysWith: { first, _ in first }
        )
        workflowsByName = Dictionary(
            known.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        templates = Dictionary(
            (intents.flatMap(\.templates) + workflows.flatMap(\.workflow.templates)).compactMap {
                text in
                (try? TemplateRenderer(text)).map { (text, $0) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package func intent(_ name: String) -> IntentDefinition? {
        intentPlaces[name].map { intents[$0] }
    }

    package func article(_ id: String) -> Article? {
        articlePlaces[id].map { articles[$0] }
    }

    package func workflow(_ name: String) -> Workflow? { workflowsByName[name] }

    /// The workflow that is the answer to an intent; it goes before the intent's own.
    package func workflow(ofIntent name: String) -> Workflow? { workflowsOfIntents[name] }

    package func site(_ key: String) -> SiteDefinition? { sites.first { $0.key == key } }

    /// The intents that triage is to know: all that are not off.
    package var recognisedIntents: [IntentDefinition] { intents.filter { $0.mode != .off } }

    /// The same workspace with the examples of a table.
    package func adding(_ table: IntentTable) -> Workspace {
        Workspace(
            sites: sites,
            agents: agents,
            intents: table.merged(into: intents),
            articles: articles,
            canned: canned,
            workflows: workflows,
            automation: automation
        )
    }

    private static func places(_ names: [String]) -> [String: Int] {
        Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
