import JSONCoding

/// What may be uploaded, and how much of it.
package struct UploadOptions: Sendable {
    /// The largest file, in bytes.
    package var limit = 25 << 20
    /// The media types that are taken, by what the bytes show.
    package var types = usualTypes
    /// All files together, in bytes; beyond it nothing more is taken.
    package var quota = 20 << 30
    /// What one customer may upload in an hour.
    package var hourlyBytes = 200 << 20
    package var hourlyFiles = 100
    /// Uploads under way at the same time.
    package var atOnce = 64
    package var atOnceOfOne = 6
    /// What stays free on the disk: the conversations need it.
    package var reserve = 256 << 20

    package init() {}

    /// What clients may know before they send anything.
    var description: JSON {
        let known = types.flatMap { [$0] + (Self.otherNames[$0] ?? []) }
        return ["limit": .int(Int64(limit)), "types": .array(known.map(JSON.string))]
    }

    /// What browsers call files of these types, by their endings: for clients that look at that.
    private static let otherNames = [
        "text/plain": ["application/json", "application/x-yaml", "text/markdown", "text/x-log"],
        "text/csv": ["application/vnd.ms-excel"],
        "application/zip": ["application/x-zip-compressed"],
        "audio/mp4": ["audio/x-m4a"],
        "audio/wav": ["audio/x-wav"],
    ]

    /// What people show and send each other: nothing that runs, and no pages.
    package static let usualTypes = [
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "application/pdf",
        "text/plain", "text/csv", "application/zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation", "video/mp4", "video/quicktime",
        "video/webm", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav",
    ]
}
