import JSONCoding
import Model

/// Somebody in a script, with what their browser would remember.
struct ScenePerson: Sendable {
    enum Role: Sendable { case customer, agent }

    let name: String
    let role: Role
    /// Where their pages come from.
    let origin: String
    var email = ""
    var password = ""
    var cookie: String?
    var csrf: String?
    var token: String?
    var visitor: String?
    var epoch: String?

    private(set) var connection: LoopbackConnection?
    /// Every connection so far, the present one last.
    private(set) var connections: [LoopbackConnection] = []
    /// Frames of the present connection that the script has asked for.
    var consumed: Set<Int> = []
    var requests = 0
    var lastRequest: String?
    var answer: (status: Int, body: JSON)?
    /// What each connection already knew when it was opened.
    private var knownBefore: [[String: Int]] = []

    init(name: String, role: Role, origin: String) {
        self.name = name
        self.role = role
        self.origin = origin
    }

    mutating func enter(_ connection: LoopbackConnection, resuming: Bool) {
        knownBefore.append(resuming ? lastSeen : [:])
        self.connection = connection
        connections.append(connection)
        consumed = []
    }

    mutating func nextRequest() -> String {
        requests += 1
        lastRequest = "\(name)-\(requests)"
        return "\(name)-\(requests)"
    }

    /// The number of the last event seen in each conversation.
    var lastSeen: [String: Int] {
        var seen: [String: Int] = [:]
        for frame in connections.flatMap(\.frames) {
            guard let c = frame["c"]?.stringValue, let s = frame["s"]?.intValue else { continue }
            seen[c] = max(seen[c] ?? 0, s)
        }
        return seen
    }

    /// The log position of the last row seen.
    var feed: Int {
        connections.flatMap(\.frames).compactMap { $0["f"]?.intValue }.max() ?? 0
    }

    // MARK: - What must always hold

    /// The first durable event that came with a gap before it or twice; nil when there is none.
    ///
    /// A conversation may begin anywhere for somebody who asked for events after a number.
    var gap: String? {
        for (connection, known) in zip(connections, knownBefore) {
            var last = known
            for frame in connection.frames {
                guard let c = frame["c"]?.stringValue, let s = frame["s"]?.intValue,
                    let p = frame["p"]?.intValue
                else { continue }
                if let before = last[c], s > before, p != before {
                    return "\(name) has event \(before) of \(c) and got \(s), which follows \(p)"
                }
                last[c] = max(last[c] ?? 0, s)
            }
        }
        return nil
    }
}
