// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The one plugin of this library while it runs: its handlers and the tasks of open calls.
final class Runtime: Sendable {
    /// Makes the plugin from a configuration and returns what it registered.
    typealias Factory = @Sendable (Host, Data) async throws -> [String: Registrar.Handler]

    private struct State {
        var handlers: [String: Registrar.Handler] = [:]
        var tasks: [CallToken: Task<Void, Never>] = [:]
    }

    private let host: Host
    private let factory: Factory
    private let state = Mutex(State())

    init(host: Host, factory: @escaping Factory) {
        self.host = host
        self.factory = factory
    }

    /// Serves start and configure: the new handlers take over only when the plugin could be made.
    func configure(_ call: CallToken, _ config: Data) {
        run(call) { [self] _ in
            let handlers = try await factory(host, config.isEmpty ? Data("{}".utf8) : config)
            state.withLock { $0.handlers = handlers }
            return Data()
        }
    }

    func invoke(_ call: CallToken, method: String, _ input: Data) {
        guard let handler = state.withLock({ $0.handlers[method] }) else {
            return host.complete(call, status: MAITRED_UNSUPPORTED, Data())
        }
        run(call) { [host] token in try await handler(input, Call(host, token, input)) }
    }

    func cancel(_ call: CallToken) {
        state.withLock { $0.tasks[call] }?.cancel()
    }

    private func run(
        _ call: CallToken,
        _ work: @escaping @Sendable (CallToken) async throws -> Data
    ) {
        // The lock is held while the task is made, so that it cannot end before it is noted.
        state.withLock { state in
            state.tasks[call] = Task { [self] in
                let (status, out) = await Self.outcome { try await work(call) }
                _ = self.state.withLock { $0.tasks.removeValue(forKey: call) }
                host.complete(call, status: status, out)
            }
        }
    }

    private static func outcome(
        of work: @Sendable () async throws -> Data
    ) async -> (Int32, Data) {
        do {
            return (MAITRED_OK, try await work())
        } catch is CancellationError {
            return (MAITRED_CANCELLED, Data())
        } catch let failure as PluginFailure {
            return (failure.status, message(failure.description))
        } catch {
            return (MAITRED_FAILED, message(String(describing: error)))
        }
    }

    private static func message(_ text: String) -> Data {
        (try? JSONEncoder().encode(["message": text])) ?? Data()
    }
}
