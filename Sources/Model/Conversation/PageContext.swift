import JSONCoding

/// What the customer is looking at, as the embedding page declares it.
package struct PageContext: Hashable, Sendable {
    /// Increases with each change within one session; late frames never overwrite newer ones.
    package var number: Int
    /// The path alone, without query and fragment.
    package var path: String
    package var title: String?
    /// The page's own name for itself, such as `billing.invoice`.
    package var page: String?
    package var facts: JSON.Object
    package var locale: String?
    package var viewport: [Int]
    /// The connection that said so: `number` counts within it.
    package var session: String

    package init(
        number: Int,
        path: String,
        title: String? = nil,
        page: String? = nil,
        facts: JSON.Object = [:],
        locale: String? = nil,
        viewport: [Int] = [],
        session: String = ""
    ) {
        self.number = number
        self.path = path
        self.title = title
        self.page = page
        self.facts = facts
        self.locale = locale
        self.viewport = viewport
        self.session = session
    }

    /// Whether this describes a later state than another description.
    package func supersedes(_ other: PageContext?) -> Bool {
        guard let other, other.session == session else { return true }
        return number > other.number
    }

    /// Whether the customer moved: another page, not only other facts about the same one.
    package func isElsewhere(than other: PageContext?) -> Bool {
        path != other?.path || page != other?.page
    }
}

/// One step of the customer's way through the product.
package struct PageVisit: Hashable, Sendable {
    package var at: Timestamp
    package var path: String
    package var title: String?
    package var page: String?

    package init(_ context: PageContext, at time: Timestamp) {
        at = time
        path = context.path
        title = context.title
        page = context.page
    }
}
