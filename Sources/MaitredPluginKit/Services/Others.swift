// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin

/// Reminders: the server calls the plugin's ``Registrar/schedule(_:_:)`` handler when one is due.
public struct Schedule: Sendable {
    let asker: Asker

    private struct Asked: Encodable, Sendable {
        let name: String
        var key: String?
        var afterMs: Int?
        var everyMs: Int?
        var payload: JSONValue?
    }

    /// Sets a reminder; one with the same name and key is replaced.
    ///
    /// Survives restarts.
    public func set(
        _ name: String,
        key: String = "",
        after time: Duration,
        payload: JSONValue = [:]
    ) async throws {
        let asked = Asked(
            name: name,
            key: key,
            afterMs: time.wholeMilliseconds,
            payload: payload
        )
        _ = try await asker.ask(MAITRED_SCHEDULE_SERVICE, "set", asked)
    }

    /// Forgets a reminder.
    public func cancel(_ name: String, key: String = "") async throws {
        _ = try await asker.ask(MAITRED_SCHEDULE_SERVICE, "cancel", Asked(name: name, key: key))
    }
}

/// Figures that the operator sees among the server's own.
public struct Metrics: Sendable {
    let asker: Asker

    private struct Asked: Encodable, Sendable {
        let name: String
        let value: Double
    }

    /// Adds to a counter.
    public func count(_ name: String, by value: Double = 1) async throws {
        _ = try await asker.ask(MAITRED_METRICS_SERVICE, "count", Asked(name: name, value: value))
    }

    /// Sets a gauge.
    public func gauge(_ name: String, to value: Double) async throws {
        _ = try await asker.ask(MAITRED_METRICS_SERVICE, "gauge", Asked(name: name, value: value))
    }
}

/// The language model that the operator has chosen, whichever plugin provides it.
public struct LanguageModel: Sendable {
    let asker: Asker

    /// Completes a text; see the guide for what `input` may hold.
    public func complete(_ input: JSONValue) async throws -> JSONValue {
        try await asker.ask(MAITRED_LLM_SERVICE, "complete", input, as: JSONValue.self)
    }
}
