import Egress
import Foundation
import Glibc
import JSONCoding
import Logging
import PluginHost
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

    /// Writes a plugin around C code that says what to do on INVOKE and may define START and
    /// CANCEL; compiles it and returns its id.
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
        try await compile("\(bundle)/\(name).c", to: "\(bundle)/lib\(name).so")
        return manifest["id"]?.stringValue ?? ""
    }

    func compile(_ source: String, to library: String) async throws {
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = [
            "cc", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-pthread", "-shared",
            "-fPIC", "-I\(Self.root)/Sources/CMaitredPlugin/include", source, "-o", library,
        ]
        let status = try await withCheckedThrowingContinuation { waiter in
            compiler.terminationHandler = { waiter.resume(returning: $0.terminationStatus) }
            do { try compiler.run() } catch { waiter.resume(throwing: error) }
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
        _ change: (inout PluginHostOptions) -> Void = { _ in }
    ) async -> PluginHost {
        var options = options(
            Dictionary(uniqueKeysWithValues: ids.map { ($0, PluginHostOptions.Setting()) })
        )
        change(&options)
        let host = PluginHost(options, services: Self.services(), logger: Self.quiet)
        await host.start()
        return host
    }

    /// Services that remember only as long as the test.
    static func services(_ state: MemoryState = MemoryState()) -> PluginServices {
        PluginServices(egress: Egress(), state: state)
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
        \(code)
        #ifndef START
        #define START NULL
        #endif
        #ifndef CANCEL
        #define CANCEL NULL
        #endif
        static maitred_plugin plugin = {
            .size = sizeof plugin, .start = START, .invoke = invoke, .cancel = CANCEL};
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
