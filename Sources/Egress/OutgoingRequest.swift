/// A request to another server.
package struct OutgoingRequest: Sendable {
    package var method: String
    /// Absolute, with the scheme `https`, or `http` where the allow-list says so.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// Goes over a connection of its own: curl sends a request again when a kept connection dies
    /// before the answer begins, which must not happen to what may be done once only.
    package var mayBeSentOnceOnly = false

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

extension OutgoingRequest {
    /// What frames a request is ours to write: two servers must not read it differently.
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade",
    ]
    private static let marks = Set("!#$%&'*+-.^_`|~".utf8)

    /// Refuses what could be read as more than one request (RFC 9110, 5.6.2 and 5.5).
    func check() throws(EgressFailure) {
        guard Self.isToken(method) else { throw .notAllowed("the method is none") }
        for (name, value) in headers {
            guard Self.isToken(name), !Self.reserved.contains(name.lowercased()) else {
                throw .notAllowed("the header \(name.prefix(40)) cannot be set")
            }
            let isPlain = value.utf8.allSatisfy { $0 == 9 || ($0 >= 0x20 && $0 != 0x7F) }
            guard isPlain, value.utf8.count <= 16_384 else {
                throw .notAllowed("the header \(name) has a value that cannot be sent")
            }
        }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 200
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || marks.contains(byte)
            }
    }
}

/// What another server answered, whole.
package struct IncomingResponse: Sendable {
    package var status: Int
    /// In the order in which they came; names in lower case.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

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
