import Egress
import JSONCoding
import Synchronization

/// Lets a plugin's requests out and writes them down with their answers, as ``RecordedHTTP`` reads them.
///
/// Nothing that was secret is written: headers of requests are left out but for those that describe
/// the body, and real secrets give way to the ones that the fixture has in their place.
final class HTTPRecorder: HTTPSender {
    private static let requestHeaders: Set = ["accept", "content-type", "if-match"]
    private static let responseHeaders: Set = [
        "content-type", "etag", "link", "location", "retry-after",
    ]

    private let egress: Egress
    private let replacements: [(real: String, shown: String)]
    private let kept = Mutex<[JSON]>([])

    /// `replacements`: real secrets with what is written in their place.
    init(_ egress: Egress, replacing replacements: [(real: String, shown: String)]) {
        self.egress = egress
        self.replacements = replacements.sorted { $0.real.utf8.count > $1.real.utf8.count }
    }

    /// The `http` of a fixture, in the order of the answers.
    var entries: [JSON] { kept.withLock { $0 } }

    func send(
        _ request: OutgoingRequest,
        allowing list: AllowList,
        deadline: Duration,
        limit: Int,
        firstByte: Duration?,
        piece: (@Sendable ([UInt8]) -> Void)?
    ) async throws(EgressFailure) -> IncomingResponse {
        let streamed = Pieces()
        let response = try await egress.send(
            request,
            allowing: list,
            deadline: deadline,
            limit: limit,
            firstByte: firstByte,
            piece: piece.map { streamed.copying($0) }
        )
        let body = response.body + streamed.all
        var asked: JSON.Object = [
            "method": .string(request.method), "url": .string(shown(request.url)),
        ]
        let headers = request.headers.filter { Self.requestHeaders.contains($0.name.lowercased()) }
        if !headers.isEmpty { asked["headers"] = written(headers) }
        if let sent = request.body { asked["body"] = written(sent) }
        var answered: JSON.Object = ["status": .int(Int64(response.status))]
        let told = response.headers.filter { Self.responseHeaders.contains($0.name.lowercased()) }
        if !told.isEmpty { answered["headers"] = written(told) }
        if !body.isEmpty { answered["body"] = written(body) }
        let entry: JSON = ["request": .object(asked), "response": .object(answered)]
        kept.withLock { $0.append(entry) }
        return response
    }

    /// The body of a response that came in pieces.
    private final class Pieces: Sendable {
        private let bytes = Mutex<[UInt8]>([])

        var all: [UInt8] { bytes.withLock { $0 } }

        func copying(
            _ piece: @escaping @Sendable ([UInt8]) -> Void
        ) -> @Sendable ([UInt8]) -> Void {
            { more in
                self.bytes.withLock { $0 += more }
                piece(more)
            }
        }
    }

    private func shown(_ text: String) -> String {
        replacements.reduce(text) { $0.replacing($1.real, with: $1.shown) }
    }

    private func written(_ headers: [(name: String, value: String)]) -> JSON {
        var json = JSON.Object()
        for (name, value) in headers { json[name.lowercased()] = .string(shown(value)) }
        return .object(json)
    }

    /// JSON as such, anything else as a text.
    private func written(_ body: [UInt8]) -> JSON {
        let text = shown(String(decoding: body, as: UTF8.self))
        if let json = try? JSON(parsing: Array(text.utf8)), json.stringValue == nil { return json }
        return .string(text)
    }
}
