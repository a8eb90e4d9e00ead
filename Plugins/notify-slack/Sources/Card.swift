// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Parts of messages that show a customer and what was said, in Slack's notation.
enum Card {
    /// The customer's name.
    static func name(_ contact: Contact?) -> String {
        SlackText.line(contact?.name.nonEmpty ?? contact?.email.nonEmpty ?? "A customer")
    }

    /// What was said last, a block for each.
    static func messages(_ messages: [Conversations.Message]) -> [JSONValue] {
        messages.filter { $0.from != "system" }.map { message in
            let name = speaker(message.name, message.from)
            return Block.section("*\(name)*\n\(SlackText.quotation(message.text))")
        }
    }

    /// Who said something: the name, or else what they are.
    static func speaker(_ name: String?, _ kind: String) -> String {
        SlackText.line(name.nonEmpty ?? kind.prefix(1).uppercased() + kind.dropFirst())
    }
}

/// Why a conversation was handed off.
struct Reason: Sendable {
    /// The same for all of one kind, `refund_failed` for example.
    let code: String
    let text: String?

    init?(_ happening: Happening) {
        guard let reason = happening.data["reason"], let code = reason["code"]?.text else {
            return nil
        }
        self.code = code
        text = reason["text"]?.text
    }

    /// In Slack's notation.
    var words: String {
        let code = SlackText.line(code)
        return text.nonEmpty.map { "\(SlackText.line($0)) (\(code))" } ?? code
    }
}

extension String? {
    /// The text unless there is none in it.
    var nonEmpty: String? { flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 } }
}
