import CBench
import Foundation
import JSONCoding
import Synchronization

/// The built maitred, serving a new workspace with one site, one agent and no intents, so that
/// every conversation goes to the queue and from there to the agent.
final class MaitredServer: MaitredSubject {
    private(set) var process: ChildProcess
    let port: Int
    let isSecure: Bool
    private let folder: TemporaryFolder
    private let program: String
    private let serving: [String]
    let site: String
    static let origin = "http://shop.example"
    private static let email = "agent@shop.example"
    private static let onlooker = "onlooker@shop.example"
    private static let password = "a password for measuring"
    private static let sessionWorkers = 8

    /// Makes a workspace with an agent who has room for so many, and serves it, with further
    /// arguments for `serve` and settings of plugins if there are any,
    /// and intents as CSV.
    init(
        program: String,
        arguments: [String] = [],
        capacity: Int = 2000,
        plugins: JSON? = nil,
        intents: String? = nil,
        isSecure: Bool = false
    ) throws {
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
                "--capacity", "\(capacity)", "--password-stdin",
            ],
            input: Self.password + "\n"
        )
        if let intents {
            try intents.write(
                toFile: folder.file("intents.csv"),
                atomically: true,
                encoding: .utf8
            )
            _ = try run(["import", "intents", folder.file("intents.csv")])
        }
        if let plugins {
            try Data(plugins.text.utf8).write(
                to: URL(fileURLWithPath: folder.file("data/plugins.json"))
            )
        }
        self.folder = folder
        self.program = program
        site = key
        port = Int(bench_free_port())
        self.isSecure = isSecure
        var serving = [program, "serve", "--listen", "127.0.0.1:\(port)"] + arguments + data
        if isSecure {
            let files = try Certificate(in: folder)
            serving += ["--tls-certificate", files.certificate, "--tls-key", files.key]
        }
        self.serving = serving
        process = try ChildProcess(serving, errorPath: folder.file("errors"))
        try process.waitUntilListening()
    }

    deinit { process.stop() }

    private var scheme: String { isSecure ? "https" : "http" }

    /// Ends the server as a power cut would and starts it again on the same port.
    ///
    /// Returns the seconds until it listens.
    func killAndRestart() throws -> Double {
        process.kill()
        let time = try ContinuousClock().measure {
            process = try ChildProcess(serving, errorPath: folder.file("errors"))
            try process.waitUntilListening()
        }
        return time / .seconds(1)
    }

    /// Asks the running server about something, as an operator does; returns its JSON.
    func command(_ arguments: [String]) throws -> JSON {
        let data = ["--data", folder.file("data"), "--json"]
        return try JSON(
            parsing: ChildProcess.run(
                [program] + arguments + data,
                errorPath: folder.file("errors")
            )
        )
    }

    func startConversations(_ count: Int, on load: LoadClient) throws -> [OpenConversation] {
        let hellos = try makeSessions(count)
        try load.open(
            bench_role_customer,
            count: count,
            origin: Self.origin,
            hellos: hellos
        )
        let agent = count
        try openAgent(agent, as: bench_role_agent, on: load)
        return try hellos.enumerated().map { customer, hello in
            let started = try load.ask(
                customer,
                "msg.send",
                id: "start",
                ["cid": .string("start-\(UUID().uuidString)"), "text": "Hello, is anybody there?"]
            )
            guard let conversation = started["c"]?.stringValue,
                let sequence = started["d"]?["s"]?.intValue
            else {
                throw BenchError.unexpectedAnswer(to: "msg.send", started.text)
            }
            _ = try load.ask(
                agent,
                "takeover",
                id: "take-\(customer)",
                conversation: conversation
            )
            load.prepare(customer, conversation: conversation, text: Message.text)
            return OpenConversation(id: conversation, sequence: sequence, hello: hello)
        }
    }

    /// Opens the agent's console as the connection with this number and says that they are there.
    func openAgent(_ number: Int, as role: bench_role, on load: LoadClient) throws {
        try load.open(
            role,
            count: 1,
            origin: "\(scheme)://127.0.0.1:\(port)",
            hellos: [makeTicket()]
        )
        _ = try load.ask(number, "presence", id: "online", ["state": "online"])
    }

    /// Opens so many consoles of somebody who has no conversation, and hears of all in the list.
    func openOnlookers(_ count: Int, on load: LoadClient) throws {
        guard count > 0 else { return }
        _ = try ChildProcess.run(
            [program, "agent", "add", Self.onlooker, "--name", "Ben", "--password-stdin"]
                + ["--data", folder.file("data")],
            input: Self.password + "\n",
            errorPath: folder.file("errors")
        )
        try load.open(
            bench_role_idle,
            count: count,
            origin: "\(scheme)://127.0.0.1:\(port)",
            hellos: (0..<count).map { _ in try makeTicket(for: Self.onlooker) }
        )
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
        let (port, isSecure, site) = (port, isSecure, site)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            do {
                let share = count / workers + (worker < count % workers ? 1 : 0)
                let hellos = try Self.makeSessions(
                    share,
                    port: port,
                    isSecure: isSecure,
                    site: site
                )
                made.withLock { $0 += hellos }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return made.withLock { $0 }
    }

    private static func makeSessions(
        _ count: Int,
        port: Int,
        isSecure: Bool,
        site: String
    ) throws -> [String] {
        let http = try HTTPConnection(port: port, isSecure: isSecure)
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
    private func makeTicket(for email: String = email) throws -> String {
        let http = try HTTPConnection(port: port, isSecure: isSecure)
        let origin = ("Origin", "\(scheme)://127.0.0.1:\(port)")
        let login = try http.post(
            "/v1/auth/login",
            ["email": .string(email), "password": .string(Self.password)],
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
