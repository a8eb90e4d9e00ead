import Model
import Synchronization

/// Contacts who have begun no conversation since they were made: most of those who look at a page.
///
/// Each of their pages comes back for their conversations, and there are none to be looked for. Who is
/// not in here may still have none.
final class Newcomers: Sendable {
    /// So many are known before all are forgotten: some four megabytes.
    private static let limit = 100_000

    private let contacts = Mutex<Set<ContactID>>([])

    /// For a contact of whom nobody has heard yet.
    func add(_ contact: ContactID) {
        contacts.withLock { contacts in
            if contacts.count >= Self.limit { contacts.removeAll() }
            contacts.insert(contact)
        }
    }

    /// Before the contact's first conversation is written, or another's become theirs.
    func remove(_ contact: ContactID) {
        contacts.withLock { _ = $0.remove(contact) }
    }

    func contains(_ contact: ContactID) -> Bool {
        contacts.withLock { $0.contains(contact) }
    }
}
