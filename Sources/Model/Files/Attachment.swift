import JSONCoding

/// A file that goes with a message, as the log and people know it.
package struct Attachment: Hashable, Sendable {
    package var id: FileID
    /// Cleaned: ``FileName``.
    package var name: String
    /// The media type by its bytes, whatever its sender called it.
    package var type: String
    package var size: Int
    /// Of images, when it could be read from them.
    package var dimensions: ImageSize?

    package init(id: FileID, name: String, type: String, size: Int, dimensions: ImageSize? = nil) {
        self.id = id
        self.name = name
        self.type = type
        self.size = size
        self.dimensions = dimensions
    }
}

extension Attachment {
    func write(into json: inout JSONWriter) {
        json.object { json in
            json.member("id", id.description)
            json.member("name", name)
            json.member("type", type)
            json.member("size", size)
            json.memberIfPresent("width", dimensions?.width)
            json.memberIfPresent("height", dimensions?.height)
        }
    }

    init?(json: JSON) {
        guard let id = json["id"]?.stringValue.flatMap({ FileID($0) }),
            let name = json["name"]?.stringValue, let type = json["type"]?.stringValue,
            let size = json["size"]?.intValue
        else { return nil }
        self.init(id: id, name: name, type: type, size: size)
        if let width = json["width"]?.intValue, let height = json["height"]?.intValue {
            dimensions = ImageSize(width: width, height: height)
        }
    }
}

/// Who uploads: what they upload, they alone can send.
package enum Uploader: Hashable, Sendable, CustomStringConvertible {
    case customer(ContactID)
    case agent(AgentID)

    package var description: String {
        switch self {
        case .customer(let id): id.description
        case .agent(let id): id.description
        }
    }
}

extension FileID {
    /// The file that an upload becomes when a message is sent with it.
    package init(of upload: UploadID) { self.init(sharing: upload) }
}

extension UploadID {
    package init(of file: FileID) { self.init(sharing: file) }
}
