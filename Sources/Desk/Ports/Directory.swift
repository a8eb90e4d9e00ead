import Knowledge
import Model

/// Who and what the desk knows: sites, people, contacts, content.
package protocol Directory: Sendable {
    func site(_ id: SiteID) async throws(LogFailure) -> Site?
    func agents() async throws(LogFailure) -> [Agent]
    func contact(_ id: ContactID) async throws(LogFailure) -> Contact?
    /// Intents, articles and canned replies as they stand.
    func content() async throws(LogFailure) -> Workspace
}
