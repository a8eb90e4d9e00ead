// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// The methods of Slack's Web API that are used here.
///
/// Refusals come with status 200 and `ok: false`: https://docs.slack.dev/apis/web-api/
struct SlackAPI: Sendable {
    let base: String
    let token: String

    /// Where a message stands: its channel's ID and its time stamp, which is its name there.
    struct Place: Decodable, Sendable, Hashable {
        let channel: String
        let ts: String
    }

    /// Posts a message.
    ///
    /// Never repeated by the host: Slack knows no idempotency key, and a lost answer does not mean
    /// that nothing was posted. ``Poster`` deals with that.
    func post(
        _ message: SlackMessage,
        name: String,
        _ call: Call
    ) async throws -> Place {
        let request = request("chat.postMessage", message.json(name: name))
        return try await answer(to: request, patience: 5, call, as: Place.self)
    }

    /// Shows a text to one member only, in a thread.
    ///
    /// Waits for nothing: Slack's webhooks want their answer within 3 seconds.
    func whisper(
        _ text: String,
        to user: String,
        at place: Place,
        _ call: Call
    ) async throws {
        let body: JSONValue = [
            "channel": .text(place.channel), "user": .text(user), "thread_ts": .text(place.ts),
            "text": .text(text), "parse": "none",
        ]
        var request = request("chat.postEphemeral", body)
        request.timeout = .seconds(2)
        _ = try await answer(to: request, patience: 0, call)
    }

    /// Finds a message by the name it was posted with: in a thread, or among the channel's own.
    ///
    /// - Parameters:
    ///   - name: As it was posted with.
    ///   - channel: The channel's ID; the method takes no names.
    ///   - thread: The thread's time stamp.
    ///   - seconds: Since when, in seconds since 1970.
    ///   - call: The call it serves.
    /// - Returns: Where it is; nil when it is not there.
    /// - Throws: ``SlackFailure``.
    func find(
        _ name: String,
        in channel: String,
        thread: String?,
        since seconds: Int,
        _ call: Call
    ) async throws -> Place? {
        var query = [
            ("channel", channel), ("oldest", "\(seconds).000000"), ("limit", "200"),
            ("include_all_metadata", "true"),
        ]
        if let thread { query.append(("ts", thread)) }
        let method = thread == nil ? "conversations.history" : "conversations.replies"
        let request = HTTPRequest("GET", url(method), query: query, headers: headers)
        let history = try await answer(to: request, patience: 0, call, as: History.self)
        return history.messages
            .first { $0.metadata?.eventPayload?["name"]?.text == name }
            .map { Place(channel: channel, ts: $0.ts) }
    }

    /// Throws unless the token is good and may post.
    func checkToken(_ call: Call) async throws {
        var request = HTTPRequest("POST", url("auth.test"), headers: headers)
        request.mayRepeat = true
        do {
            let response = try await answer(to: request, patience: 2, call)
            // Slack sends the token's scopes with each answer, separated by commas.
            guard let scopes = response.headers["x-oauth-scopes"] else { return }
            let names = scopes.split { $0 == "," || $0 == " " }
            guard names.contains("chat:write") else {
                throw SlackFailure.refusal("missing_scope", needed: "chat:write")
            }
        } catch let failure as SlackFailure {
            throw failure.failure
        }
    }

    private struct History: Decodable {
        struct Message: Decodable {
            struct Metadata: Decodable { let eventPayload: [String: JSONValue]? }
            let ts: String
            let metadata: Metadata?
        }
        let messages: [Message]
    }

    private var headers: [String: String] { ["Authorization": "Bearer \(token)"] }

    private func url(_ method: String) -> String { "\(base)/api/\(method)" }

    private func request(_ method: String, _ body: JSONValue) -> HTTPRequest {
        var request = HTTPRequest("POST", url(method), headers: headers)
        request.setBody(json: body)
        // Without the character set Slack warns in each answer.
        request.headers["Content-Type"] = "application/json; charset=utf-8"
        request.mayRepeat = false
        return request
    }

    private func answer<Answer: Decodable>(
        to request: HTTPRequest,
        patience: Int,
        _ call: Call,
        as type: Answer.Type
    ) async throws -> Answer {
        let response = try await answer(to: request, patience: patience, call)
        guard let answer = try? response.json(type) else { throw SlackFailure.senseless }
        return answer
    }

    /// What Slack answers once it takes the request.
    ///
    /// Waits `patience` seconds at most where Slack asks for time; what it asks time for has not
    /// been done.
    private func answer(
        to request: HTTPRequest,
        patience: Int,
        _ call: Call
    ) async throws -> HTTPResponse {
        var patience = patience
        while true {
            let response = try await sent(request, call)
            do {
                try SlackFailure.check(response)
                return response
            } catch let failure as SlackFailure {
                guard let pause = failure.pause, pause <= patience else { throw failure }
                patience -= pause
                try await Task.sleep(for: .seconds(pause))
            }
        }
    }

    private func sent(_ request: HTTPRequest, _ call: Call) async throws -> HTTPResponse {
        do {
            return try await call.http.send(request)
        } catch let failure as PluginFailure where failure.kind != .invalid {
            let later = PluginFailure(.temporary, failure.description)
            // Where the server says when to come again, it has not let the request out.
            throw SlackFailure(
                code: "unreachable",
                failure: later,
                mayHaveWorked: failure.retryAfter == nil,
                pause: failure.retryAfter.map { Int($0.components.seconds) }
            )
        }
    }
}
