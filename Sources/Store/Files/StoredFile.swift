import Desk
import GRDB
import Model

/// What is known of an uploaded file.
package struct StoredFile: Hashable, Sendable {
    package var attachment: Attachment
    package var uploader: Uploader
    package var sha256: String
    package var createdAt: Timestamp

    package init(
        attachment: Attachment,
        uploader: Uploader,
        sha256: String,
        createdAt: Timestamp
    ) {
        self.attachment = attachment
        self.uploader = uploader
        self.sha256 = sha256
        self.createdAt = createdAt
    }
}

/// A file that went with a message, and the customer whose conversation that is.
package struct SentFile: Hashable, Sendable {
    package var attachment: Attachment
    package var contact: ContactID
}

extension Attachment {
    static let columns = "files.id, files.name, files.type, files.size, files.width, files.height"

    /// Reads ``columns`` from the beginning of a row.
    init(_ row: Row) throws {
        guard let id = FileID(row[0] as String) else {
            throw LogFailure.corrupt("A stored file is unreadable.")
        }
        self.init(id: id, name: row[1], type: row[2], size: row[3])
        if let width: Int = row[4], let height: Int = row[5] {
            dimensions = ImageSize(width: width, height: height)
        }
    }
}
