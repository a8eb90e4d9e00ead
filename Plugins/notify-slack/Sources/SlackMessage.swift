// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// A message on its way to Slack, made of parts that are already in Slack's notation.
struct SlackMessage: Sendable {
    /// The channel's ID; a name works for what is public.
    let channel: String
    /// The time stamp of the thread's first message; nil for a message of the channel's own.
    var thread: String?
    /// What notifications show, and the whole message when there are no blocks.
    let text: String
    var blocks: [JSONValue] = []

    /// The body for `chat.postMessage`.
    ///
    /// `name` is kept in the message's metadata, by which it can be found again. A mention can be
    /// made in none of its texts, and no page that a link names is fetched by Slack.
    func json(name: String) -> JSONValue {
        var body: [String: JSONValue] = [
            "channel": .text(channel), "text": .text(text),
            "parse": "none", "link_names": false, "unfurl_links": false, "unfurl_media": false,
            "metadata": [
                "event_type": "maitred_message", "event_payload": ["name": .text(name)],
            ],
        ]
        if let thread { body["thread_ts"] = .text(thread) }
        if !blocks.isEmpty { body["blocks"] = .array(blocks) }
        return .object(body)
    }
}

/// Parts of a message, as Slack's Block Kit has them.
///
/// See https://docs.slack.dev/reference/block-kit/blocks
enum Block {
    /// A text of at most 3000 characters, escaped ones counted as they are written.
    static func section(_ text: String) -> JSONValue {
        ["type": "section", "text": mrkdwn(text)]
    }

    /// Names and values side by side, at most 10, of at most 2000 characters each.
    static func fields(_ fields: [(String, String)]) -> JSONValue {
        let fields = fields.map { mrkdwn("*\($0.0)*\n\($0.1)") }
        return ["type": "section", "fields": .array(fields)]
    }

    /// A small grey line.
    static func context(_ text: String) -> JSONValue {
        ["type": "context", "elements": [mrkdwn(text)]]
    }

    /// `verbatim` keeps Slack from making links and mentions of its own.
    private static func mrkdwn(_ text: String) -> JSONValue {
        ["type": "mrkdwn", "text": .text(text), "verbatim": true]
    }
}
