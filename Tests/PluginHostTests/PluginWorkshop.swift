import Desk
import Egress
import Foundation
import Glibc
import JSONCoding
import Logging
import Model
import PluginHost
import Synchronization
import Testing

/// Builds plugins as a third party would: in a folder, with nothing but `cc` and the header.
final class PluginWorkshop: Sendable {
    let folder: String
    var bundles: String { "\(folder)/bundles" }

    private init() throws {
        let name = "maitred-plugins-\(UInt64.random(in: 0...UInt64.max))"
        folder = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(
            atPath: "\(folder)/bundles",
            withIntermediateDirectories: true
        )
    }

    /// Runs a test with a workshop, and clears it away.
    static func with(_ body: (PluginWorkshop) async throws -> Void) async throws {
        let workshop = try PluginWorkshop()
        defer { try? FileManager.default.removeItem(atPath: workshop.folder) }
        try await body(workshop)
    }

    /// The folder of the package.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The folder of the programs and libraries built with the tests.
    static let products =
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    /// A manifest that contributes `conversation.opened`.
    static func manifest(_ name: String, with changes: JSON.Object = [:]) -> JSON {
        var manifest: JSON.Object = [
            "id": .string("test.\(name)"), "name": .string(name), "version": "1.0.0", "abi": 1,
            "entry": .string("lib\(name).so"),
            "contributes": [
                "hooks": [["on": "conversation.opened", "mode": "enrich", "deadline_ms": 10000]]
            ],
            "limits": ["concurrency": 4, "memory_mb": 64],
        ]
        manifest.merge(changes)
        return .object(manifest)
    }

    /// Writes a plugin around C code that says what to do on INVOKE and may define START, CANCEL and
    /// DRAIN; compiles it and returns its id.
    @discardableResult
    func build(
        _ name: String,
        manifest: JSON? = nil,
        _ code: String
    ) async throws -> String {
        let manifest = manifest ?? Self.manifest(name)
        let bundle = "\(bundles)/\(name)"
        try FileManager.default.createDirectory(
            atPath: bundle,
            withIntermediateDirectories: true
        )
        try write(manifest.text, to: "\(bundle)/plugin.json")
        let source = Self.source(code, manifest: manifest)
        try write(source, to: "\(bundle)/\(name).c")
        let library = try await Self.compiled.withLock { compiled in
            let known = compiled[source] ?? Task { try await self.compiled("\(bundle)/\(name).c") }
            compiled[source] = known
            return known
        }.value
        try library.write(to: URL(filePath: "\(bundle)/lib\(name).so"))
        return manifest["id"]?.stringValue ?? ""
    }

    /// Libraries by their source: many tests build the same one, and the compiler takes its time.
    private static let compiled = Mutex<[String: Task<Data, any Error>]>([:])

    private func compiled(_ source: String) async throws -> Data {
        try await compile(source, to: "\(source).so")
        return try Data(contentsOf: URL(filePath: "\(source).so"))
    }

    func compile(_ source: String, to library: String) async throws {
        try await run([
            "cc", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-pthread", "-shared",
            "-fPIC", "-I\(Self.root)/Sources/CMaitredPlugin/include", source, "-o", library,
        ])
    }

    /// Runs a program, which must succeed.
    func run(_ command: [String]) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let status = try await withCheckedThrowingContinuation { waiter in
            process.terminationHandler = { waiter.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { waiter.resume(throwing: error) }
        }
        try #require(status == 0)
    }

    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// Options that notice trouble within a fraction of a second.
    func options(_ settings: [String: PluginHostOptions.Setting]) -> PluginHostOptions {
        var options = PluginHostOptions(
            bundleFolders: [bundles],
            libraryFolders: [Self.products],
            hostProgram: "\(Self.products)/maitred-plugin-host",
            settings: settings,
            baseFolder: folder
        )
        options.restarts.firstDelay = .milliseconds(10)
        options.heartbeat = .milliseconds(100)
        options.heartbeatLimit = .seconds(3)
        options.hangLimit = .milliseconds(300)
        options.startLimit = .seconds(5)
        options.drainLimit = .seconds(2)
        return options
    }

    /// A host with all of the given plugins switched on and started.
    func host(
        _ ids: [String],
        services: PluginServices = PluginWorkshop.services(),
        _ change: (inout PluginHostOptions) -> Void = { _ in }
    ) async -> PluginHost {
        var options = options(
            Dictionary(uniqueKeysWithValues: ids.map { ($0, PluginHostOptions.Setting()) })
        )
        change(&options)
        let host = PluginHost(options, services: services, logger: Self.quiet)
        await host.start()
        return host
    }

    /// Services that remember only as long as the test.
    static func services(
        _ state: any IntegrationState = MemoryState(),
        clock: any WallClock = SystemClock(),
        desk: PlayedDesk? = nil
    ) -> PluginServices {
        let services = PluginServices(egress: Egress(), state: state, clock: clock)
        if let desk { services.attach(desk) }
        return services
    }

