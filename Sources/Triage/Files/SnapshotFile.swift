import Foundation

/// The envelope of a snapshot: magic, version of the format, sections, and a checksum over all.
struct SnapshotFile {
    private static let version: UInt32 = 4

    /// The first eight bytes, which say what is in it.
    let magic: [UInt8]

    /// Writes sections to a file, which is replaced as a whole.
    func write(_ contents: [UInt8], to url: URL) throws(TriageFailure) {
        var writer = SnapshotWriter()
        writer.append(raw: magic)
        writer.append(Self.version)
        writer.append(raw: contents)
        writer.append(ContentHash.of(writer.bytes))
        do {
            try Data(writer.bytes).write(to: url, options: .atomic)
        } catch {
            throw .unreadable(url.lastPathComponent)
        }
    }

    /// The sections of a file, by their tags.
    func sections(of url: URL) throws(TriageFailure) -> [String: SnapshotReader] {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: url))
        } catch {
            throw .unreadable(url.lastPathComponent)
        }
        guard bytes.starts(with: magic) else { throw .notASnapshot }
        guard bytes.count >= magic.count + 12 else { throw .damagedSnapshot }
        var header = SnapshotReader(bytes[magic.count...])
        let version = try header.number()
        guard version == Self.version else { throw .snapshotVersion(version) }
        var trailer = SnapshotReader(bytes.suffix(8))
        guard try trailer.longNumber() == ContentHash.of(Array(bytes.dropLast(8))) else {
            throw .damagedSnapshot
        }
        var reader = SnapshotReader(bytes[(magic.count + 4)..<(bytes.count - 8)])
        var sections: [String: SnapshotReader] = [:]
        while !reader.isAtEnd {
            let (tag, body) = try reader.section()
            sections[tag] = body
        }
        return sections
    }
}
