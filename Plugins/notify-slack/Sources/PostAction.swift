// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `slack.post`: shows a conversation to another channel.
///
/// Its thread is not remembered: what is discussed there is not meant for the customer.
struct PostAction: Sendable {
    struct Input: Decodable, Sendable {
        let channel: String
        let comment: String?
    }

    struct Output: Encodable, Sendable {
        let summary: String
        let channel: String
        let ts: String
    }

    let poster: Poster

    func post(_ input: Input, _ call: Call) async throws -> Output {
        guard let conversation = call.conversation else {
            throw PluginFailure(.invalid, "there is no conversation to post")
        }
        guard let channel = Optional(input.channel).nonEmpty, let key = call.idempotencyKey else {
            throw PluginFailure(.invalid, "name the channel")
        }
        let summary = try await call.conversations.get(conversation, messages: 5)
        let who = Card.name(call.contact ?? summary.contact)
        let by = call.actor?.name.map { "*\(SlackText.line($0))* shares" } ?? "Shared:"
        let title = "\(by) the conversation with \(SlackText.link(summary.url, who))"
        var blocks = [Block.section(title)]
        if let comment = input.comment.nonEmpty {
            blocks.append(Block.section(SlackText.escaped(comment, limit: 2900)))
        }
        blocks += Card.messages(summary.messages)
        let message = SlackMessage(
            channel: channel,
            text: "\(by) the conversation with \(who)",
            blocks: blocks
        )
        let place = try await poster.post(message, once: "action/\(key)", call)
        return Output(
            summary: "The conversation was posted to Slack.",
            channel: place.channel,
            ts: place.ts
        )
    }
}
