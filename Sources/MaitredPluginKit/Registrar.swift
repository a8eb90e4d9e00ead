// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a plugin says which of its functions answer which calls of the server.
public struct Registrar {
    /// Answers one method: JSON in, JSON out, nothing out when there is nothing to say.
    typealias Handler = @Sendable (Data) async throws -> Data

    /// By method, as the server names them: `hook/conversation.opened`.
    private(set) var handlers: [String: Handler] = [:]

    /// Supplies facts to conversations.
    ///
    /// The answer is wanted within the hook's deadline; a later one is dropped, its task cancelled.
    /// Calls run side by side, as many as the manifest's `limits.concurrency` says.
    /// - Parameters:
    ///   - hook: When to supply them; also named under `contributes.hooks` in the manifest.
    ///   - facts: Returns nil when it knows nothing; throws ``PluginFailure`` or any other error.
    public mutating func enrich<Input>(
        _ hook: Hook<Input>,
        _ facts: @escaping @Sendable (Input) async throws -> Facts?
    ) {
        answer("hook/\(hook.name)") { (input: Input) in
            try await facts(input)?.json ?? Data()
        }
    }

    /// The shape that every kind of contribution takes: decode, work, encode.
    private mutating func answer<Input: Decodable & Sendable>(
        _ method: String,
        _ work: @escaping @Sendable (Input) async throws -> Data
    ) {
        handlers[method] = { bytes in
            try await work(JSONInput.decode(Input.self, from: bytes))
        }
    }
}

/// Reads what the server sends.
enum JSONInput {
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: bytes)
        } catch let error as DecodingError {
            throw PluginFailure(.invalid, Self.describe(error))
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "\(path(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context), .typeMismatch(_, let context):
            "\(path(context.codingPath)): \(context.debugDescription)"
        case .dataCorrupted(let context):
            "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            "not the expected JSON"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "the value" : keys.map(\.stringValue).joined(separator: ".")
    }
}
