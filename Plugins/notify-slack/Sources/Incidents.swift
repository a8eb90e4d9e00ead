// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Many handoffs for one reason or from one page: something may be broken.
struct Incidents: Sendable {
    private let channel: String?
    private let minutes: Int
    private let tally: Tally
    private let poster: Poster

    init(config: SlackPlugin.Config, poster: Poster) {
        channel = config.incidentsChannel.nonEmpty
        minutes = config.incidentMinutes
        tally = Tally(
            name: "incident",
            limit: config.incidentCount,
            time: .seconds(config.incidentMinutes * 60)
        )
        self.poster = poster
    }

    func count(_ handoff: Happening, page: String?, _ call: Call) async throws {
        guard let channel else { return }
        if let reason = Reason(handoff) {
            let what = "for the reason *\(reason.words)*"
            try await count(handoff, "reason \(reason.code)", what, channel: channel, call)
        }
        // The page without its query: that differs from customer to customer.
        if let page = page.map({ $0.prefix { $0 != "?" && $0 != "#" } }), !page.isEmpty {
            let what = "from the page *\(SlackText.line(page))*"
            try await count(handoff, "page \(page)", what, channel: channel, call)
        }
    }

    private func count(
        _ handoff: Happening,
        _ group: String,
        _ what: String,
        channel: String,
        _ call: Call
    ) async throws {
        guard let addresses = try await tally.count(handoff, in: group, call) else { return }
        let text = "\(tally.limit) or more handoffs in \(minutes) minutes \(what)"
        let links = addresses.enumerated().compactMap { index, url in
            url.isEmpty ? nil : SlackText.link(url, "conversation \(index + 1)")
        }
        var blocks = [Block.section(":rotating_light: \(text)")]
        if !links.isEmpty { blocks.append(Block.context(links.joined(separator: " · "))) }
        let message = SlackMessage(channel: channel, text: text, blocks: blocks)
        let kind = group.prefix { $0 != " " }
        let name = "\(handoff.id)/incident-\(kind)"
        guard try await poster.postOrLog(message, once: name, call) != nil else { return }
        try await tally.told(group, call)
    }
}
