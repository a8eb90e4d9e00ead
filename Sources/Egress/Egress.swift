import CLibCurl
import Foundation
import Glibc
import Synchronization

/// Outgoing HTTP: the only way from here to other servers.
///
/// What may be asked is an ``AllowList``; the address that is really connected to is vetted too. Redirects
/// are answers like any other: following one would be another request. Responses are whole and
/// bounded, and nothing waits longer than its deadline. Proxies of the environment, cookies and
/// `.netrc` are left alone.
///
/// One thread drives all transfers through curl's multi interface; connections are kept between
/// requests.
///
/// ## Topics
/// - ``OutgoingRequest``
/// - ``IncomingResponse``
/// - ``AllowList``
/// - ``EgressFailure``
package final class Egress: Sendable {
    /// Bytes of a response's body, unless the request says otherwise.
    package static let bodyLimit = 1 << 20

    private let loop: TransferLoop

    package init() {
        _ = Self.isReady
        loop = TransferLoop()
    }

    deinit { loop.close() }

    /// curl wants to be set up once in a process, before its first use.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Ends every transfer; nothing is sent any more.
    package func close() { loop.close() }

    /// Sends a request and returns the whole response, whatever its status.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - list: Where it may go.
    ///   - deadline: How long it may take in all.
    ///   - limit: The most bytes of a body that are taken.
    ///   - firstByte: How long the body may take to begin; nil for as long as the whole.
    ///   - piece: Is handed each piece of a successful response's body as it comes, on the client's
    ///     own thread, which it must not keep; the response's body is empty then.
    /// - Returns: The response.
    /// - Throws: ``EgressFailure``.
    package func send(
        _ request: OutgoingRequest,
        allowing list: AllowList,
        deadline: Duration = .seconds(10),
        limit: Int = Egress.bodyLimit,
        firstByte: Duration? = nil,
        piece: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws(EgressFailure) -> IncomingResponse {
        try list.check(request.url)
        try request.check()
        let transfer = Transfer(request, list, limit: limit, piece: piece)
        let patience = firstByte.map { period in
            Task { [loop] in
                try await Task.sleep(for: period)
                if transfer.isSilent { loop.cancel(transfer, because: .deadline) }
            }
        }
        defer { patience?.cancel() }
        let result: Result<IncomingResponse, EgressFailure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.onEnd { continuation.resume(returning: $0) }
                loop.begin(transfer, within: deadline)
            }
        } onCancel: {
            loop.cancel(transfer)
        }
        return try result.get()
    }
}
