// SPDX-License-Identifier: Apache-2.0

/// A moment at which the server asks plugins, with the type of what it tells them.
public struct Hook<Input: Decodable & Sendable>: Sendable {
    /// As in the manifest's `contributes.hooks[].on`.
    public let name: String

    /// Names a hook that this version of the kit has no constant for.
    public init(_ name: String) { self.name = name }
}

extension Hook where Input == ConversationOpened {
    /// A conversation has begun, or its contact has become known.
    public static var conversationOpened: Hook { Hook("conversation.opened") }
}

/// What is known about a conversation when it begins.
public struct ConversationOpened: Decodable, Sendable {
    /// The conversation's id.
    public let conversation: String?
    /// Whom the conversation is with.
    public let contact: Contact
    /// The page the customer is on.
    public let page: Page?

    /// A customer, as far as the site has said who it is.
    public struct Contact: Decodable, Sendable {
        /// The server's id of the contact.
        public let id: String?
        /// The display name.
        public let name: String?
        /// The address, verified by the site or left by the visitor.
        public let email: String?
        /// The site's own id of the user.
        public let externalId: String?
    }

    /// Where the customer is in the site.
    public struct Page: Decodable, Sendable {
        /// The path of the page's URL.
        public let urlPath: String?
        /// The page's title.
        public let title: String?
    }
}