    /// Processes that run plugins of this workshop.
    var processes: [Int32] {
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return ids.compactMap { Int32($0) }.filter { id in
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return arguments.first?.hasSuffix("maitred-plugin-host") == true
                && arguments.contains { $0.hasPrefix(folder) }
        }
    }

    static func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 }

    /// Waits until something is so; gives up after ten seconds.
    static func until(
        _ isSo: () -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        if try await wait(for: .seconds(10), until: isSo) { return }
        Issue.record("it never was so", sourceLocation: sourceLocation)
    }

    /// Waits until something is so, or for so long; whether it was.
    @discardableResult
    static func wait(for limit: Duration, until isSo: () -> Bool) async throws -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + limit
        while clock.now < end {
            if isSo() { return true }
            try await clock.sleep(for: .milliseconds(2))
        }
        return false
    }

    static let quiet = Logger(label: "plugins") { _ in SwiftLogNoOpLogHandler() }

    private static func source(_ code: String, manifest: JSON) -> String {
        """
        #define _GNU_SOURCE
        #include <maitred_plugin.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <pthread.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        static const maitred_host *host;
        static inline maitred_slice slice(const char *text) {
            return (maitred_slice){(const uint8_t *)text, strlen(text)};
        }
        #define INVOKE static void invoke( \\
            maitred_plugin *p, maitred_call *call, const char *method, maitred_slice in)
        static inline void answer(maitred_call *call, const char *json) {
            host->complete(host, call, MAITRED_OK, slice(json));
        }
        /* Asks a service: "maitred.kv/1". */
        static inline int32_t ask(
            maitred_call *call, const char *service, const char *method, const char *json,
            maitred_answered answered, void *context) {
            const maitred_service_1 *found = host->get_service(host, service);
            if (!found) return -1;
            return found->ask(host, found, call, method, slice(json), answered, context);
        }
        /* Writes a line into the plugin's journal. */
        static inline void say(const char *text) {
            const maitred_log_1 *log = host->get_service(host, MAITRED_LOG_SERVICE);
            log->write(host, MAITRED_LOG_INFO, slice(text), (maitred_slice){0});
        }
        /* A member that is a text without escapes; empty when there is none. */
        static inline char *member(maitred_slice in, const char *name) {
            char key[64];
            int length = snprintf(key, sizeof key, "\\"%s\\":\\"", name);
            char *start = memmem(in.ptr, in.len, key, (size_t)length);
            if (!start) return strdup("");
            start += length;
            char *end = memchr(start, '"', (size_t)((char *)in.ptr + in.len - start));
            return strndup(start, end ? (size_t)(end - start) : 0);
        }
        \(code)
        #ifndef START
        #define START NULL
        #endif
        #ifndef CANCEL
        #define CANCEL NULL
        #endif
        #ifndef DRAIN
        #define DRAIN NULL
        #endif
        static maitred_plugin plugin = {
            .size = sizeof plugin, .start = START, .invoke = invoke, .cancel = CANCEL,
            .drain = DRAIN};
        static maitred_plugin *create(const maitred_host *given, const char *id) {
            host = given;
            return &plugin;
        }
        static const char manifest[] = \(JSON.string(manifest.text).text);
        static const maitred_entry entry = {
            .size = sizeof entry, .abi_major = 1,
            .manifest = {(const uint8_t *)manifest, sizeof manifest - 1}, .create = create};
        const maitred_entry *maitred_plugin_entry(uint32_t major) { return &entry; }
        """
    }
}

extension PluginHost {
    /// Asks everyone as a conversation does.
    func ask(
        _ contact: JSON = ["email": "ada@example.com"],
        within deadline: Duration = .seconds(5)
    ) async -> [EnrichResult] {
        await enrich(
            hook: "conversation.opened",
            deadline: deadline
        ) { _ in ["conversation": "conv_1", "contact": contact] }
    }

    /// What a plugin has written with `say`, oldest first.
    func said(by id: String) -> [String] {
        let lines = lines(of: id) ?? []
        let start = "plugin says: : "
        return lines.filter { $0.text.hasPrefix(start) }
            .map { String($0.text.dropFirst(start.count)) }
    }

    /// Waits until a plugin has written so many lines; gives up after ten seconds.
    func waitUntilSaid(
        by id: String,
        _ count: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for _ in 0..<5000 {
            if said(by: id).count >= count { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        Issue.record("\(id) said only \(said(by: id))", sourceLocation: sourceLocation)
    }

    func state(of id: String) async throws -> PluginState {
        try #require(await states().first { $0.id == id })
    }

    /// Waits until a plugin's state is as wanted; gives up after ten seconds.
    func waitFor(
        _ id: String,
        _ isWanted: (PluginState) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(10)
        while clock.now < limit {
            if isWanted(try await state(of: id)) { return }
            try await clock.sleep(for: .milliseconds(2))
        }
        let state = try await state(of: id)
        Issue.record("\(id) stays \(state)", sourceLocation: sourceLocation)
    }

    /// Waits until the process that takes calls is another one.
    func waitForProcess(of id: String, otherThan old: Int32?) async throws {
        for _ in 0..<5000 {
            if let new = await instance(id)?.processID, new != old { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        Issue.record("\(id) did not come back")
    }
}
