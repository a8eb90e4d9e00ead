package import HTTPTypes

/// One name and value of a query string, decoded.
package struct QueryItem: Sendable, Hashable {
    package let name: String
    /// Empty when the query has the bare name.
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// An HTTP request with its whole body, or with one that is still arriving.
package struct Request: Sendable {
    package let method: HTTPRequest.Method
    /// Percent-decoded and normalised: no dot segments.
    package let path: String
    package let query: [QueryItem]
    /// The headers libwebsockets knows and those named in ``TransportOptions/extraHeaders``.
    package let headers: HTTPFields
    package let body: [UInt8]
    /// The body while it arrives, of a request that the application takes in pieces.
    package let stream: BodyStream?
    /// The client, or the one a trusted proxy speaks for.
    package let address: NetworkAddress
    /// `https` under TLS here or at a trusted proxy, else `http`.
    package let scheme: String
    /// What the router's `:name` segments matched; `*` is the rest of the path.
    package var parameters: [String: String] = [:]

    package init(
        method: HTTPRequest.Method,
        path: String,
        query: [QueryItem] = [],
        headers: HTTPFields = [:],
        body: [UInt8] = [],
        stream: BodyStream? = nil,
        address: NetworkAddress = .loopback,
        scheme: String = "http"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.stream = stream
        self.address = address
        self.scheme = scheme
    }

    /// The first value of a query name.
    package func query(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}
