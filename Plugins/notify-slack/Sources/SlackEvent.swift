// SPDX-License-Identifier: Apache-2.0

/// What Slack's Events API sends.
///
/// See https://docs.slack.dev/apis/events-api/
struct SlackEnvelope: Decodable, Sendable {
    /// `url_verification`, `event_callback` or `app_rate_limited`.
    let type: String
    let challenge: String?
    let event: SlackEvent?
}

/// An event; only of messages more than the type is read.
struct SlackEvent: Decodable, Sendable {
    let type: String
    /// Nil for what a member has simply written.
    let subtype: String?
    let botId: String?
    let user: String?
    let text: String?
    let channel: String?
    let ts: String?
    let threadTs: String?
}

/// Something a member wrote in a thread.
struct ThreadReply: Sendable {
    let user: String
    let text: String
    let subtype: String?
    let ts: String
    let thread: SlackAPI.Place

    /// Nil for all else: other events, the channel's own messages, what bots wrote.
    init?(_ event: SlackEvent) {
        guard event.type == "message", event.botId == nil, let user = event.user,
            let channel = event.channel, let ts = event.ts, let thread = event.threadTs
        else { return nil }
        self.user = user
        text = event.text ?? ""
        subtype = event.subtype
        self.ts = ts
        self.thread = SlackAPI.Place(channel: channel, ts: thread)
    }

    /// The same however often Slack sends it: channel and time stamp together name a message.
    var id: String {
        let name = "\(thread.channel)-\(ts)".unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.value.isDigit)
            return isPlain ? Character(scalar) : "-"
        }
        return "slack-" + String(name.prefix(58))
    }
}

extension UInt32 {
    fileprivate var isDigit: Bool { (48...57).contains(self) }
}
