// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Why Slack has not done something, or may not have.
struct SlackFailure: Error {
    /// Slack's own code, `channel_not_found` for example.
    let code: String
    /// The same in words for the operator.
    let failure: PluginFailure
    /// Whether it may have been done all the same: an answer was lost.
    var mayHaveWorked = false
    /// The seconds Slack asks to wait for.
    var pause: Int?
}

extension SlackFailure {
    private struct Verdict: Decodable {
        let ok: Bool
        let error: String?
        let needed: String?
    }

    /// An answer that is no JSON, or not what was asked for.
    static let senseless = SlackFailure(
        code: "senseless",
        failure: PluginFailure(.temporary, "Slack answered with something that makes no sense"),
        mayHaveWorked: true
    )

    /// Throws unless the answer says `ok`.
    static func check(_ response: HTTPResponse) throws {
        let verdict = try? response.json(Verdict.self)
        if response.status == 429 || verdict?.error == "ratelimited"
            || verdict?.error == "rate_limited"
        {
            throw limited(pause: response.headers["retry-after"].flatMap { Int($0) } ?? 1)
        }
        if response.status >= 500 {
            let failure = PluginFailure(.temporary, "Slack cannot answer now (\(response.status))")
            throw SlackFailure(code: "\(response.status)", failure: failure, mayHaveWorked: true)
        }
        if let verdict {
            guard verdict.ok else {
                throw refusal(verdict.error ?? "unknown_error", needed: verdict.needed)
            }
        } else if response.isSuccess {
            throw senseless
        } else {
            let text = "api_base answers \(response.status) without a word of Slack's: is it right?"
            throw SlackFailure(code: "\(response.status)", failure: PluginFailure(.failed, text))
        }
    }

    private static func limited(pause: Int) -> SlackFailure {
        let pause = max(1, pause)
        return SlackFailure(
            code: "ratelimited",
            failure: PluginFailure(.temporary, "Slack asks to wait for \(pause) s (ratelimited)"),
            pause: pause
        )
    }

    /// What a code of Slack's means here.
    ///
    /// The codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors
    static func refusal(_ code: String, needed: String? = nil) -> SlackFailure {
        switch code {
        case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired":
            .init(
                code,
                .failed,
                "Slack refuses the bot token: install the app anew, enter its token"
            )
        case "missing_scope":
            .init(
                code,
                .failed,
                "the app lacks the scope \(needed ?? "chat:write"): add it, install the app anew"
            )
        case "channel_not_found":
            .init(
                code,
                .invalid,
                "Slack shows the app no such channel: check the ID, invite the app if it is private"
            )
        case "not_in_channel":
            .init(code, .invalid, "the app is not in the channel: write /invite and its name there")
        case "is_archived": .init(code, .invalid, "the Slack channel is archived: name another one")
        // Slack: "It's possible some aspect of the operation succeeded".
        case "internal_error", "fatal_error", "service_unavailable", "request_timeout":
            .init(code, .temporary, "Slack cannot answer now", mayHaveWorked: true)
        case "team_added_to_org": .init(code, .temporary, "Slack is moving the workspace")
        case "message_limit_exceeded":
            .init(code, .failed, "the Slack workspace is at its limit of messages")
        default: .init(code, .invalid, "Slack refuses")
        }
    }

    private init(
        _ code: String,
        _ kind: PluginFailure.Kind,
        _ words: String,
        mayHaveWorked: Bool = false
    ) {
        let shown = code.prefix(60)
        let failure = PluginFailure(kind, "\(words) (\(shown))")
        self.init(code: code, failure: failure, mayHaveWorked: mayHaveWorked)
    }
}
