internal import CLibWebSockets
internal import Foundation
internal import HTTPTypes

/// The files of a folder, read once and served from memory.
///
/// Only names found at the start are served, so no path leads out of the folder. Each file has a
/// strong ETag, the hash of its content; a request that carries the hash as `?h=` may be cached
/// for ever, any other is revalidated.
package struct StaticFiles: Sendable {
    private struct File {
        let body: [UInt8]
        let hash: String
        let contentType: String

        init(_ body: [UInt8], name: String) {
            self.body = body
            contentType = ContentType.of(name)
            // 80 bits: enough to tell versions of a file apart, short enough for a URL.
            hash = sha256(body).prefix(10).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
        }
    }

    private let files: [String: File]

    /// Reads a folder and those below it; names starting with a dot are left out.
    ///
    /// - Parameters:
    ///   - folder: Its path.
    ///   - rewrite: Gives a file's content as it is to be served; its name is relative to the
    ///     folder.
    /// - Throws: `unreadable` for a folder or file that cannot be read.
    package init(
        folder: String,
        rewrite: (_ name: String, _ content: [UInt8]) -> [UInt8] = { $1 }
    ) throws(TransportError) {
        guard let names = FileManager.default.enumerator(atPath: folder) else {
            throw .unreadable(folder)
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw .unreadable(folder) }
        var files: [String: File] = [:]
        while let name = names.nextObject() as? String {
            guard !name.split(separator: "/").contains(where: { $0.first == "." }) else { continue }
            let path = folder + "/" + name
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            guard let content = FileManager.default.contents(atPath: path) else {
                throw .unreadable(path)
            }
            files[name] = File(rewrite(name, [UInt8](content)), name: name)
        }
        self.files = files
    }

    /// The names that are served, relative to the folder.
    package var names: [String] { files.keys.sorted() }

    /// The content hash of a file, for `?h=`.
    package func hash(of name: String) -> String? { files[name]?.hash }

    /// The content of a file as it is served.
    package func content(of name: String) -> [UInt8]? { files[name]?.body }

    /// Answers with a file; nil when there is none of that name.
    ///
    /// - Parameters:
    ///   - name: Relative to the folder; empty or ending in a slash means its `index.html`.
    ///   - request: Its `h` and `If-None-Match` are heeded.
    /// - Returns: 200, or 304 when the client has this version.
    package func response(for name: String, to request: Request) -> Response? {
        let name = name.isEmpty || name.last == "/" ? name + "index.html" : name
        guard let file = files[name] else { return nil }
        let tag = "\"\(file.hash)\""
        let isNamedByHash = request.query("h") == file.hash
        let headers: HTTPFields = [
            .eTag: tag,
            .cacheControl: isNamedByHash ? "public, max-age=31536000, immutable" : "no-cache",
            .xContentTypeOptions: "nosniff",
        ]
        if let known = request.headers[.ifNoneMatch], Self.matches(known, tag) {
            return Response(status: .notModified, headers: headers)
        }
        var response = Response(status: .ok, headers: headers, body: file.body)
        response.headers[.contentType] = file.contentType
        return response
    }

    /// Compares weakly, as RFC 9110 asks for `If-None-Match`.
    private static func matches(_ list: String, _ tag: String) -> Bool {
        list.split(separator: ",").contains { part in
            let part = part.trimmingSpaces()
            return part == "*" || part == tag || part == "W/" + tag
        }
    }
}

/// Returns the SHA-256 of bytes.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
        bytes.withUnsafeBufferPointer { source in
            maitred_sha256(source.baseAddress, source.count, digest.baseAddress)
        }
        count = 32
    }
}
