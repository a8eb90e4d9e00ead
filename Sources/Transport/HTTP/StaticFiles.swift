internal import CLibWebSockets
internal import Foundation
internal import HTTPTypes

/// The files of a folder, read once and served from memory.
///
/// Only names found at the start are served, so no path leads out of the folder. Each file has a
/// strong ETag, the hash of its content; a request that carries the hash as `?h=` may be cached
/// for ever, any other is revalidated.
///
/// `NAME.gz` beside `NAME` is no file of its own but the same in gzip, for clients that take it,
/// with an ETag of its own. One that unpacks to anything else than what is served under `NAME` is
/// left alone. Ranges are not served: a client that asks for one gets the whole.
package struct StaticFiles: Sendable {
    private struct File {
        let body: [UInt8]
        /// The body in gzip, where there is a copy.
        let packed: [UInt8]?
        let hash: String
        let contentType: String

        init(_ body: [UInt8], packed: GzipFile?, name: String) {
            self.body = body
            self.packed = packed.flatMap { $0.holds(body) ? $0.bytes : nil }
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
        var contents: [String: [UInt8]] = [:]
        while let name = names.nextObject() as? String {
            guard !name.split(separator: "/").contains(where: { $0.first == "." }) else { continue }
            let path = folder + "/" + name
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            guard let content = FileManager.default.contents(atPath: path) else {
                throw .unreadable(path)
            }
            contents[name] = [UInt8](content)
        }
        files = Self.paired(contents, rewrite)
    }

    /// Makes files of contents, each with what is packed beside it.
    private static func paired(
        _ contents: [String: [UInt8]],
        _ rewrite: (String, [UInt8]) -> [UInt8]
    ) -> [String: File] {
        var files: [String: File] = [:]
        for (name, content) in contents
        where !name.hasSuffix(".gz") || contents[String(name.dropLast(3))] == nil {
            let packed = contents[name + ".gz"].map(GzipFile.init)
            files[name] = File(rewrite(name, content), packed: packed, name: name)
        }
        return files
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
    ///   - request: Its `h`, `If-None-Match` and `Accept-Encoding` are heeded.
    /// - Returns: 200, or 304 when the client has this version in this encoding.
    package func response(for name: String, to request: Request) -> Response? {
        let name = name.isEmpty || name.last == "/" ? name + "index.html" : name
        guard let file = files[name] else { return nil }
        let accepted = AcceptedEncodings(request.headers[.acceptEncoding])
        let packed = accepted.prefersGzip ? file.packed : nil
        let tag = packed == nil ? "\"\(file.hash)\"" : "\"\(file.hash)-gzip\""
        let isNamedByHash = request.query("h") == file.hash
        var headers: HTTPFields = [
            .eTag: tag,
            .cacheControl: isNamedByHash ? "public, max-age=31536000, immutable" : "no-cache",
            .xContentTypeOptions: "nosniff",
        ]
        // Caches have to know of both, whichever they are given.
        if file.packed != nil { headers[.vary] = "Accept-Encoding" }
        if let known = request.headers[.ifNoneMatch], Self.matches(known, tag) {
            return Response(status: .notModified, headers: headers)
        }
        var response = Response(status: .ok, headers: headers, body: packed ?? file.body)
        response.headers[.contentType] = file.contentType
        if packed != nil { response.headers[.contentEncoding] = "gzip" }
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
