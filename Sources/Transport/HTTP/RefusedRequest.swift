package import HTTPTypes

/// A request that nobody but Transport has seen: its head says that it cannot be taken.
package struct RefusedRequest: Sendable, Hashable {
    package let method: HTTPRequest.Method
    package let path: String
    /// The client's, as a trusted proxy names it.
    package let address: NetworkAddress
    package let status: HTTPResponse.Status
}
