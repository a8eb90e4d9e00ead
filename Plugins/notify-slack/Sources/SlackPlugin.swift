// SPDX-License-Identifier: Apache-2.0

public import CMaitredPlugin
import MaitredPluginKit

/// Tells Slack what the team should know and brings the team's replies back.
struct SlackPlugin: Plugin {
    struct Config: Decodable, Sendable {
        struct Replier: Decodable, Sendable {
            let slackUser: String
            let email: String
        }

        let botToken: String
        let apiBase: String
        let handoffsChannel: String?
        let riskChannel: String?
        let incidentsChannel: String?
        let healthChannel: String?
        let slaMinutes: Int
        let incidentCount: Int
        let incidentMinutes: Int
        let unhelpfulCount: Int
        let mirrorMessages: Bool
        let replyAgentEmail: [Replier]
        let signingSecret: String?

        /// Whether what is written in Slack reaches the customer.
        var takesReplies: Bool { signingSecret.nonEmpty != nil && !replyAgentEmail.isEmpty }
    }

    static var manifest: [UInt8] { PackageResources.plugin_json }

    private let api: SlackAPI
    private let handoffs: Handoffs
    private let waiting: WaitingCustomers
    private let health: CustomerHealth
    private let replies: Replies
    private let posting: PostAction

    init(_ host: Host, config: Config) {
        let base = config.apiBase.hasSuffix("/") ? config.apiBase.dropLast() : config.apiBase[...]
        api = SlackAPI(base: String(base), token: config.botToken)
        let poster = Poster(api: api)
        waiting = WaitingCustomers(config: config, poster: poster)
        handoffs = Handoffs(
            config: config,
            poster: poster,
            waiting: waiting,
            incidents: Incidents(config: config, poster: poster)
        )
        health = CustomerHealth(config: config, poster: poster)
        replies = Replies(config: config, poster: poster)
        posting = PostAction(poster: poster)
    }

    func register(_ registrar: inout Registrar) {
        registrar.observe("conversation.handed_off", handoffs.handedOff)
        registrar.observe("conversation.assigned", handoffs.assigned)
        registrar.observe("conversation.resolved", handoffs.resolved)
        registrar.observe("message.created", handoffs.said)
        registrar.observe("csat.received", health.rated)
        registrar.observe("answer.judged", health.judged)
        registrar.schedule(WaitingCustomers.reminder, waiting.timeIsUp)
        registrar.webhook("events", replies.received)
        registrar.action("slack.post", posting.post)
        registrar.health { [api] call in try await api.checkToken(call) }
    }
}

/// What the library exports.
@c(maitred_plugin_entry)
public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
    export(SlackPlugin.self, major)
}
