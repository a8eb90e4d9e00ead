import Model

/// What has been uploaded and waits to be sent: the port that a store implements.
///
/// That an upload is sent once, by its owner, the log decides when it stores the message.
package protocol Attachments: Sendable {
    /// What is known of uploads of theirs that no message names yet, in the order asked.
    ///
    /// Others are left out.
    func files(
        of uploads: [UploadID],
        by uploader: Uploader
    ) async throws(LogFailure) -> [Attachment]
}

/// A server to which nothing can be uploaded.
package struct NoAttachments: Attachments {
    package init() {}

    package func files(
        of uploads: [UploadID],
        by uploader: Uploader
    ) async throws(LogFailure) -> [Attachment] { [] }
}
