import CBench
import JSONCoding

/// A server under measurement: maitred, one of its references, or a peer.
protocol Subject: AnyObject {
    var process: ChildProcess { get }
    var port: Int { get }
    /// How the load client speaks to it.
    var dialect: bench_dialect { get }

    /// Opens `count` customers, each in a conversation of its own that one agent is subscribed to,
    /// ready to send.
    func openConversations(_ count: Int, on load: LoadClient) throws
}

/// A server whose silent sessions are measured too.
protocol IdleSubject: Subject {
    /// Opens `count` sessions that say nothing and answer pings.
    func openIdle(_ count: Int, on load: LoadClient) throws
}

extension Subject {
    var dialect: bench_dialect { bench_dialect_maitred }

    func makeClient() throws -> LoadClient {
        try LoadClient(port: port, server: process, dialect: dialect)
    }

    /// A client with `count` conversations open.
    func makeClient(conversations count: Int) throws -> LoadClient {
        let load = try makeClient()
        try openConversations(count, on: load)
        return load
    }
}

/// What the customers say: as long as a message to support usually is.
enum Message {
    static let text =
        "Hello, since this morning I cannot download the invoice for October: the page loads for a"
        + " while and then says that something went wrong. Could you have a look?"
}
