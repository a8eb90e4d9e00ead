import Model

/// Whose visitor token it is, known by the token's hash.
package struct VisitorRecord: Hashable, Sendable {
    package var contact: ContactID
    package var site: SiteID
    /// The external id of the only identity that may use it; nil for anonymous visitors.
    package var boundTo: String?

    package init(contact: ContactID, site: SiteID, boundTo: String? = nil) {
        self.contact = contact
        self.site = site
        self.boundTo = boundTo
    }
}

/// An agent signed in on a browser, known by the cookie's hash.
package struct ConsoleSession: Hashable, Sendable {
    package var agent: AgentID
    /// What state-changing requests must repeat in a header.
    package var csrf: String
    package var expires: Timestamp

    package init(agent: AgentID, csrf: String, expires: Timestamp) {
        self.agent = agent
        self.csrf = csrf
        self.expires = expires
    }
}
