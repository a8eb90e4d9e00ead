import CLibCurl
import Foundation
import Glibc
import Synchronization

/// One request on its way; belongs to the loop's thread but for what is locked.
final class Transfer: @unchecked Sendable {
    // Safe because everything mutable is touched on the loop's thread only, except `end`, which is
    // locked, and `onEnd`, which happens before the loop knows of the transfer.

    /// Bytes of all header lines.
    private static let headerLimit = 64 << 10

    let request: OutgoingRequest
    private let list: AllowList
    private let limit: Int
    private let end = Mutex<(@Sendable (Result<IncomingResponse, EgressFailure>) -> Void)?>(nil)

    private(set) var easy: OpaquePointer?
    private var lines: UnsafeMutablePointer<curl_slist>?
    private var headers: [(name: String, value: String)] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var bodyBytes = 0
    /// Is handed each piece of a successful response's body, which is then not kept.
    private let piece: (@Sendable ([UInt8]) -> Void)?
    /// Whether anything of the body has come.
    private let hasBegun = Atomic(false)
    /// Nobody waits for it; may be so before it begins.
    var isCancelled = false
    /// Why we ended it ourselves; curl only knows that somebody did.
    private var own: EgressFailure?

    init(
        _ request: OutgoingRequest,
        _ list: AllowList,
        limit: Int,
        piece: (@Sendable ([UInt8]) -> Void)? = nil
    ) {
        self.piece = piece
        self.request = request
        self.list = list
        self.limit = limit
    }

    func onEnd(_ done: @escaping @Sendable (Result<IncomingResponse, EgressFailure>) -> Void) {
        end.withLock { $0 = done }
    }

    /// Tells whoever waits; only the first time counts.
    func finish(_ result: Result<IncomingResponse, EgressFailure>) {
        let done = end.withLock { end in
            defer { end = nil }
            return end
        }
        done?(result)
    }

    // MARK: - On the loop's thread

