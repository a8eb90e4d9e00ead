/// A customer, anonymous or identified by the embedding product.
package struct Contact: Hashable, Sendable {
    package var id: ContactID
    package var site: SiteID
    package var name: String?
    package var email: String?
    /// The `sub` of the embedding product's signed identity; nil for anonymous visitors.
    package var externalID: String?
    package var createdAt: Timestamp

    package init(
        id: ContactID,
        site: SiteID,
        name: String? = nil,
        email: String? = nil,
        externalID: String? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.site = site
        self.name = name
        self.email = email
        self.externalID = externalID
        self.createdAt = createdAt
    }

    package var isIdentified: Bool { externalID != nil }
}
