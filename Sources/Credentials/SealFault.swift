/// Why a secret could not be sealed or opened.
package enum SealFault: Error, Hashable, Sendable {
    case tooLarge(limit: Int)
    case malformed
    /// Sealed with another key, for another context, or altered.
    case notOurs
}

extension SealFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let limit): "a secret to seal has at most \(limit) bytes"
        case .malformed: "this is not a sealed secret"
        case .notOurs: "the secret was sealed with another key or for another place, or altered"
        }
    }
}
