internal import CLibWebSockets
internal import HTTPTypes

/// Request line and headers, copied out of libwebsockets while it still has them.
struct RequestHead {
    let method: HTTPRequest.Method
    let path: String
    let query: [QueryItem]
    let headers: HTTPFields
    /// `Content-Length` as it came: as a field, what no value may have is made a space.
    private let announcedLength: String?
    /// It names its host once, as HTTP/1.1 wants it.
    let isAddressed: Bool
    /// Its body comes in chunks, or in whatever else it leaves unsaid.
    let isEncoded: Bool

    /// A header that libwebsockets does not know.
    struct ExtraHeader: Sendable {
        let name: HTTPField.Name
        /// As libwebsockets is asked for it.
        let key: String

        /// Nil for what is no name of a header.
        init?(_ text: String) {
            guard let name = HTTPField.Name(text) else { return nil }
            self.name = name
            key = text + ":"
        }
    }

    /// Reads the head of a connection's current request; nil without a method we know.
    init?(_ wsi: OpaquePointer, path: UnsafeRawBufferPointer?, extraHeaders: [ExtraHeader]) {
        guard let (method, uri) = Self.method(of: wsi) else { return nil }
        self.method = method
        self.path = Self.normalised(
            path.map { String(decoding: $0, as: UTF8.self) } ?? Self.copy(uri, of: wsi) ?? "/"
        )
        query = Self.query(of: wsi)
        headers = Self.headers(of: wsi, extra: extraHeaders)
        announcedLength = Self.copy(WSI_TOKEN_HTTP_CONTENT_LENGTH, of: wsi)
        let isOlder = Self.copy(WSI_TOKEN_HTTP, of: wsi) == "HTTP/1.0"
        isAddressed =
            Self.has(WSI_TOKEN_HOST, of: wsi)
            ? !Self.has(WSI_TOKEN_HOST, twice: true, of: wsi) : isOlder
        isEncoded = Self.has(WSI_TOKEN_HTTP_TRANSFER_ENCODING, of: wsi)
    }

    private static func method(
        of wsi: OpaquePointer
    ) -> (HTTPRequest.Method, lws_token_indexes)? {
        for (token, method) in methods where lws_hdr_total_length(wsi, token) > 0 {
            return (method, token)
        }
        return nil
    }

    /// libwebsockets takes dot segments out, but for the last where nothing follows on its line.
    private static func normalised(_ path: String) -> String {
        if path.hasSuffix("/.") { return String(path.dropLast()) }
        guard path.hasSuffix("/..") else { return path }
        let parent = path.dropLast(3)
        return parent.lastIndex(of: "/").map { String(parent[...$0]) } ?? "/"
    }

