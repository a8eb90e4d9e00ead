// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Customers who say that they are not happy.
struct CustomerHealth: Sendable {
    /// Of 5: this or less is told.
    private static let lowScore = 2.0

    private let channel: String?
    private let tally: Tally
    private let poster: Poster

    init(config: SlackPlugin.Config, poster: Poster) {
        channel = config.healthChannel.nonEmpty
        tally = Tally(
            name: "unhelpful",
            limit: config.unhelpfulCount,
            time: .seconds(24 * 3600)
        )
        self.poster = poster
    }

    func rated(_ happening: Happening, _ call: Call) async throws {
        guard let channel, let score = happening.data["score"]?.double, score <= Self.lowScore
        else { return }
        let stars = score == score.rounded() ? String(Int(score)) : String(score)
        let comment = happening.data["comment"]?.text.nonEmpty
        _ = try await tell(
            "gave \(stars) of 5",
            quotation: comment.map { SlackText.quotation($0, limit: 500) },
            happening,
            channel: channel,
            call
        )
    }

    func judged(_ happening: Happening, _ call: Call) async throws {
        guard let channel, happening.data["helpful"] == false else { return }
        let customer = happening.contact?.id ?? happening.conversation
        guard try await tally.count(happening, in: customer, call) != nil else { return }
        let times = tally.limit == 1 ? "an answer" : "\(tally.limit) answers within a day"
        let told = try await tell(
            "found \(times) unhelpful",
            quotation: nil,
            happening,
            channel: channel,
            call
        )
        if told { try await tally.told(customer, call) }
    }

    private func tell(
        _ what: String,
        quotation: String?,
        _ happening: Happening,
        channel: String,
        _ call: Call
    ) async throws -> Bool {
        let name = Card.name(happening.contact)
        let title = ":thermometer: *\(SlackText.link(happening.url, name))* \(what)"
        var blocks = [Block.section(title)]
        if let quotation { blocks.append(Block.section(quotation)) }
        let message = SlackMessage(channel: channel, text: "\(name) \(what)", blocks: blocks)
        return try await poster.postOrLog(message, once: "\(happening.id)/health", call) != nil
    }
}

extension JSONValue {
    /// The number, whole or not.
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
