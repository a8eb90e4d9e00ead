import Egress
import JSONCoding
import Synchronization

/// Other servers' answers, written down beforehand: the `http` of a fixture.
///
/// Each request takes the first entry that fits and was not used; one that fits none fails, and is
/// told.
final class RecordedHTTP: HTTPSender {
    private struct State {
        var entries: [JSON]
        var misses: [String] = []
    }

    private let state: Mutex<State>

    init(_ entries: [JSON]) { state = Mutex(State(entries: entries)) }

    /// What was asked and not foreseen, and what was foreseen and not asked.
    var faults: [String] {
        state.withLock { state in
            state.misses
                + state.entries.map { entry in
                    let request = entry["request"]
                    return "never asked: \(request?["method"]?.stringValue ?? "GET") "
                        + (request?["url"]?.stringValue ?? "?")
                }
        }
    }

    func send(
        _ request: OutgoingRequest,
        allowing list: AllowList,
        deadline: Duration,
        limit: Int,
        firstByte: Duration?,
        piece: (@Sendable ([UInt8]) -> Void)?
    ) async throws(EgressFailure) -> IncomingResponse {
        try list.check(request.url)
        let entry = state.withLock { state -> JSON? in
            let index = state.entries.firstIndex { Self.fits($0["request"] ?? .null, request) }
            guard let index else {
                state.misses.append("not foreseen: \(request.method) \(request.url)")
                return nil
            }
            return state.entries.remove(at: index)
        }
        guard let response = entry?["response"] else {
            // Not a failure that may pass: trying again would only take time.
            throw .notAllowed("the fixture has no answer to this request")
        }
        let body = Self.bytes(response["body"] ?? .null)
        let headers = response["headers"]?.objectValue?.members ?? []
        let status = response["status"]?.intValue ?? 200
        if let piece, (200..<300).contains(status) {
            for start in stride(from: 0, to: body.count, by: 64) {
                piece(Array(body[start..<min(start + 64, body.count)]))
            }
        }
        return IncomingResponse(
            status: status,
            headers: headers.map { ($0.key.lowercased(), $0.value.stringValue ?? "") },
            body: piece == nil || !(200..<300).contains(status) ? body : []
        )
    }

    private static func fits(_ wanted: JSON, _ request: OutgoingRequest) -> Bool {
        if let method = wanted["method"]?.stringValue, method != request.method { return false }
        if let url = wanted["url"]?.stringValue, url != request.url { return false }
        for (name, value) in wanted["headers"]?.objectValue?.members ?? [] {
            let sent = request.headers.first { $0.name.lowercased() == name.lowercased() }
            guard sent?.value == value.stringValue else { return false }
        }
        guard let body = wanted["body"] else { return true }
        let sent = request.body ?? []
        if let text = body.stringValue { return Array(text.utf8) == sent }
        return (try? JSON(parsing: sent)).map { $0.includes(body) } ?? false
    }

    private static func bytes(_ body: JSON) -> [UInt8] {
        switch body {
        case .string(let text): Array(text.utf8)
        case .null: []
        default: body.bytes()
        }
    }
}

extension JSON {
    /// Whether everything that another value says is also said here: objects member by member, lists
    /// element by element.
    func includes(_ other: JSON) -> Bool {
        if let members = other.objectValue?.members {
            return members.allSatisfy { key, value in
                self[key].map { $0.includes(value) } ?? (value == .null)
            }
        }
        if let items = other.arrayValue {
            guard let own = arrayValue, own.count == items.count else { return false }
            return zip(own, items).allSatisfy { $0.includes($1) }
        }
        if let one = doubleValue, let two = other.doubleValue { return one == two }
        return self == other
    }
}
