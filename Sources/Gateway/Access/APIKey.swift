import Credentials
import HTTPTypes
import Model
import Store
import Transport

/// A key with which another program asks: `Authorization: Bearer mtd_…`.
///
/// Made by `maitred key add`, shown once, kept as a hash. It opens what its scopes name.
package enum APIKey {
    /// What a key may be for.
    package enum Scope: String, Sendable, CaseIterable {
        /// Reading texts, and reporting what came of them.
        case triage
    }

    /// Requests of one key in a minute.
    static let requestsPerMinute = 1200
    private static let prefix = "mtd_"

    /// A new key: 256 bits.
    static func make() -> String { prefix + SecureRandom.token() }

    /// The name of the key behind a request.
    static func check(
        _ request: Request,
        for scope: Scope,
        _ gateway: Gateway
    ) async throws -> String {
        guard let header = request.headers[.authorization], header.hasPrefix("Bearer \(prefix)"),
            header.utf8.count <= 128
        else {
            throw Problem(
                .unauthenticated,
                "Send Authorization: Bearer with a key made by: maitred key add"
            )
        }
        let hash = Digest.sha256Hex(String(header.dropFirst("Bearer ".count)))
        guard let key = try await gateway.store.apiKey(hash: hash) else {
            throw Problem(.unauthenticated, "There is no such key")
        }
        guard key.scopes.contains(scope.rawValue) else {
            throw Problem(.forbidden, "The key “\(key.name)” is not for \(scope.rawValue)")
        }
        return key.name
    }
}
