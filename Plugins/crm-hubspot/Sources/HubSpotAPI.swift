// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// HubSpot's interface, as far as it is used here.
struct HubSpotAPI: Sendable {
    let paths: HubSpotPaths
    /// The placeholder that the host replaces.
    let token: String

    /// The contact with an address; nil when there is none.
    ///
    /// The search comes first. Its index lags seconds behind, and its limit is one of its own, five
    /// requests a second for the whole account; so when it finds nothing or cannot answer, the
    /// contact is read by its address, which sees the latest writes.
    func contact(email: String, properties: [String], _ call: Call) async throws -> CRMObject? {
        let email = email.lowercased()
        do {
            if let found = try await search(email: email, properties, call) { return found }
        } catch let failure as PluginFailure where failure.kind == .temporary {
            call.host.log(.debug, "the search did not answer", ["reason": failure.description])
        }
        let query = [("properties", properties.joined(separator: ",")), ("idProperty", "email")]
        return try await read(paths.object("contacts", email), query, call)
    }

    private struct Search: Encodable {
        struct Group: Encodable { let filters: [Filter] }
        struct Filter: Encodable {
            let propertyName: String
            let `operator`: String
            let value: String
        }

        let filterGroups: [Group]
        let properties: [String]
        let limit: Int
    }

    private func search(
        email: String,
        _ properties: [String],
        _ call: Call
    ) async throws -> CRMObject? {
        let filter = Search.Filter(propertyName: "email", operator: "EQ", value: email)
        var request = HTTPRequest("POST", paths.search("contacts"))
        // Not repeated: there is another way, and the deadline is near.
        request.mayRepeat = false
        request.setBody(
            json: Search(
                filterGroups: [Search.Group(filters: [filter])],
                properties: properties,
                limit: 1
            )
        )
        let response = try await sent(request, call)
        return try response.json(CRMObjects.self, keys: .asTheyAre).results.first
    }

    /// A company; nil when there is none.
    func company(_ id: String, properties: [String], _ call: Call) async throws -> CRMObject? {
        let query = [("properties", properties.joined(separator: ","))]
        return try await read(paths.object("companies", id), query, call)
    }

    /// A user; nil when there is none, or none any more.
    func owner(_ id: String, _ call: Call) async throws -> CRMOwner? {
        try await read(paths.owner(id), [], call)
    }

    /// The account that the token belongs to.
    func account(_ call: Call) async throws -> CRMAccount {
        let response = try await sent(HTTPRequest("GET", paths.account), call)
        return try response.json(CRMAccount.self, keys: .asTheyAre)
    }

    /// What became of a new contact.
    enum Creation: Sendable {
        case created(String), exists(String)
    }

    private struct NewObject: Encodable {
        let properties: [String: String]
        var associations: [Association] = []

        struct Association: Encodable {
            let to: Target
            let types: [Kind]
        }
        struct Target: Encodable { let id: String }
        struct Kind: Encodable {
            let associationCategory: String
            let associationTypeId: Int
        }
    }

    /// Adds a contact.
    ///
    /// There is one for each address, so that the host may repeat the request.
    func create(contact properties: [String: String], _ call: Call) async throws -> Creation {
        var request = HTTPRequest("POST", paths.objects("contacts"))
        request.mayRepeat = true
        request.setBody(json: NewObject(properties: properties))
        let response = try await answer(to: request, call)
        if response.status == 409, let id = HubSpotFault(response).existing { return .exists(id) }
        return .created(try Self.checked(response).json(CRMObject.self, keys: .asTheyAre).id)
    }

    /// Adds a note to a contact's timeline.
    ///
    /// HubSpot knows no idempotency keys: the request is repeated only when it was turned away at
    /// the door (429), once.
    ///
    /// - Parameters:
    ///   - body: HTML, at most 65,536 characters.
    ///   - contact: The contact's id.
    ///   - time: Milliseconds since 1970; its place on the timeline.
    ///   - call: On whose behalf.
    /// - Returns: The response, whatever its status.
    /// - Throws: What the host's service throws when there is no response.
    func create(
        note body: String,
        on contact: String,
        at time: Int,
        _ call: Call
    ) async throws -> HTTPResponse {
        // "Note to contact" in HubSpot's list of association types.
        let kind = NewObject.Kind(associationCategory: "HUBSPOT_DEFINED", associationTypeId: 202)
        var request = HTTPRequest("POST", paths.objects("notes"))
        request.mayRepeat = false
        request.setBody(
            json: NewObject(
                properties: ["hs_timestamp": String(time), "hs_note_body": body],
                associations: [.init(to: .init(id: contact), types: [kind])]
            )
        )
        let response = try await answer(to: request, call)
        guard response.status == 429, HubSpotFault(response).policy != "DAILY",
            let wait = Int(response.headers["retry-after"] ?? "1"), (0...5).contains(wait)
        else { return response }
        try await Task.sleep(for: .seconds(wait))
        return try await answer(to: request, call)
    }

    private struct BatchRead: Encodable {
        struct Input: Encodable { let id: String }
        let inputs: [Input]
        let properties: [String]
    }

    /// The latest notes on a contact's timeline, at most 100, with their times.
    ///
    /// Read through the contact, not searched for: associations are there at once.
    func notes(on contact: String, _ call: Call) async throws -> [CRMObject] {
        let query = [("associations", "notes")]
        let found: CRMObject? = try await read(paths.object("contacts", contact), query, call)
        let ids = Set((found?.associations?["notes"]?.results ?? []).map(\.id))
        let latest = ids.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.prefix(100)
        guard !latest.isEmpty else { return [] }
        var request = HTTPRequest("POST", paths.batchRead("notes"))
        request.mayRepeat = true
        request.setBody(
            json: BatchRead(inputs: latest.map { .init(id: $0) }, properties: ["hs_timestamp"])
        )
        let response = try await sent(request, call)
        return try response.json(CRMObjects.self, keys: .asTheyAre).results
    }

    /// Asks for one object of a type: fails when the token or its scopes do not permit it.
    func probe(_ type: String, _ call: Call) async throws {
        _ = try await sent(HTTPRequest("GET", paths.objects(type), query: [("limit", "1")]), call)
    }

    /// The same for the account's users.
    func probeOwners(_ call: Call) async throws {
        _ = try await sent(HTTPRequest("GET", paths.owners, query: [("limit", "1")]), call)
    }

    // MARK: - Requests

    /// Something that may not be there.
    private func read<Value: Decodable>(
        _ url: String,
        _ query: [(String, String)],
        _ call: Call
    ) async throws -> Value? {
        let response = try await answer(to: HTTPRequest("GET", url, query: query), call)
        if response.status == 404 { return nil }
        return try Self.checked(response).json(Value.self, keys: .asTheyAre)
    }

    /// The response, if it is a success.
    private func sent(_ request: HTTPRequest, _ call: Call) async throws -> HTTPResponse {
        try Self.checked(try await answer(to: request, call))
    }

    /// The response, whatever its status.
    private func answer(to request: HTTPRequest, _ call: Call) async throws -> HTTPResponse {
        var request = request
        request.headers["Authorization"] = "Bearer \(token)"
        return try await call.http.send(request)
    }

    private static func checked(_ response: HTTPResponse) throws -> HTTPResponse {
        guard response.isSuccess else { throw HubSpotFault(response).failure }
        return response
    }
}
