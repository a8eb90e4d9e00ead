import Desk
import Egress
import Foundation
import JSONCoding
import Logging
import Model
import Synchronization

/// A plugin at work without a server: the real host process, services from memory, a clock that can
/// be moved. `maitred plugin try` and `maitred plugin test` are faces of it.
package actor PluginBench {
    /// Which plugin, and how.
    package struct Options: Sendable {
        package var folder: String
        package var libraryFolders: [String]
        package var hostProgram: String
        package var config: JSON.Object
        package var allowsPrivateNetwork: Bool
        /// Says nothing on standard error.
        package var isQuiet = false
        /// Answers requests in other servers' place; nil lets them out.
        package var recording: (any HTTPSender)?

        package init(
            folder: String,
            libraryFolders: [String],
            hostProgram: String,
            config: JSON.Object,
            allowsPrivateNetwork: Bool
        ) {
            self.folder = folder
            self.libraryFolders = libraryFolders
            self.hostProgram = hostProgram
            self.config = config
            self.allowsPrivateNetwork = allowsPrivateNetwork
        }
    }

    private let host: PluginHost
    private let desk: BenchDesk
    private let clock: BenchClock
    private let id: String
    let manifest: PluginManifest
    private let emit: @Sendable (JSON) -> Void

    /// Reads the plugin's manifest and prepares its start.
    ///
    /// - Parameters:
    ///   - options: Which plugin, and how.
    ///   - emit: Is told of what the plugin does: `{"effect": {"method", "input"}}`.
    /// - Throws: Every fault of the bundle.
    package init(
        _ options: Options,
        emit: @escaping @Sendable (JSON) -> Void
    ) throws(PluginBundle.Broken) {
        let bundle = try PluginBundle(
            folder: options.folder,
            libraryFolders: options.libraryFolders
        )
        manifest = bundle.manifest
        id = manifest.id
        self.emit = emit
        clock = BenchClock()
        let services = PluginServices(
            egress: options.recording ?? Egress(),
            state: MemoryState(),
            clock: clock
        )
        desk = BenchDesk { method, input in
            emit(["effect": ["method": .string(method), "input": input]])
        }
        services.attach(desk)
        var setup = PluginHostOptions(
            bundles: [bundle],
            hostProgram: options.hostProgram,
            settings: [
                bundle.manifest.id: .init(
                    config: options.config,
                    allowsPrivateNetwork: options.allowsPrivateNetwork
                )
            ],
            baseFolder: FileManager.default.currentDirectoryPath
        )
        setup.restarts.limit = 1
        var logger = Logger(label: "plugin")
        if options.isQuiet { logger.logLevel = .critical }
        host = PluginHost(setup, services: services, logger: logger)
    }

    /// Starts the plugin: `{"ready": {…}}`, or `{"failed": "why"}`.
    package func start() async -> JSON {
        await host.start()
        guard let state = await host.states().first, state.status == .running else {
            let why = await host.states().first?.lastError ?? "it does not run"
            return ["failed": .string(why)]
        }
        return [
            "ready": [
                "id": .string(id), "version": .string(state.version),
                "sandbox": .string(state.sandbox?.extent.rawValue ?? "off"),
            ]
        ]
    }

    package func stop() async { await host.stop() }

    /// The time, as the plugin and the server's services see it.
    nonisolated var now: Timestamp { clock.now }

    /// Whether the plugin's process is the one it was: a crash makes another, or none.
    package func processID() async -> Int32? { await host.instance(id)?.processID }

    /// Rules of the interface that the plugin has broken, each once, in words; all of them once it
    /// has been stopped.
    func brokenRules() async -> [String] { await host.instance(id)?.brokenRules ?? [] }

    /// What went wrong with it last, in words.
    func lastError() async -> String? { await host.instance(id)?.lastError }

    /// The secret that a webhook's requests are signed with.
    func secret(_ webhook: PluginManifest.Webhook) async -> String? {
        let grant = await host.instance(id)?.grant
        return webhook.secret.flatMap { grant?.secrets[$0] }
    }

    /// Answers one line of a user: `{"output": …}` or `{"error": {code, status, message}}`, with
    /// the line's `id`.
    package func answer(_ line: JSON) async -> JSON {
        var answer: JSON.Object = [:]
        answer["id"] = line["id"]
        do throws(PluginError) {
            answer["output"] = try await output(line)
        } catch {
            var fault: JSON.Object = [
                "code": .string(error.code), "message": .string(error.description),
            ]
            if case .failed(let status, _) = error { fault["status"] = .int(Int64(status)) }
            answer["error"] = .object(fault)
        }
        return .object(answer)
    }

    private func output(_ line: JSON) async throws(PluginError) -> JSON {
        if let conversation = line["conversation"] {
            desk.enter(conversation: conversation)
        } else if let contact = line["contact"] {
            desk.enter(contact: contact)
        } else if let milliseconds = line["advance_ms"]?.intValue {
            clock.advance(by: .milliseconds(milliseconds))
            await host.instance(id)?.moveClock(ahead: clock.advance)
            await host.remindAll(at: clock.now)
        } else if let webhook = line["webhook"] {
            return try await self.webhook(webhook)
        } else if let method = line["call"]?.stringValue {
            let deadline = Duration.milliseconds(line["deadline_ms"]?.intValue ?? 10_000)
            return try await call(method, line["input"] ?? .object([:]), deadline, line["id"])
        } else {
            throw .malformed("a line has call, webhook, conversation, contact or advance_ms")
        }
        return .null
    }

    private func call(
        _ method: String,
        _ input: JSON,
        _ deadline: Duration,
        _ number: JSON?
    ) async throws(PluginError) -> JSON {
        let input = try checked(method, named(input))
        let answer = try await host.call(id, method, input, deadline: deadline) { [emit] part in
            let json = (try? JSON(parsing: part)) ?? .null
            emit(["id": number ?? .null, "part": json])
        }
        return answer
    }

    /// An action's input as the server would check and complete it.
    private func checked(_ method: String, _ input: JSON) throws(PluginError) -> JSON {
        guard method.hasPrefix("action/"), var envelope = input.objectValue,
            let action = manifest.actions.first(where: { $0.method == method })
        else { return input }
        do throws(PluginManifest.Faults) {
            let given = envelope["input"]?.objectValue ?? [:]
            envelope["input"] = .object(try action.input.check(given, path: "input"))
        } catch {
            throw .failed(status: 2, message: error.list.joined(separator: "; "))
        }
        return .object(envelope)
    }

    /// An action's input, checked and complete, without calling anybody.
    package func checked(action: String, _ input: JSON) throws(PluginError) -> JSON {
        guard manifest.actions.contains(where: { $0.name == action }) else {
            throw .failed(status: 3, message: "there is no action \(action)")
        }
        return try checked("action/\(action)", ["input": input])["input"] ?? .null
    }

    /// Short names of conversations become ids, as the plugin would be told.
    private func named(_ input: JSON) -> JSON {
        guard var object = input.objectValue, let name = object["conversation"]?.stringValue else {
            return input
        }
        object["conversation"] = .string(BenchDesk.id(name).description)
        return .object(object)
    }

    /// The body of another server's request: a text as it is, any other value written as JSON.
    static func body(of webhook: JSON) -> String {
        webhook["body"].map { $0.stringValue ?? $0.text } ?? ""
    }

    private func webhook(_ json: JSON) async throws(PluginError) -> JSON {
        var headers: [String: String] = [:]
        for (name, value) in json["headers"]?.objectValue?.members ?? [] {
            headers[name.lowercased()] = value.stringValue
        }
        let reply = await host.receive(
            PluginWebhook(
                plugin: id,
                path: json["path"]?.stringValue ?? "",
                method: json["method"]?.stringValue ?? "POST",
                query: json["query"]?.stringValue ?? "",
                headers: headers,
                body: Array(Self.body(of: json).utf8)
            )
        )
        return [
            "status": .int(Int64(reply.status)),
            "body": .string(String(decoding: reply.body, as: UTF8.self)),
        ]
    }
}

/// The system's clock, moved forward as told.
final class BenchClock: WallClock {
    private let ahead = Mutex(Duration.zero)
    private let system = SystemClock()

    func advance(by duration: Duration) { ahead.withLock { $0 += duration } }

    /// How far it is ahead of the system's.
    var advance: Duration { ahead.withLock { $0 } }

    var now: Timestamp { system.now + ahead.withLock { $0 } }
    var steady: SteadyTime { system.steady + ahead.withLock { $0 } }

    func sleep(until deadline: SteadyTime) async throws {
        try await system.sleep(until: deadline + (.zero - ahead.withLock { $0 }))
    }
}