    private static func headers(of wsi: OpaquePointer, extra: [ExtraHeader]) -> HTTPFields {
        var fields = HTTPFields()
        for (token, name) in knownHeaders {
            guard let value = copy(token, of: wsi) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        for header in extra {
            guard let value = copy(custom: header.key, of: wsi) else { continue }
            fields.append(HTTPField(name: header.name, value: value))
        }
        return fields
    }

    /// Whether a header is there, be it empty; or there again.
    private static func has(
        _ token: lws_token_indexes,
        twice: Bool = false,
        of wsi: OpaquePointer
    ) -> Bool {
        let capacity = Int(lws_hdr_total_length(wsi, token)) + 1
        return text(
            capacity: capacity,
            { lws_hdr_copy_fragment(wsi, $0, $1, token, twice ? 1 : 0) }
        ) != nil
    }

    /// One header's value, before it is made a field of; nil when it is empty or not there.
    static func copy(_ token: lws_token_indexes, of wsi: OpaquePointer) -> String? {
        let length = Int(lws_hdr_total_length(wsi, token))
        guard length > 0 else { return nil }
        return text(capacity: length + 1) { lws_hdr_copy(wsi, $0, $1, token) }
    }

    private static func copy(custom name: String, of wsi: OpaquePointer) -> String? {
        let size = Int32(name.utf8.count)
        let length = Int(lws_hdr_custom_length(wsi, name, size))
        guard length > 0 else { return nil }
        return text(capacity: length + 1) { lws_hdr_custom_copy(wsi, $0, $1, name, size) }
    }

    /// The query's parts one by one: joined, a comma in a value could not be told from a joint.
    private static func query(of wsi: OpaquePointer) -> [QueryItem] {
        let total = Int(lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS))
        guard total > 0 else { return [] }
        var items: [QueryItem] = []
        while let part = text(
            capacity: total + 1,
            { lws_hdr_copy_fragment(wsi, $0, $1, WSI_TOKEN_HTTP_URI_ARGS, Int32(items.count)) }
        ) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            items.append(
                QueryItem(
                    name: pair.first.map(String.init) ?? "",
                    value: pair.count > 1 ? String(pair[1]) : ""
                )
            )
        }
        return items
    }

    private static func text(
        capacity: Int,
        _ fill: (UnsafeMutablePointer<CChar>, Int32) -> Int32
    ) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let length = fill(base, Int32(capacity))
            guard length >= 0 else { return nil }
            return String(
                decoding: UnsafeRawBufferPointer(start: base, count: Int(length)),
                as: UTF8.self
            )
        }
    }

    private static let methods: [(lws_token_indexes, HTTPRequest.Method)] = [
        (WSI_TOKEN_GET_URI, .get), (WSI_TOKEN_POST_URI, .post), (WSI_TOKEN_HEAD_URI, .head),
        (WSI_TOKEN_PUT_URI, .put), (WSI_TOKEN_PATCH_URI, .patch),
        (WSI_TOKEN_DELETE_URI, .delete), (WSI_TOKEN_OPTIONS_URI, .options),
    ]

    /// The tokens that stand for header fields, with their names.
    private static let knownHeaders: [(lws_token_indexes, HTTPField.Name)] = {
        (0..<WSI_TOKEN_COUNT.rawValue).compactMap { number in
            let token = lws_token_indexes(number)
            guard let bytes = lws_token_to_string(token) else { return nil }
            let text = bytes.withMemoryRebound(to: CChar.self, capacity: 1) {
                String(cString: $0)
            }
            guard text.hasSuffix(":"), let name = HTTPField.Name(String(text.dropLast())) else {
                return nil
            }
            return (token, name)
        }
    }()
}

extension RequestHead {
    /// How the body arrives, or why the request cannot be taken.
    enum Body: Equatable {
        case none
        case bytes(Int)
        case refused(Problem)
    }

    /// A request that a proxy before us may have led to another host than we would.
    static let unaddressed = Problem(.badRequest, "one Host is required")

    /// Judges `Host`, `Content-Length` and `Transfer-Encoding`.
    ///
    /// libwebsockets reads "3, 30" as 3, does not read one of more than 30 bytes, be they tabs,
    /// waits for ever after a negative length or none, and does not decode chunks.
    func body(limit: Int) -> Body {
        guard isAddressed else { return .refused(Self.unaddressed) }
        guard !isEncoded else {
            return .refused(Problem(.lengthRequired, "chunked requests are not supported"))
        }
        guard let announcedLength else {
            let needsLength = [.post, .put, .patch].contains(method)
            return needsLength ? .refused(Problem(.lengthRequired)) : .none
        }
        let digits = announcedLength[...].trimmingSpaces()
        guard announcedLength.utf8.count <= 15, let length = Int(digits),
            digits.utf8.allSatisfy({ (48...57).contains($0) })
        else { return .refused(Problem(.badRequest, "malformed Content-Length")) }
        guard length <= limit else {
            return .refused(
                Problem(.contentTooLarge, "at most \(limit) bytes", code: "too_large")
            )
        }
        return length == 0 ? .none : .bytes(length)
    }
}
