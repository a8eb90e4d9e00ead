internal import HTTPTypes

/// Who asks, and over what: a trusted proxy speaks for its client.
struct RequestOrigin {
    let client: NetworkAddress
    let scheme: String

    init(peer: NetworkAddress, headers: HTTPFields, _ options: TransportOptions) {
        client = options.trustedProxies.client(of: peer, forwardedFor: headers[.xForwardedFor])
        let isProxy = options.trustedProxies.contains(address: peer)
        let forwarded = isProxy ? headers[.xForwardedProto] : nil
        scheme = forwarded == "https" || options.tls != nil ? "https" : "http"
    }
}
