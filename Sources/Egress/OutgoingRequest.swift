/// A request to another server.
package struct OutgoingRequest: Sendable {
    package var method: String
    /// Absolute, with the scheme `https`, or `http` where the allow-list says so.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?

    package init(
        _ method: String = "GET",
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What another server answered, whole.
package struct IncomingResponse: Sendable {
    package var status: Int
    /// In the order in which they came; names in lower case.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    /// The first header of a name, given in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The seconds that the server asks to be left alone for: `Retry-After` as a number.
    package var retryAfter: Int? { header("retry-after").flatMap { Int($0) } }
}

/// Why there is no response.
package enum EgressFailure: Error, Hashable, Sendable {
    /// The URL is not one that may be asked, and why.
    case notAllowed(String)
    /// The name leads to an address that may not be reached, such as a private network's.
    case addressRefused
    /// The name leads nowhere.
    case unknownHost
    /// Nobody listens, or the connection broke.
    case unreachable(String)
    /// The certificate is not good for the name.
    case untrusted(String)
    /// The time was up.
    case deadline
    /// The response is larger than was allowed.
    case tooLarge
    /// Whoever asked does not want it any more, or the client is closed.
    case cancelled
}
