import Credentials
import Desk
import Model
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

    let store: Store
    let desk: Desk
    let site: Site
    let now: Timestamp

    func open(visitor: String?, identity: String?) async throws -> Opened {
        let hash = visitor.map { Digest.sha256Hex($0) }
        var known: VisitorRecord?
        if let hash { known = try await store.visitor(hash: hash) }
        if known?.site != site.id { known = nil }
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
        try await store.save(contact)
        return Opened(contact: contact, visitor: try await issue(to: contact, boundTo: nil))
    }

    private func openIdentified(
        _ claims: IdentityClaims,
        _ visitor: String?,
        _ hash: String?,
        _ known: VisitorRecord?
    ) async throws -> Opened {
        let contact = try await contact(for: claims)
        if let visitor, let known, known.boundTo == claims.sub {
            return Opened(contact: contact, visitor: visitor)
        }
        if let hash, let known, known.boundTo == nil {
            let moved = try await store.claim(from: known.contact, to: contact.id)
            try await store.removeVisitor(hash: hash)
            for conversation in moved { desk.reload(conversation) }
        }
        return Opened(
            contact: contact,
            visitor: try await issue(to: contact, boundTo: claims.sub)
        )
    }

    private func verify(_ identity: String) async throws -> IdentityClaims {
        let keys = try await store.identityKeys(of: site.id).compactMap {
            try? IdentityKey(document: $0)
        }
        do throws(IdentityFault) {
            return try IdentityVerifier.verify(
                jwt: identity,
                keys: keys,
                audience: site.id.description,
                now: now.milliseconds
            )
        } catch {
            throw Problem(.unauthenticated, "The identity was refused: \(error)")
        }
    }

    /// The contact of an identity, made on first sight, with what the token says of them now.
    private func contact(for claims: IdentityClaims) async throws -> Contact {
        let known = try await store.contact(site: site.id, externalID: claims.sub)
        var contact =
            known
            ?? Contact(
                id: .make(at: now),
                site: site.id,
                externalID: claims.sub,
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
                let other = try await store.contact(site: site.id, externalID: claims.sub)
            else { throw error }
            return other
        }
        return contact
    }

    private func issue(to contact: Contact, boundTo subject: String?) async throws -> String {
        let token = SecureRandom.token()
        try await store.saveVisitor(
            hash: Digest.sha256Hex(token),
            VisitorRecord(contact: contact.id, site: site.id, boundTo: subject)
        )
        return token
    }
}
