import Foundation
import HTTPTypes
import Testing
import Transport

/// Files with a copy in gzip beside them.
struct PackedFilesTests {
    private static let script = Array("let a = 1".utf8)
    /// The script as `gzip` writes it.
    private static let packed: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x49, 0x2d, 0x51, 0x48,
        0x54, 0xb0, 0x55, 0x30, 0x04, 0x00, 0x57, 0x9a, 0x57, 0x37, 0x09, 0x00, 0x00, 0x00,
    ]

    private static func files(
        _ contents: [String: [UInt8]],
        rewrite: (String, [UInt8]) -> [UInt8] = { $1 }
    ) throws -> StaticFiles {
        let folder = URL.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, content) in contents {
            try Data(content).write(to: folder.appending(path: name))
        }
        return try StaticFiles(folder: folder.path, rewrite: rewrite)
    }

    private static func get(accepting encodings: String?, known: String? = nil) -> Request {
        var headers = HTTPFields()
        headers[.acceptEncoding] = encodings
        headers[.ifNoneMatch] = known
        return Request(method: .get, path: "/", headers: headers)
    }

    @Test(arguments: [
        ("gzip", true), ("deflate, gzip, br", true), ("GZIP;q=0.3", true), ("x-gzip", true),
        ("*", true), ("gzip; q=1.0, identity; q=0.5", true), (nil, false), ("", false),
        ("br", false), ("gzip;q=0", false), ("gzip;q=0.0, *", false), ("identity", false),
        ("gzip;q=0.5, identity", false), ("gzip;q=much", false), ("*;q=0", false), (";,", false),
    ])
    func `packs a file for clients that take it`(encodings: String?, isPacked: Bool) throws {
        let files = try Self.files(["a.js": Self.script, "a.js.gz": Self.packed])
        let response = try #require(files.response(for: "a.js", to: Self.get(accepting: encodings)))
        #expect(response.headers[.contentEncoding] == (isPacked ? "gzip" : nil))
        #expect(response.body == (isPacked ? Self.packed : Self.script))
        #expect(response.headers[.vary] == "Accept-Encoding")
        #expect(response.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(files.names == ["a.js"])
        #expect(files.response(for: "a.js.gz", to: Self.get(accepting: encodings)) == nil)
    }

    @Test func `tells the packed version from the plain one`() throws {
        let files = try Self.files(["a.js": Self.script, "a.js.gz": Self.packed])
        var tags: [String] = []
        for encodings in ["identity", "gzip"] {
            let first = files.response(for: "a.js", to: Self.get(accepting: encodings))
            let tag = try #require(first?.headers[.eTag])
            let again = files.response(
                for: "a.js",
                to: Self.get(accepting: encodings, known: "\"x\", W/\(tag)")
            )
            #expect(again?.status == .notModified)
            #expect(again?.body.isEmpty == true)
            #expect(again?.headers[.eTag] == tag)
            #expect(again?.headers[.vary] == "Accept-Encoding")
            tags.append(tag)
        }
        #expect(tags[0] != tags[1])
        let other = files.response(for: "a.js", to: Self.get(accepting: "gzip", known: tags[0]))
        #expect(other?.status == .ok)
    }

    @Test func `leaves a packed copy of something else alone`() throws {
        let other = Array("let a = 2".utf8)
        let broken = Array(Self.packed.dropLast())
        for (content, packed) in [(other, Self.packed), (Self.script, broken), (Self.script, [])] {
            let files = try Self.files(["a.js": content, "a.js.gz": packed])
            let response = files.response(for: "a.js", to: Self.get(accepting: "gzip"))
            #expect(response?.body == content)
            #expect(response?.headers[.contentEncoding] == nil)
            #expect(response?.headers[.vary] == nil)
        }
        let rewritten = try Self.files(["a.js": Self.script, "a.js.gz": Self.packed]) { _, _ in
            other
        }
        let response = rewritten.response(for: "a.js", to: Self.get(accepting: "gzip"))
        #expect(response?.body == other)
    }

    @Test func `serves an archive that belongs to no file`() throws {
        let files = try Self.files(["a.js.gz": Self.packed])
        let response = files.response(for: "a.js.gz", to: Self.get(accepting: "gzip"))
        #expect(response?.body == Self.packed)
        #expect(response?.headers[.contentEncoding] == nil)
    }
}
