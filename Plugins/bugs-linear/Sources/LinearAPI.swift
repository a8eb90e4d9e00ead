// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Linear's GraphQL interface with one team's key.
///
/// The key goes into `Authorization` as it is: with `Bearer` before it Linear answers 400.
/// See https://linear.app/developers/graphql.
struct LinearAPI: Sendable {
    let team: String
    private let url: String
    private let key: String
    private let http: HTTP

    init(_ config: LinearPlugin.Config, _ call: Call) {
        team = config.teamId
        let base = config.apiBase
        url = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/graphql"
        key = config.apiKey
        http = call.http
    }

    /// Asks, and reads what `data` holds.
    ///
    /// The host may repeat all of it: queries change nothing, and the mutations here bring ids of
    /// our own choosing, so that Linear refuses to carry one out twice.
    func ask<Answer: Decodable>(
        _ document: String,
        _ variables: JSONValue,
        within time: Duration? = nil
    ) async throws -> Answer {
        var request = HTTPRequest("POST", url, headers: ["Authorization": key])
        request.setBody(json: ["query": JSONValue.text(document), "variables": variables])
        request.mayRepeat = true
        request.timeout = time
        let response = try await http.send(request)
        // Errors come with 200, 400 and 401 alike, and may stand beside half of the data.
        let refusal = try? response.json(LinearRefusal.self, keys: .asTheyAre)
        if let fault = refusal?.errors?.first { throw fault.failure(status: response.status) }
        try response.orThrow("Linear")
        let envelope: Envelope<Answer> = try response.json(keys: .asTheyAre)
        guard let data = envelope.data else {
            throw PluginFailure(.temporary, "Linear answered without data")
        }
        return data
    }

    private struct Envelope<Answer: Decodable>: Decodable { let data: Answer? }
}
