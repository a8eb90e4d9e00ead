import JSONCoding

/// Who wrote a message or did something.
package enum Author: Hashable, Sendable {
    case customer(ContactID, name: String?)
    case bot(name: String)
    case agent(AgentID, name: String)
    case system

    package var kind: String {
        switch self {
        case .customer: "customer"
        case .bot: "bot"
        case .agent: "agent"
        case .system: "system"
        }
    }
}

/// One utterance, durable and never edited.
package struct Message: Hashable, Sendable {
    package var id: MessageID
    /// The client's own id for it, if a client wrote it.
    package var clientID: String?
    package var author: Author
    /// Plain text; what `blocks` says, for those who cannot show blocks.
    ///
    /// Empty when only files were sent.
    package var text: String
    package var at: Timestamp
    package var blocks: [Block] = []
    package var choices: [Choice] = []
    package var sources: [Source] = []
    /// What was uploaded and sent with it.
    package var files: [Attachment] = []
    /// The decision that led to this message, if the triage core wrote it.
    package var decision: DecisionID?
    /// The quick reply that the customer chose, if this message is one.
    package var choice: String?
    /// The suggestion that the agent sent, if this message is one.
    package var suggestion: Suggestion?
    /// The plugin that wrote it, or took it from the customer elsewhere.
    package var origin: Origin?
    /// Where the customer wrote it from, when that was not a widget; on an answer, where it goes.
    package var channel: Channel?

    /// A plugin, as the log and people know it.
    package struct Origin: Hashable, Sendable {
        package var plugin: String
        package var name: String

        package init(plugin: String, name: String) {
            self.plugin = plugin
            self.name = name
        }
    }

    /// A way to a customer that a plugin provides, such as text messages.
    package struct Channel: Hashable, Sendable {
        package var plugin: Origin
        /// The customer's place on it, as the plugin wrote it: a number, an address, a thread.
        package var address: String

        package init(plugin: Origin, address: String) {
            self.plugin = plugin
            self.address = address
        }
    }

    /// A text that was suggested to an agent as the answer for an intent.
    package struct Suggestion: Hashable, Sendable {
        package var intent: String
        /// They changed it before they sent it.
        package var isEdited: Bool

        package init(intent: String, isEdited: Bool) {
            self.intent = intent
            self.isEdited = isEdited
        }
    }

    package init(
        id: MessageID,
        clientID: String? = nil,
        author: Author,
        text: String,
        at: Timestamp
    ) {
        self.id = id
        self.clientID = clientID
        self.author = author
        self.text = text
        self.at = at
    }

    /// What lists and briefings show of it: the words, or the files' names when there are none.
    package var outline: String {
        text.isEmpty ? files.map(\.name).joined(separator: ", ") : text
    }
}

/// A quick reply offered with a message.
package struct Choice: Hashable, Sendable {
    package var id: String
    package var title: String

    package init(id: String, title: String) {
        self.id = id
        self.title = title
    }
}

/// An article that an answer rests on.
package struct Source: Hashable, Sendable {
    package var article: String
    package var title: String

    package init(article: String, title: String) {
        self.article = article
        self.title = title
    }
}
