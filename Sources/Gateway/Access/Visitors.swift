import Credentials
import Desk
import Model
import PluginHost
import Store
import Transport

/// Who a widget's session belongs to: the rules about visitor tokens and signed identities.
///
/// A visitor token names an anonymous contact on one site. A signed identity names somebody the
/// embedding product knows; the first one moves the anonymous conversations to that contact and
/// replaces the token by one that is useless without an identity. A token bound to somebody else
/// starts afresh: a planted token never opens somebody's history.
struct Visitors {
    struct Opened {
        var contact: Contact
        /// To be handed in again with the next session.
        var visitor: String
    }

    /// A customer as their product names them.
    private struct Somebody {
        var id: String
        var name: String?
        var email: String?
    }

    let store: Store
    let desk: Desk
    let site: Site
    let now: Timestamp
    /// Asked about identities that are no signed tokens of the site's own.
    var plugins: PluginHost?

    /// Whether a visitor has been here before: their token is one of ours for this site.
    ///
    /// One that is bound to an identity is worth nothing without one.
    func knows(_ visitor: String?, showing identity: String?) async throws -> Bool {
        guard let hash = visitor.map({ Digest.sha256Hex($0) }),
            let known = try await record(hash)
        else { return false }
        return known.boundTo == nil || identity != nil
    }

    private func record(_ hash: String) async throws -> VisitorRecord? {
        let known = try await store.visitor(hash: hash)
        return known?.site == site.id ? known : nil
    }

    func open(visitor: String?, identity: String?) async throws -> Opened {
        let hash = visitor.map { Digest.sha256Hex($0) }
        var known: VisitorRecord?
        if let hash { known = try await record(hash) }
        if let identity {
            let claims = try await verify(identity)
            return try await openIdentified(claims, visitor, hash, known)
        }
        if site.requiresIdentity {
            throw Problem(.unauthenticated, "This site takes signed-in customers only")
        }
        if let visitor, let known, known.boundTo == nil,
            let contact = try await store.contact(known.contact)
        {
            return Opened(contact: contact, visitor: visitor)
        }
        return try await openAnonymous()
    }

    private func openAnonymous() async throws -> Opened {
        let contact = Contact(id: .make(at: now), site: site.id, createdAt: now)
        let token = SecureRandom.token()
        try await store.add(contact, visitor: Digest.sha256Hex(token))
        return Opened(contact: contact, visitor: token)
    }

    private func openIdentified(
        _ claims: Somebody,
        _ visitor: String?,
        _ hash: String?,
        _ known: VisitorRecord?
    ) async throws -> Opened {
        let contact = try await contact(for: claims)
        if let visitor, let known, known.boundTo == claims.id {
            return Opened(contact: contact, visitor: visitor)
        }
        if let hash, let known, known.boundTo == nil {
            let moved = try await store.claim(from: known.contact, to: contact.id)
            try await store.removeVisitor(hash: hash)
            for conversation in moved { desk.reload(conversation) }
        }
        return Opened(
            contact: contact,
            visitor: try await issue(to: contact, boundTo: claims.id)
        )
    }

    private func verify(_ identity: String) async throws -> Somebody {
        if !Self.isSignedToken(identity), let plugins,
            await plugins.provides(PluginHost.identityHook)
        {
            return try await verify(identity, with: plugins)
        }
        let keys = try await store.identityKeys(of: site.id).compactMap {
            try? IdentityKey(document: $0)
        }
        do throws(IdentityFault) {
            let claims = try IdentityVerifier.verify(
                jwt: identity,
                keys: keys,
                audience: site.id.description,
                now: now.milliseconds
            )
            return Somebody(id: claims.sub, name: claims.name, email: claims.email)
        } catch {
            throw Problem(.unauthenticated, "The identity was refused: \(error)")
        }
    }

    /// Whether it looks like a JWT; such a one is the site's own keys' to judge and nobody else's.
    private static func isSignedToken(_ identity: String) -> Bool {
        identity.split(separator: ".", omittingEmptySubsequences: false).count == 3
            && identity.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-_.=".utf8.contains(byte)
            }
    }

    /// Has a plugin say whose an identity is that only the product itself can read.
    private func verify(_ identity: String, with plugins: PluginHost) async throws -> Somebody {
        let answer: PluginHost.VerifiedIdentity?
        do throws(PluginError) {
            answer = try await plugins.verify(identity: identity, site: site.id)
        } catch .timedOut {
            throw Problem(.pluginTimeout)
        } catch .malformed(let reason) {
            throw Problem(.upstreamError, reason)
        } catch {
            throw Problem(.pluginUnavailable)
        }
        guard let answer else { throw Problem(.unauthenticated, "The identity was refused") }
        return Somebody(id: answer.id, name: answer.name, email: answer.email)
    }

    /// The contact of an identity, made on first sight, with what the token says of them now.
    private func contact(for claims: Somebody) async throws -> Contact {
        let known = try await store.contact(site: site.id, externalID: claims.id)
        var contact =
            known
            ?? Contact(
                id: .make(at: now),
                site: site.id,
                externalID: claims.id,
                createdAt: now
            )
        contact.name = claims.name ?? contact.name
        contact.email = claims.email ?? contact.email
        guard contact != known else { return contact }
        do throws(LogFailure) {
            try await store.save(contact)
        } catch {
            // Two devices may show the same first token at once: the earlier one made the contact.
            guard case .conflict = error,
                let other = try await store.contact(site: site.id, externalID: claims.id)
            else { throw error }
            return other
        }
        return contact
    }

    private func issue(to contact: Contact, boundTo subject: String) async throws -> String {
        let token = SecureRandom.token()
        try await store.saveVisitor(
            hash: Digest.sha256Hex(token),
            VisitorRecord(contact: contact.id, site: site.id, boundTo: subject)
        )
        return token
    }
}
