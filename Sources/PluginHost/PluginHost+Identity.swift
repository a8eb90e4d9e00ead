import JSONCoding
import Model

/// Identities that only the product itself can read, such as its own session tokens.
extension PluginHost {
    package static let identityHook = "identity.verify"
    /// A customer waits for their chat to open.
    private static let identityDeadline: Duration = .seconds(5)

    /// Whom an identity stands for.
    package struct VerifiedIdentity: Sendable {
        /// The site's own id of the customer.
        package var id: String
        package var name: String?
        package var email: String?
    }

    /// Asks whose an identity is.
    ///
    /// - Parameters:
    ///   - identity: As the embedding page handed it over, at most 8,192 characters.
    ///   - site: Where.
    /// - Returns: Nil when it is refused.
    /// - Throws: When nobody could say.
    package func verify(
        identity: String,
        site: SiteID
    ) async throws(PluginError) -> VerifiedIdentity? {
        let answer = try await provide(
            Self.identityHook,
            ["identity": .string(identity), "site": .string(site.description)],
            deadline: Self.identityDeadline
        )
        if answer["refused"]?.boolValue == true { return nil }
        guard let id = answer["id"]?.stringValue, (1...255).contains(id.utf8.count) else {
            throw .malformed("identity.verify answers neither an id nor that it refuses")
        }
        return VerifiedIdentity(
            id: id,
            name: answer["name"]?.stringValue.map { String($0.prefix(200)) },
            email: answer["email"]?.stringValue.map { String($0.prefix(254)) }
        )
    }
}
