import Knowledge
import Model

/// Who and what the desk knows: sites, people, contacts, content.
package protocol Directory: Sendable {
    func site(_ id: SiteID) async throws(LogFailure) -> Site?
    func agents() async throws(LogFailure) -> [Agent]
    func contact(_ id: ContactID) async throws(LogFailure) -> Contact?
    /// Intents, articles and canned replies as they stand.
    func content() async throws(LogFailure) -> Content
}

/// What the triage core answers from.
package struct Content: Sendable {
    package var intents: [IntentDefinition]
    package var articles: [Article]
    package var canned: [CannedReply]

    package init(intents: [IntentDefinition], articles: [Article], canned: [CannedReply]) {
        self.intents = intents
        self.articles = articles
        self.canned = canned
    }
}