    /// Makes the handle; nil when curl refuses, with the waiting told.
    func open(within deadline: Duration) -> OpaquePointer? {
        guard let easy = curl_easy_init() else {
            finish(.failure(.unreachable("no memory for a transfer")))
            return nil
        }
        self.easy = OpaquePointer(easy)
        let context = Unmanaged.passUnretained(self).toOpaque()
        let milliseconds = Int(min(max(1, deadline / .milliseconds(1)), Double(Int32.max)))
        let protocols = list.allowsPlain ? "https,http" : "https"
        var isGood = true
        func set(_ code: CURLcode) { isGood = isGood && code == CURLE_OK }
        set(maitred_curl_set_text(easy, CURLOPT_URL, request.url))
        set(maitred_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method))
        set(maitred_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, protocols))
        set(maitred_curl_set_text(easy, CURLOPT_PROXY, ""))
        set(maitred_curl_set_text(easy, CURLOPT_USERAGENT, "maitred"))
        set(maitred_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0))
        set(maitred_curl_set_long(easy, CURLOPT_NOSIGNAL, 1))
        // A name that is still being looked up must not hold up everybody else.
        set(maitred_curl_set_long(easy, CURLOPT_QUICK_EXIT, 1))
        set(maitred_curl_set_long(easy, CURLOPT_TIMEOUT_MS, milliseconds))
        // What allow-list and server read must be the same text.
        set(maitred_curl_set_long(easy, CURLOPT_PATH_AS_IS, 1))
        if request.mayBeSentOnceOnly { set(maitred_curl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)) }
        if request.method == "HEAD" { set(maitred_curl_set_long(easy, CURLOPT_NOBODY, 1)) }
        if let body = request.body {
            set(body.withUnsafeBytes { maitred_curl_set_body(easy, $0.baseAddress, body.count) })
        }
        for header in request.headers {
            // With a colon and nothing behind it curl would take the header out.
            let line =
                header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
            guard let longer = curl_slist_append(lines, line) else {
                isGood = false
                break
            }
            lines = longer
        }
        // An answer to "100 Continue" is not worth a second.
        lines = curl_slist_append(lines, "Expect:") ?? lines
        set(maitred_curl_set_list(easy, CURLOPT_HTTPHEADER, lines))
        set(maitred_curl_set_pointer(easy, CURLOPT_WRITEDATA, context))
        set(maitred_curl_set_pointer(easy, CURLOPT_HEADERDATA, context))
        set(maitred_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context))
        set(
            maitred_curl_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                Transfer.of(context).take(bytes, size * count)
            }
        )
        set(
            maitred_curl_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                Transfer.of(context).takeHeader(bytes, size * count)
            }
        )
        set(maitred_curl_set_pointer(easy, CURLOPT_PREREQDATA, context))
        set(
            maitred_curl_set_before(easy) { context, address, _, _, _ in
                Transfer.of(context).mayAsk(at: address)
                    ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            }
        )
        set(
            maitred_curl_set_opener(easy) { context, _, address in
                Transfer.of(context).socket(for: address)
            }
        )
        guard isGood else {
            finish(.failure(.notAllowed("the request cannot be written as HTTP")))
            release()
            return nil
        }
        return OpaquePointer(easy)
    }

    /// What curl calls back with points to a transfer that the loop keeps until it has ended.
    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer {
        guard let context else { preconditionFailure("curl forgot its context") }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    private func take(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, bodyBytes + count <= limit else {
            own = .tooLarge
            return 0
        }
        bodyBytes += count
        hasBegun.store(true, ordering: .relaxed)
        let buffer = UnsafeRawBufferPointer(start: bytes, count: count)
        if let piece, isSuccess { piece(Array(buffer)) } else { body.append(contentsOf: buffer) }
        return count
    }

    private var isSuccess: Bool {
        guard let easy else { return false }
        return (200..<300).contains(maitred_curl_status(UnsafeMutableRawPointer(easy)))
    }

    /// Whether the first piece of the body is still awaited; any thread.
    var isSilent: Bool { !hasBegun.load(ordering: .relaxed) }

    private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        headerBytes += count
        guard let bytes, headerBytes <= Self.headerLimit else {
            own = .tooLarge
            return 0
        }
        let line = String(
            decoding: UnsafeRawBufferPointer(start: bytes, count: count),
            as: UTF8.self
        )
        // Each status line begins anew: an interim answer's headers are not the answer's.
        if line.hasPrefix("HTTP/") {
            headers = []
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespacesAndNewlines
            )
            headers.append((line[..<colon].lowercased(), value))
        }
        return count
    }

    /// The socket for the address that is about to be connected to; none when it may not be reached.
    private func socket(
        for address: UnsafeMutablePointer<curl_sockaddr>?
    ) -> curl_socket_t {
        guard let address else { return maitred_curl_no_socket }
        let isAllowed =
            list.allowsPrivateAddresses || AddressRule.isPublic(maitred_curl_address(address))
        guard isAllowed else {
            own = .addressRefused
            return maitred_curl_no_socket
        }
        own = nil
        let flags = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return Glibc.socket(address.pointee.family, flags, address.pointee.protocol)
    }

    /// Whether a connection leads where this request may go: one that was kept was opened for another.
    private func mayAsk(at address: UnsafeMutablePointer<CChar>?) -> Bool {
        if list.allowsPrivateAddresses { return true }
        guard let address, AddressRule.isPublic(String(cString: address)) == true else {
            own = .addressRefused
            return false
        }
        return true
    }

    /// What came of it.
    func settle(_ code: CURLcode) {
        defer { release() }
        guard let easy else { return }
        if code == CURLE_OK {
            finish(
                .success(
                    IncomingResponse(
                        status: maitred_curl_status(UnsafeMutableRawPointer(easy)),
                        headers: headers,
                        body: body
                    )
                )
            )
            return
        }
        finish(.failure(own ?? Self.failure(code)))
    }

    private static func failure(_ code: CURLcode) -> EgressFailure {
        let text = String(cString: curl_easy_strerror(code))
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .unknownHost
        case CURLE_OPERATION_TIMEDOUT: .deadline
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            .untrusted(text)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: .notAllowed(text)
        default: .unreachable(text)
        }
    }

    /// Gives curl's memory back; the loop has taken the handle out before.
    func release() {
        if let easy { curl_easy_cleanup(UnsafeMutableRawPointer(easy)) }
        easy = nil
        curl_slist_free_all(lines)
        lines = nil
    }
}
