// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Requests to other servers, sent by the host: it fills in secrets, keeps to the manifest's
/// `permissions.http`, waits out `Retry-After` and repeats what may be repeated.
///
/// A secret of the configuration is written `{{secret:key}}`, in headers and URLs only;
/// `{{basic:user:key}}` becomes the value of a Basic authorization, and `{{oauth:name}}` an
/// access token.
public struct HTTP: Sendable {
    let asker: Asker

    /// Sends a request; returns the response whatever its status.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asker.ask(MAITRED_HTTP_SERVICE, "send", request.form, as: HTTPResponse.self)
    }

    /// Sends a request and tells of the response's body while it comes.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - chunk: Is told of each piece of the body of a successful response, in order.
    /// - Returns: The response; its body is empty when it has been told in pieces.
    /// - Throws: ``PluginFailure``, or a cancellation.
    public func stream(
        _ request: HTTPRequest,
        _ chunk: @escaping @Sendable (String) -> Void
    ) async throws -> HTTPResponse {
        var form = request.form
        form.stream = true
        let data = try await asker.ask(MAITRED_HTTP_SERVICE, "send", form) { part in
            if let part = try? JSONInput.decode(Chunk.self, from: part) { chunk(part.data) }
        }
        return try JSONInput.decode(HTTPResponse.self, from: data)
    }

    private struct Chunk: Decodable { let data: String }

    /// Reads a URL.
    public func get(
        _ url: String,
        query: [(String, String)] = [],
        headers: [String: String] = [:]
    ) async throws -> HTTPResponse {
        try await send(HTTPRequest("GET", url, query: query, headers: headers))
    }

    /// Asks a GraphQL server; answers with `errors` become a failure.
    ///
    /// - Parameters:
    ///   - url: The server's address.
    ///   - query: The query or mutation.
    ///   - variables: Its variables; their names are sent as they are.
    ///   - headers: What goes beside it, the authorization for example.
    ///   - idempotencyKey: Makes a mutation repeatable, where the provider knows how.
    ///   - service: The provider's name, for messages.
    ///   - type: What `data` is.
    /// - Returns: What `data` holds.
    /// - Throws: ``PluginFailure``, or a cancellation.
    public func graphQL<Answer: Decodable>(
        _ url: String,
        _ query: String,
        variables: JSONValue = [:],
        headers: [String: String] = [:],
        idempotencyKey: String? = nil,
        service: String,
        as type: Answer.Type
    ) async throws -> Answer {
        var request = HTTPRequest("POST", url, headers: headers)
        request.idempotencyKey = idempotencyKey
        request.setBody(json: JSONValue.object(["query": .text(query), "variables": variables]))
        let response = try await send(request).orThrow(service)
        // Looked at first: beside errors, data may lack what the type wants.
        let refusal: GraphQLRefusal = try response.json(keys: .asTheyAre)
        if let fault = refusal.errors?.first {
            throw PluginFailure(.failed, "\(service): \(fault.message)")
        }
        let envelope: GraphQLAnswer<Answer> = try response.json(keys: .asTheyAre)
        guard let data = envelope.data else {
            throw PluginFailure(.temporary, "\(service) answered without data")
        }
        return data
    }

    /// Follows pages until there is no next one or `limit` items have been read.
    ///
    /// - Parameters:
    ///   - first: The request for the first page.
    ///   - limit: The most items to read.
    ///   - service: The provider's name, for messages.
    ///   - page: What a page is.
    ///   - items: The items of a page.
    ///   - next: The request for the page after it; nil at the end.
    /// - Returns: The items, in order.
    /// - Throws: ``PluginFailure``, or a cancellation.
    public func pages<Page: Decodable, Item>(
        from first: HTTPRequest,
        limit: Int,
        service: String,
        as page: Page.Type,
        items: (Page) -> [Item],
        next: (Page) -> HTTPRequest?
    ) async throws -> [Item] {
        var found: [Item] = []
        var request: HTTPRequest? = first
        while let current = request, found.count < limit {
            let page: Page = try await send(current).orThrow(service).json()
            found += items(page)
            request = next(page)
        }
        return Array(found.prefix(limit))
    }
}

private struct GraphQLRefusal: Decodable {
    struct Fault: Decodable { let message: String }
    let errors: [Fault]?
}

private struct GraphQLAnswer<Answer: Decodable>: Decodable {
    let data: Answer?
}

/// A request to another server.
public struct HTTPRequest: Sendable {
    /// `GET`, `POST` and so on.
    public var method: String
    /// Absolute; the manifest's `permissions.http` must allow it.
    public var url: String
    /// By name; secrets are written `{{secret:key}}`.
    public var headers: [String: String]
    /// Text, or bytes that are none.
    public var body: Data?
    /// How long it may take in all, repeats included; the call's own deadline counts as well.
    public var timeout: Duration?
    /// How long the response may take to begin.
    public var firstByteTimeout: Duration?
    /// Sent as `Idempotency-Key`, and allows the host to repeat a request that is not a GET.
    public var idempotencyKey: String?
    /// Whether the host may repeat it; nil for GET, HEAD, PUT, DELETE and whatever has a key.
    public var mayRepeat: Bool?

