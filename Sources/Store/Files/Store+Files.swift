import Desk
import Foundation
import GRDB
import Model
import Synchronization

extension Store: Attachments {
    /// Notes a file that is in its folder; until a message names it, it is its uploader's alone.
    package func keepFile(_ file: StoredFile) async throws(LogFailure) {
        let attachment = file.attachment
        try await write { db in
            try db.cachedStatement(
                sql: """
                    INSERT INTO files
                        (id, uploader, name, type, size, width, height, sha256, created)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                attachment.id.description, file.uploader.description, attachment.name,
                attachment.type, attachment.size, attachment.dimensions?.width,
                attachment.dimensions?.height, file.sha256, file.createdAt.milliseconds,
            ])
        }
        files.total.add(attachment.size, ordering: .relaxed)
    }

    package func files(
        of uploads: [UploadID],
        by uploader: Uploader
    ) async throws(LogFailure) -> [Attachment] {
        try await read { db in
            var asked: Set<UploadID> = []
            return try uploads.filter { asked.insert($0).inserted }.compactMap { upload in
                try Row.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT \(Attachment.columns) FROM files
                            WHERE id = ? AND uploader = ? AND conversation IS NULL
                            """
                    ),
                    arguments: [FileID(of: upload).description, uploader.description]
                ).map(Attachment.init)
            }
        }
    }

    /// How much somebody has uploaded since a time.
    package func uploaded(
        by uploader: Uploader,
        since time: Timestamp
    ) async throws(LogFailure) -> (files: Int, bytes: Int) {
        try await read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT count(*), coalesce(sum(size), 0) FROM files
                        WHERE uploader = ? AND created > ?
                        """
                ),
                arguments: [uploader.description, time.milliseconds]
            )
            return (row?[0] ?? 0, row?[1] ?? 0)
        }
    }

    /// The files of these ids that messages name; others are left out.
    package func sentFiles(_ ids: [FileID]) async throws(LogFailure) -> [SentFile] {
        try await read { db in
            try ids.compactMap { id in
                let row = try Row.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT \(Attachment.columns), conversations.contact FROM files
                            JOIN conversations ON conversations.id = files.conversation
                            WHERE files.id = ?
                            """
                    ),
                    arguments: [id.description]
                )
                guard let row else { return nil }
                guard let contact = ContactID(row[6] as String) else {
                    throw LogFailure.corrupt("A conversation's contact is unreadable.")
                }
                return SentFile(attachment: try Attachment(row), contact: contact)
            }
        }
    }
}

/// Uploads that a message's events take for themselves, in the transaction that stores them.
struct FileClaims: Sendable {
    private var claims: [(id: String, uploader: String)] = []

    init(_ events: [Event]) {
        for case .message(let message) in events where !message.files.isEmpty {
            let uploader: Uploader? =
                switch message.author {
                case .customer(let id, _): .customer(id)
                case .agent(let id, _): .agent(id)
                case .bot, .system: nil
                }
            guard let uploader else { continue }
            claims += message.files.map { ($0.id.description, uploader.description) }
        }
    }

    /// Refuses, before anything is written, when one of them is not theirs to take.
    func check(_ db: Database) throws {
        for claim in claims {
            let isThere = try Bool.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT 1 FROM files
                        WHERE id = ? AND uploader = ? AND conversation IS NULL
                        """
                ),
                arguments: [claim.id, claim.uploader]
            )
            if isThere == nil { throw Refused(failure: .uploadMissing) }
        }
    }

    /// Gives them to the conversation with a number.
    func take(for conversation: Int64, _ db: Database) throws {
        for claim in claims {
            try db.cachedStatement(sql: "UPDATE files SET conversation = ? WHERE id = ?")
                .execute(arguments: [conversation, claim.id])
        }
    }
}
