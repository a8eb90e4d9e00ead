// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes a note once, though HubSpot knows no idempotency keys and answers get lost.
///
/// The store says how far it has come: nothing, the note's time while its fate is unknown, or its
/// id. Whoever finds a time looks on the contact's timeline for a note of that very millisecond
/// before it writes again.
struct NoteWriter: Sendable {
    let api: HubSpotAPI

    private static let keptFor = Duration.seconds(30 * 86_400)
    private static let done = "done "

    /// - Parameters:
    ///   - body: HTML.
    ///   - contact: The contact's id.
    ///   - time: Milliseconds since 1970; an earlier attempt's counts instead.
    ///   - key: What makes it the same note; nil writes a new one.
    ///   - call: On whose behalf.
    /// - Returns: The note's id.
    /// - Throws: ``PluginFailure``: a temporary one leaves it to a later attempt with the same key.
    func write(
        _ body: String,
        on contact: String,
        at time: Int,
        once key: String?,
        _ call: Call
    ) async throws -> String {
        guard let key else {
            let response = try await api.create(note: body, on: contact, at: time, call)
            return try Self.id(in: response)
        }
        var time = time
        if try await !call.store.add(key, String(time), for: Self.keptFor) {
            let state = try await call.store.get(key) ?? ""
            if state.hasPrefix(Self.done) { return String(state.dropFirst(Self.done.count)) }
            time = Int(state) ?? time
            if let id = try await earlier(on: contact, at: time, call) {
                try await finish(key, id, call)
                return id
            }
        }
        let id = try await attempt(body, on: contact, at: time, key, call)
        try await finish(key, id, call)
        return id
    }

    /// Writes it; what HubSpot has refused is forgotten, what may have happened is not.
    private func attempt(
        _ body: String,
        on contact: String,
        at time: Int,
        _ key: String,
        _ call: Call
    ) async throws -> String {
        let response: HTTPResponse
        do {
            response = try await api.create(note: body, on: contact, at: time, call)
        } catch let failure as PluginFailure where failure.kind == .invalid {
            // The host has not sent it.
            try await call.store.remove(key)
            throw failure
        }
        if (400..<500).contains(response.status) { try await call.store.remove(key) }
        return try Self.id(in: response)
    }

    private func finish(_ key: String, _ id: String, _ call: Call) async throws {
        try await call.store.set(key, to: Self.done + id, for: Self.keptFor)
    }

    private func earlier(on contact: String, at time: Int, _ call: Call) async throws -> String? {
        try await api.notes(on: contact, call)
            .first { Self.milliseconds($0["hs_timestamp"]) == time }?.id
    }

    private static func id(in response: HTTPResponse) throws -> String {
        guard response.isSuccess else { throw HubSpotFault(response).failure }
        return try response.json(CRMObject.self, keys: .asTheyAre).id
    }

    /// HubSpot takes milliseconds and gives back ISO 8601, with a fraction or without.
    private static func milliseconds(_ text: String?) -> Int? {
        guard let text else { return nil }
        let plain = Date.ISO8601FormatStyle()
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? fractional.parse(text)) ?? (try? plain.parse(text)) else {
            return Int(text)
        }
        return Int((date.timeIntervalSince1970 * 1000).rounded())
    }
}
