/// Why the transport could not start or do as told.
package enum TransportError: Error, Hashable, CustomStringConvertible {
    /// The host is neither an address nor a name that resolves.
    case unknownHost(String)
    /// A socket call failed; `code` is errno.
    case listening(host: String, port: Int, call: String, code: Int32)
    /// libuv or libwebsockets refused to start.
    case loop(String)
    /// The certificate file holds no usable chain.
    case certificate(String)
    /// The key file holds no usable private key.
    case privateKey(String)
    /// The certificate is not the key's.
    case mismatchedPair(certificate: String, key: String)
    /// An address range that is not `ADDRESS/BITS`.
    case addressRange(String)
    /// A folder or file that cannot be read.
    case unreadable(String)
    /// The server has been started already, or stopped.
    case state(String)

    package var description: String {
        switch self {
        case .unknownHost(let host): "cannot resolve the host \(host)"
        case .listening(let host, let port, let call, let code):
            "cannot listen on \(host) port \(port): \(call): \(systemMessage(code))"
        case .loop(let step): "cannot start an event loop: \(step)"
        case .certificate(let path): "no usable certificate in \(path)"
        case .privateKey(let path): "no usable private key in \(path)"
        case .mismatchedPair(let certificate, let key):
            "the certificate \(certificate) does not belong to the key \(key)"
        case .addressRange(let text): "\(text) is not an address range such as 10.0.0.0/8"
        case .unreadable(let path): "cannot read \(path)"
        case .state(let text): text
        }
    }
}
