import Desk
import GRDB
import Model

extension Store: ContactFinder {
    package func site(_ id: SiteID?) async throws(LogFailure) -> SiteID? {
        let sites = try await sites()
        return id == nil ? sites.first?.id : sites.first { $0.id == id }?.id
    }

    package func contacts(
        email: String?,
        externalID: String?,
        limit: Int
    ) async throws(LogFailure) -> [Contact] {
        let (condition, value) =
            if let email {
                ("email IS NOT NULL AND email = ? COLLATE NOCASE", email)
            } else {
                ("external_id IS NOT NULL AND external_id = ?", externalID ?? "")
            }
        return try await read { db in
            try String.fetchAll(
                db,
                sql: "SELECT id FROM contacts WHERE \(condition) ORDER BY created DESC LIMIT ?",
                arguments: [value, limit]
            ).compactMap { id in try Self.contact(db, "id = ?", [id]) }
        }
    }
}
