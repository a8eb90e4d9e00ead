package import HTTPTypes

/// An HTTP response, held in memory and written in pieces as the client takes it.
///
/// `Content-Length` and `Connection` are Transport's; a value set for them is ignored.
package struct Response: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    /// Shared, not copied, with whoever made it.
    package var body: [UInt8]

    package init(
        status: HTTPResponse.Status,
        headers: HTTPFields = [:],
        body: [UInt8] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a body of a kind.
    package init(status: HTTPResponse.Status = .ok, contentType: String, body: [UInt8]) {
        self.init(status: status, headers: [.contentType: contentType], body: body)
    }
}
