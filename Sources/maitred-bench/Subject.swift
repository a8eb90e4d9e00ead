import CBench
import JSONCoding

/// A server under measurement: maitred, one of its references, or a peer.
protocol Subject: AnyObject {
    var process: ChildProcess { get }
    var port: Int { get }
    /// How the load client speaks to it.
    var dialect: bench_dialect { get }
    /// Whether it serves TLS.
    var isSecure: Bool { get }

    /// Opens `count` customers, each in a conversation of its own that one agent is subscribed to,
    /// ready to send.
    func openConversations(_ count: Int, on load: LoadClient) throws
}

/// A server that speaks maitred's protocol: more than messages is measured on it.
protocol MaitredSubject: Subject {
    /// Opens `count` customers as ``Subject/openConversations(_:on:)`` does; returns what they are in.
    func startConversations(_ count: Int, on load: LoadClient) throws -> [OpenConversation]

    /// Opens `count` sessions that say nothing and answer pings.
    func openIdle(_ count: Int, on load: LoadClient) throws
}

extension MaitredSubject {
    var dialect: bench_dialect { bench_dialect_maitred }

    func openConversations(_ count: Int, on load: LoadClient) throws {
        _ = try startConversations(count, on: load)
    }
}

extension Subject {
    var isSecure: Bool { false }

    func makeClient() throws -> LoadClient {
        try LoadClient(port: port, dialect: dialect, isSecure: isSecure, server: process)
    }

    /// A client with `count` conversations open.
    func makeClient(conversations count: Int) throws -> LoadClient {
        let load = try makeClient()
        try openConversations(count, on: load)
        return load
    }
}

/// A conversation that a customer of the load client is in.
struct OpenConversation {
    var id: String
    /// The last event that the customer is known to have.
    var sequence: Int
    /// The frame that the customer greeted with.
    var hello: String

    /// The frame with which they come back.
    func helloAgain() throws -> String {
        var frame = try JSON(parsing: hello).objectValue ?? [:]
        var details = frame["d"]?.objectValue ?? [:]
        details["resume"] = [["c": .string(id), "s": .int(Int64(sequence))]]
        frame["d"] = .object(details)
        return JSON.object(frame).text
    }
}

/// What the customers say: as long as a message to support usually is.
enum Message {
    static let text =
        "Hello, since this morning I cannot download the invoice for October: the page loads for a"
        + " while and then says that something went wrong. Could you have a look?"
}
