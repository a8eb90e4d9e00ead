/// Why a password could not be hashed or compared.
package enum PasswordFault: Error, Hashable, Sendable {
    /// The password is empty or longer than the limit.
    case length(limit: Int)
    /// The stored hash is not one of ours, or asks for more work than is allowed.
    case unreadableHash
    /// That many passwords are waiting already; temporary.
    case busy(waiting: Int)
    /// The caller was cancelled before the work began.
    case cancelled
    /// The derivation did not get its memory.
    case outOfMemory(bytes: Int)
}

extension PasswordFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .length(let limit): "a password has 1 to \(limit) bytes"
        case .unreadableHash: "the stored password hash is damaged or of an unknown kind"
        case .busy(let waiting): "\(waiting) passwords are waiting to be checked; try again"
        case .cancelled: "the password was no longer wanted"
        case .outOfMemory(let bytes): "hashing a password needs \(bytes >> 20) MiB of memory"
        }
    }
}
