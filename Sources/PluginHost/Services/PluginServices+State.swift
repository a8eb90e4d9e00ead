import Desk
import JSONCoding
import Model

/// `maitred.kv/1` and `maitred.schedule/1`.
extension PluginServices {
    private static let keyLimit = 200
    private static let valueLimit = 65_536
    private static let reminderLimit = 10_000
    private static let year = 31_536_000_000

    func keyValue(_ request: ServiceRequest) async throws -> JSON {
        let plugin = request.grant.id
        let now = clock.now
        switch request.method {
        case "get":
            let key = try request.text("key", limit: Self.keyLimit)
            let value = try await state.value(of: key, in: plugin, at: now)
            return ["value": value.map(JSON.string) ?? .null]
        case "set", "add":
            let key = try request.text("key", limit: Self.keyLimit)
            let value = try request.text("value", limit: Self.valueLimit)
            let end = request.input["ttl_ms"]?.intValue.map {
                now + .milliseconds(min(max(1, $0), 100 * Self.year))
            }
            let isNew = request.method == "add"
            let came = try await state.set(
                key,
                to: value,
                in: plugin,
                until: end,
                isNew: isNew,
                limit: request.grant.permissions.storeBytes,
                at: now
            )
            if came == .full {
                throw ServiceFault(.invalid, "the store is full: see permissions.kv_bytes")
            }
            return isNew ? ["added": .bool(came == .done)] : .null
        case "delete":
            let key = try request.text("key", limit: Self.keyLimit)
            _ = try await state.set(
                key,
                to: nil,
                in: plugin,
                until: nil,
                isNew: false,
                limit: .max,
                at: now
            )
            return .null
        case "list":
            let limit = request.input["limit"]?.intValue ?? 100
            let keys = try await state.keys(
                of: plugin,
                prefix: request.input["prefix"]?.stringValue ?? "",
                limit: min(max(limit, 1), 1000),
                at: now
            )
            return ["keys": .array(keys.map(JSON.string))]
        default: throw ServiceFault(.unsupported, "kv has get, set, add, delete and list")
        }
    }

    func schedule(_ request: ServiceRequest) async throws -> JSON {
        let name = try request.text("name", limit: 60)
        let key = request.input["key"]?.stringValue ?? ""
        guard key.utf8.count <= Self.keyLimit else {
            throw ServiceFault(.invalid, "key is longer than \(Self.keyLimit) bytes")
        }
        switch request.method {
        case "set":
            let after = request.input["after_ms"]?.intValue ?? request.input["every_ms"]?.intValue
            guard let after, (0...Self.year).contains(after) else {
                throw ServiceFault(.invalid, "after_ms or every_ms is not from 0 to a year")
            }
            let every = request.input["every_ms"]?.intValue
            if let every, !(1000...Self.year).contains(every) {
                throw ServiceFault(.invalid, "every_ms is not from 1000 to a year")
            }
            let reminder = PluginReminder(
                plugin: request.grant.id,
                name: name,
                key: key,
                payload: request.input["payload"] ?? .null,
                due: clock.now + .milliseconds(after),
                period: every.map { .milliseconds($0) }
            )
            guard try await state.keep(reminder, limit: Self.reminderLimit) else {
                throw ServiceFault(.invalid, "more than \(Self.reminderLimit) reminders wait")
            }
        case "cancel":
            try await state.removeReminder(name, key: key, of: request.grant.id)
        default: throw ServiceFault(.unsupported, "schedule has set and cancel")
        }
        return .null
    }
}
