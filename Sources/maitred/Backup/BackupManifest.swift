import Gateway
import JSONCoding
import Store

/// What a backup holds: the first file in it.
struct BackupManifest {
    static let name = "manifest.json"
    private static let format = 1

    struct Entry {
        /// Relative to the data folder.
        var path: String
        var bytes: Int
        var sha256: String
    }

    var version: String
    var at: String
    var epoch: String
    var position: Int64
    var schema: Int
    var files: [Entry]

    var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    var json: JSON {
        [
            "format": .int(Int64(Self.format)), "version": .string(version), "at": .string(at),
            "epoch": .string(epoch), "position": .int(position), "schema": .int(Int64(schema)),
            "files": .array(
                files.map {
                    [
                        "path": .string($0.path), "bytes": .int(Int64($0.bytes)),
                        "sha256": .string($0.sha256),
                    ]
                }
            ),
        ]
    }
}

extension BackupManifest {
    init(json: JSON) throws(OrderFault) {
        guard json["format"]?.intValue == Self.format else {
            throw OrderFault("this backup has a format that this version does not know")
        }
        guard let version = json["version"]?.stringValue, let at = json["at"]?.stringValue,
            let epoch = json["epoch"]?.stringValue, let position = json["position"]?.intValue,
            let schema = json["schema"]?.intValue, let list = json["files"]?.arrayValue
        else { throw OrderFault("this backup's manifest is not whole") }
        self.version = version
        self.at = at
        self.epoch = epoch
        self.position = Int64(position)
        self.schema = schema
        files = []
        for file in list {
            guard let path = file["path"]?.stringValue, let bytes = file["bytes"]?.intValue,
                let sha256 = file["sha256"]?.stringValue, Self.isBelow(path)
            else { throw OrderFault("this backup's manifest names a file that cannot be") }
            files.append(Entry(path: path, bytes: bytes, sha256: sha256))
        }
    }

    /// Whether a path stays below the folder that it is relative to.
    private static func isBelow(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !path.isEmpty && parts.allSatisfy { !["", ".", ".."].contains($0) }
    }
}
