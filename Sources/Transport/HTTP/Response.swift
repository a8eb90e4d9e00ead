package import HTTPTypes

/// An HTTP response, written in pieces as the client takes it.
///
/// `Content-Length` and `Connection` are Transport's; a value set for them is ignored.
package struct Response: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    /// Shared, not copied, with whoever made it.
    package var body: [UInt8]
    /// Made while the client takes it, in place of a body held in memory.
    package var source: BodySource?

    package init(
        status: HTTPResponse.Status,
        headers: HTTPFields = [:],
        body: [UInt8] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response whose body is made while the client takes it.
    package init(
        status: HTTPResponse.Status,
        headers: HTTPFields = [:],
        source: BodySource
    ) {
        self.init(status: status, headers: headers)
        self.source = source
    }

    /// The bytes that the body has or will have.
    package var length: Int { source?.length ?? body.count }

    /// A response with a body of a kind.
    package init(status: HTTPResponse.Status = .ok, contentType: String, body: [UInt8]) {
        self.init(status: status, headers: [.contentType: contentType], body: body)
    }
}
