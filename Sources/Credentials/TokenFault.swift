/// Why a session token is refused, or could not be issued.
package enum TokenFault: Error, Hashable, Sendable {
    case tooLong(limit: Int)
    /// Not three parts, of another version, or not strictly base64url.
    case malformed
    /// The code is not ours: altered, or sealed with another secret.
    case forged
    /// Genuine, and meant for something else.
    case otherPurpose(expected: Claims.Purpose)
    /// Genuine and over since that moment, in milliseconds since 1970.
    case expired(at: Int64)
}

extension TokenFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let limit): "a token has at most \(limit) bytes"
        case .malformed: "this is not a token of this server"
        case .forged: "the token was altered or sealed with another secret"
        case .otherPurpose(let expected): "the token is not one for \(expected.rawValue)"
        case .expired(let moment): "the token expired at \(moment) ms"
        }
    }
}