    /// Makes a request.
    public init(
        _ method: String = "GET",
        _ url: String,
        query: [(String, String)] = [],
        headers: [String: String] = [:],
        body: Data? = nil
    ) {
        self.method = method
        let text = query.map { "\(FormCoding.escape($0.0))=\(FormCoding.escape($0.1))" }
        self.url = text.isEmpty ? url : "\(url)?\(text.joined(separator: "&"))"
        self.headers = headers
        self.body = body
    }

    /// Sets a JSON body; names are sent as they are written.
    public mutating func setBody(json: some Encodable) {
        headers["Content-Type"] = "application/json"
        body = try? JSONEncoder().encode(json)
    }

    /// Sets a body of form fields, in order: `metadata[order]` and the like are the author's.
    public mutating func setBody(form: [(String, String)]) {
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let pairs = form.map { "\(FormCoding.escape($0.0))=\(FormCoding.escape($0.1))" }
        body = Data(pairs.joined(separator: "&").utf8)
    }

    struct Form: Encodable, Sendable {
        let method: String
        let url: String
        let headers: [String: String]
        let body: String?
        let bodyBase64: String?
        let timeoutMs: Int?
        let firstByteMs: Int?
        let idempotencyKey: String?
        let mayRepeat: Bool?
        var stream: Bool?
    }

    var form: Form {
        let text = body.flatMap { String(data: $0, encoding: .utf8) }
        return Form(
            method: method,
            url: url,
            headers: headers,
            body: text,
            bodyBase64: text == nil ? body?.base64EncodedString() : nil,
            timeoutMs: timeout?.wholeMilliseconds,
            firstByteMs: firstByteTimeout?.wholeMilliseconds,
            idempotencyKey: idempotencyKey,
            mayRepeat: mayRepeat
        )
    }
}

/// What another server answered.
public struct HTTPResponse: Decodable, Sendable {
    /// The status code.
    public let status: Int
    /// By name in lower case.
    public let headers: [String: String]
    /// The whole body.
    public let body: Data

    private enum Keys: String, CodingKey { case status, headers, body, bodyBase64 }

    /// Reads what the host's service answers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        status = try container.decode(Int.self, forKey: .status)
        headers = try container.decodeIfPresent([String: String].self, forKey: .headers) ?? [:]
        if let text = try container.decodeIfPresent(String.self, forKey: .body) {
            body = Data(text.utf8)
        } else {
            let text = try container.decodeIfPresent(String.self, forKey: .bodyBase64)
            body = text.flatMap { Data(base64Encoded: $0) } ?? Data()
        }
    }

    /// Whether the status is one of 200 to 299.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// How names in JSON become names of properties.
    public enum KeyStyle: Sendable {
        /// `current_period_end` becomes `currentPeriodEnd`.
        case snakeCase
        case asTheyAre
    }

    /// The body decoded from JSON; a body that is none is a temporary failure.
    public func json<Value: Decodable>(
        _ type: Value.Type = Value.self,
        keys: KeyStyle = .snakeCase
    ) throws -> Value {
        let decoder = JSONDecoder()
        if keys == .snakeCase { decoder.keyDecodingStrategy = .convertFromSnakeCase }
        do {
            return try decoder.decode(type, from: body)
        } catch {
            throw PluginFailure(.temporary, "an answer that makes no sense: \(error)".prefix(300))
        }
    }

    /// The response if it is a success; else the failure that its status means.
    ///
    /// - Parameters:
    ///   - service: The provider's name, as operators know it.
    ///   - message: Finds the provider's own words in the body.
    /// - Returns: This response.
    /// - Throws: ``PluginFailure``: 401 and 403 name the key, 404, 409 and 422 are refusals, 429
    ///   and the 500s may work later.
    @discardableResult
    public func orThrow(
        _ service: String,
        message: (HTTPResponse) -> String? = HTTPResponse.usualMessage
    ) throws -> HTTPResponse {
        if isSuccess { return self }
        let words = message(self).map { ": \($0.prefix(300))" } ?? ""
        switch status {
        case 401, 403:
            throw PluginFailure(.failed, "\(service) refuses the key (\(status))\(words)")
        case 404: throw PluginFailure(.invalid, "\(service) does not know it\(words)")
        case 408, 425, 429, 500...599:
            throw PluginFailure(.temporary, "\(service) cannot answer now (\(status))\(words)")
        default: throw PluginFailure(.invalid, "\(service) refuses (\(status))\(words)")
        }
    }

    /// The message where most providers put it: `error.message`, `message`, `errors[0].message`.
    public static func usualMessage(_ response: HTTPResponse) -> String? {
        guard let json = try? JSONDecoder().decode(JSONValue.self, from: response.body) else {
            return nil
        }
        return json["error"]?["message"]?.text ?? json["message"]?.text
            ?? json["errors"]?.array?.first?["message"]?.text ?? json["error"]?.text
    }
}

/// `application/x-www-form-urlencoded`, as the URL standard writes it but with %20 for spaces.
enum FormCoding {
    static func escape(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                out.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                out += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return out
    }
}

extension Duration {
    var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
