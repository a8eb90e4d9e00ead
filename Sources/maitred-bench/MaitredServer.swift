import CBench
import Foundation
import JSONCoding
import Synchronization

/// The built maitred, serving a new workspace with one site, one agent and no intents, so that
/// every conversation goes to the queue and from there to the agent.
final class MaitredServer: IdleSubject {
    let process: ChildProcess
    let port: Int
    private let folder: TemporaryFolder
    private let site: String
    private static let origin = "http://shop.example"
    private static let email = "agent@shop.example"
    private static let password = "a password for measuring"
    private static let sessionWorkers = 8

    init(program: String) throws {
        let folder = try TemporaryFolder()
        let data = ["--data", folder.file("data")]
        func run(_ arguments: [String], input: String? = nil) throws -> String {
            try ChildProcess.run(
                [program] + arguments + data,
                input: input,
                errorPath: folder.file("errors")
            )
        }
        _ = try run(["init"])
        let added = try JSON(
            parsing: run(["site", "add", "Shop", "--origin", Self.origin, "--json"])
        )
        guard let key = added["key"]?.stringValue else {
            throw BenchError.unexpectedAnswer(to: "site add", added.text)
        }
        _ = try run(
            [
                "agent", "add", Self.email, "--name", "Ann", "--role", "agent",
                "--capacity", "2000", "--password-stdin",
            ],
            input: Self.password + "\n"
        )
        self.folder = folder
        site = key
        port = Int(bench_free_port())
        process = try ChildProcess(
            [program, "serve", "--listen", "127.0.0.1:\(port)"] + data,
            errorPath: folder.file("errors")
        )
        try process.waitUntilListening()
    }

    deinit { process.stop() }

    func openConversations(_ count: Int, on load: LoadClient) throws {
        try load.open(
            bench_role_customer,
            count: count,
            origin: Self.origin,
            hellos: makeSessions(count)
        )
        try load.open(
            bench_role_agent,
            count: 1,
            origin: "http://127.0.0.1:\(port)",
            hellos: [makeTicket()]
        )
        let agent = count
        _ = try load.ask(agent, "presence", id: "online", ["state": "online"])
        for customer in 0..<count {
            let started = try load.ask(
                customer,
                "msg.send",
                id: "start",
                ["cid": .string("start-\(UUID().uuidString)"), "text": "Hello, is anybody there?"]
            )
            guard let conversation = started["c"]?.stringValue else {
                throw BenchError.unexpectedAnswer(to: "msg.send", started.text)
            }
            _ = try load.ask(
                agent,
                "takeover",
                id: "take-\(customer)",
                conversation: conversation
            )
            load.prepare(customer, conversation: conversation, text: Message.text)
        }
    }

    func openIdle(_ count: Int, on load: LoadClient) throws {
        try openIdle(hellos: makeSessions(count), on: load)
    }

    func openIdle(hellos: [String], on load: LoadClient) throws {
        try load.open(bench_role_idle, count: hellos.count, origin: Self.origin, hellos: hellos)
    }

    /// Opens one connection after another, ending each as soon as it has been welcomed.
    func greetAndLeave(hellos: [String], on load: LoadClient) throws -> bench_opened {
        try load.open(
            bench_role_idle,
            count: hellos.count,
            origin: Self.origin,
            hellos: hellos,
            closing: true
        )
    }

    /// Opens widget sessions over HTTP; returns the frame that greets with each.
    func makeSessions(_ count: Int) throws -> [String] {
        let made = Mutex<[String]>([])
        let failure = Mutex<(any Error)?>(nil)
        let workers = min(count, Self.sessionWorkers)
        let (port, site) = (port, site)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            do {
                let share = count / workers + (worker < count % workers ? 1 : 0)
                let hellos = try Self.makeSessions(share, port: port, site: site)
                made.withLock { $0 += hellos }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return made.withLock { $0 }
    }

    private static func makeSessions(_ count: Int, port: Int, site: String) throws -> [String] {
        let http = try HTTPConnection(port: port)
        return try (0..<count).map { _ in
            let session = try http.post(
                "/v1/widget/sessions",
                ["site": .string(site)],
                headers: [("Origin", origin)],
                expecting: 201
            )
            guard let token = session["token"], let epoch = session["epoch"] else {
                throw BenchError.unexpectedAnswer(to: "POST /v1/widget/sessions", session.text)
            }
            let context: JSON = ["n": 1, "url_path": "/", "title": "Home"]
            let hello: JSON = [
                "t": "hello", "id": "h",
                "d": ["token": token, "context": context, "resume": [], "epoch": epoch],
            ]
            return hello.text
        }
    }

    /// Logs the agent in; returns the frame that greets with the ticket.
    private func makeTicket() throws -> String {
        let http = try HTTPConnection(port: port)
        let origin = ("Origin", "http://127.0.0.1:\(port)")
        let login = try http.post(
            "/v1/auth/login",
            ["email": .string(Self.email), "password": .string(Self.password)],
            headers: [origin]
        )
        let answer = login.status == 200 ? try JSON(parsing: login.body) : JSON.null
        guard let csrf = answer["csrf"]?.stringValue else {
            throw BenchError.http("POST /v1/auth/login", status: login.status, body: login.body)
        }
        let cookies = login.values(of: "set-cookie").compactMap { $0.split(separator: ";").first }
        let made = try http.post(
            "/v1/ws-tickets",
            [:],
            headers: [origin, ("Cookie", cookies.joined(separator: "; ")), ("X-CSRF-Token", csrf)],
            expecting: 201
        )
        guard let ticket = made["ticket"] else {
            throw BenchError.unexpectedAnswer(to: "POST /v1/ws-tickets", made.text)
        }
        let hello: JSON = ["t": "hello", "id": "h", "d": ["ticket": ticket, "feed": 0]]
        return hello.text
    }
}
