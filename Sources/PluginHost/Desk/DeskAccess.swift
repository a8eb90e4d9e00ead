import Desk
import JSONCoding
import Model

/// What plugins may have done to conversations: the port between the services and the desk.
///
/// The bench of plugin authors implements it in memory.
package protocol DeskAccess: Sendable {
    /// A conversation with its latest messages, as `maitred.conversations/1` answers; nil when there
    /// is none.
    func summary(of id: ConversationID, messages: Int) async throws(LogFailure)
        -> ConversationSummary?
    /// Carries out what a plugin wants.
    func carryOut(
        _ wish: PluginWish,
        in id: ConversationID,
        for plugin: Message.Origin
    ) async throws(PluginWishFailure)
    /// Opens a conversation for somebody who writes from elsewhere, or goes on with the one that the same
    /// key opened.
    func open(_ arrival: PluginArrival, for plugin: Message.Origin)
        async throws(PluginWishFailure) -> ConversationID
    /// Writes into a conversation what came of an action; once for each run.
    func record(_ act: Event.Act, in id: ConversationID) async
    /// Contacts by id, address or the site's own id.
    func contacts(_ query: ContactQuery) async throws(LogFailure) -> [Contact]
    /// Where the team reads a conversation.
    func url(of id: ConversationID) -> String
}

/// A conversation as plugins see it.
package struct ConversationSummary: Sendable {
    package var id: ConversationID
    package var status: String
    package var contact: Contact
    package var page: PageContext?
    package var tags: [String]
    package var messages: [Message]

    package init(
        id: ConversationID,
        status: String,
        contact: Contact,
        page: PageContext?,
        tags: [String],
        messages: [Message]
    ) {
        self.id = id
        self.status = status
        self.contact = contact
        self.page = page
        self.tags = tags
        self.messages = messages
    }
}

/// Something that a plugin wants to happen to a conversation.
package enum PluginWish: Sendable {
    /// For the team; `key` makes it happen once.
    case note(text: String, key: String?)
    /// For the customer, below the conversation.
    case message(text: String, key: String)
    /// For the customer, in an agent's name.
    case reply(text: String, agentEmail: String, key: String)
    case tag(add: [String], remove: [String])
    case facts(title: String, JSON.Object)
    /// As the customer, from another channel.
    /// `replyTo`: where answers go from then on; nil leaves it.
    case post(text: String, key: String, replyTo: String?)
}

/// Somebody who writes from another channel.
package struct PluginArrival: Sendable {
    /// The site it belongs to; nil for the first one.
    package var site: SiteID?
    package var email: String?
    package var externalID: String?
    package var name: String?
    package var text: String
    /// Makes it happen once.
    package var key: String
    /// Where answers go; nil when nobody sends any.
    package var replyTo: String?

    package init(
        site: SiteID?,
        email: String?,
        externalID: String?,
        name: String?,
        text: String,
        key: String,
        replyTo: String?
    ) {
        self.site = site
        self.email = email
        self.externalID = externalID
        self.name = name
        self.text = text
        self.key = key
        self.replyTo = replyTo
    }
}

/// Why a wish was not carried out.
package enum PluginWishFailure: Error, Sendable {
    case notFound
    /// In words for the plugin's author.
    case refused(String)
    case unavailable(String)
}

package struct ContactQuery: Sendable {
    package var id: ContactID?
    package var email: String?
    package var externalID: String?

    package init(id: ContactID? = nil, email: String? = nil, externalID: String? = nil) {
        self.id = id
        self.email = email
        self.externalID = externalID
    }
}
