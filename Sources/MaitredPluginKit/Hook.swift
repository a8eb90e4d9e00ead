// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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
    /// The customer went to another page, or the site said something new about it.
    public static var contextChanged: Hook { Hook("context.changed") }
}

extension Hook where Input == MessageToFilter {
    /// A customer's message, before it is kept.
    public static var messageInbound: Hook { Hook("message.inbound") }
    /// A message of the assistant or of an agent, before it is kept.
    public static var messageOutbound: Hook { Hook("message.outbound") }
    /// A text suggested to an agent, before they see it.
    public static var replySuggest: Hook { Hook("reply.suggest") }
}

/// What is known about a conversation when it begins.
public struct ConversationOpened: Decodable, Sendable {
    /// The conversation's id.
    public let conversation: String?
    /// Whom the conversation is with.
    public let contact: Contact
    /// The page the customer is on.
    public let page: Page?

    /// Where the customer is in the site.
    public struct Page: Decodable, Sendable {
        /// The path of the page's URL.
        public let urlPath: String?
        /// The page's title.
        public let title: String?
        /// The site's own name of the page.
        public let page: String?
        /// What the site says about the page.
        public let facts: [String: JSONValue]?
    }
}

/// A message on its way.
public struct MessageToFilter: Decodable, Sendable {
    /// The conversation's id.
    public let conversation: String?
    /// `customer`, `bot` or `agent`.
    public let from: String
    /// What is to be said.
    public let text: String
}

/// What becomes of a message on its way.
public enum FilterVerdict: Sendable, Equatable {
    case keep
    case replace(String)
    /// Not kept; whoever wrote it reads why.
    case reject(String)
}

/// Something that has happened, for ``Registrar/observe(_:_:)``.
public struct Happening: Decodable, Sendable {
    /// The same however often it is told.
    public let id: String
    /// `message.created`, `conversation.resolved` and so on; the guide has the list.
    public let type: String
    /// Milliseconds since 1970.
    public let at: Int
    /// The conversation's id.
    public let conversation: String
    /// Where the team reads the conversation.
    public let url: String?
    /// Whom the conversation is with, as far as `permissions.read` allows.
    public let contact: Contact?
    /// What belongs to this type, as the guide says.
    public let data: [String: JSONValue]
}

/// A time that has come.
public struct Reminder: Decodable, Sendable {
    /// As it was set, or as in the manifest's `contributes.schedules`.
    public let name: String
    /// As it was set; empty for the manifest's.
    public let key: String?
    /// As it was set.
    public let payload: JSONValue?
}

/// A request that another server made to `/v1/hooks/PLUGIN/PATH`; its signature has been checked
/// when the manifest declares a scheme.
public struct InboundWebhook: Decodable, Sendable {
    /// `POST`, mostly.
    public let method: String
    /// The query, as it came.
    public let query: String?
    /// By name in lower case.
    public let headers: [String: String]
    /// The body, when it is text.
    public let body: String?

    /// The body decoded from JSON.
    public func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONInput.decode(type, from: Data((body ?? "").utf8))
    }
}

/// What the other server is answered.
public struct WebhookReply: Encodable, Sendable {
    /// The status code.
    public var status: Int
    /// By name.
    public var headers: [String: String]
    /// A text.
    public var body: String

    /// Makes a reply; "taken, thank you" unless said otherwise.
    public init(status: Int = 200, headers: [String: String] = [:], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
