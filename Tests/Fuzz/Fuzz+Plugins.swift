import JSONCoding
import PluginHost

extension Fuzz {
    /// The first byte chooses: a process's stream, cut in pieces of that length; or a manifest.
    @Sendable
    static func readPlugin(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        if first == UInt8(ascii: "{") {
            readManifest(Array(bytes))
        } else {
            let whole = frames(rest, by: max(rest.count, 1))
            let pieces = frames(rest, by: Int(first % 64) + 1)
            hold(whole == pieces, "frames that depend on how their bytes come")
        }
    }

    private static func frames(_ bytes: UnsafeRawBufferPointer, by length: Int) -> [Frame] {
        var reader = FrameReader()
        var frames: [Frame] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
            let end = min(start + length, bytes.count)
            reader.append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            do {
                while let frame = try reader.next() { frames.append(frame) }
            } catch {
                return frames
            }
        }
        return frames
    }

    /// A manifest that is accepted judges configurations: here, its own source.
    private static func readManifest(_ bytes: [UInt8]) {
        guard let manifest = try? PluginManifest(parsing: bytes) else { return }
        let config = manifest.source["config"]?.objectValue ?? [:]
        guard let complete = try? manifest.config.check(config, path: "config") else { return }
        let again = try? manifest.config.check(complete, path: "config")
        hold(again == complete, "a complete configuration that is none")
    }
}
