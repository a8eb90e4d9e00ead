import Credentials
import JSONCoding
import Model
import Store

/// Keys of other programs.
extension Administration {
    func addKeyForProgram(_ order: JSON) async throws -> JSON {
        let name = try Self.text(order, "name", limit: 100)
        let known = APIKey.Scope.allCases.map(\.rawValue)
        let scopes = (order["scopes"]?.arrayValue ?? []).compactMap(\.stringValue)
        guard !scopes.isEmpty, scopes.allSatisfy(known.contains) else {
            throw OrderFault("a key needs at least one --scope of \(known.joined(separator: ", "))")
        }
        let key = APIKey.make()
        let record = APIKeyRecord(name: name, scopes: scopes, createdAt: SystemClock().now)
        guard try await store.addAPIKey(record, hash: Digest.sha256Hex(key)) else {
            throw OrderFault("there is a key “\(name)” already; see: maitred key list")
        }
        return ["name": .string(name), "key": .string(key)]
    }

    func removeKey(_ order: JSON) async throws -> JSON {
        let name = try Self.text(order, "name", limit: 100)
        guard try await store.removeAPIKey(name) else {
            throw OrderFault("there is no key “\(name)”; see: maitred key list")
        }
        return ["name": .string(name)]
    }

    static func describe(_ key: APIKeyRecord) -> JSON {
        [
            "name": .string(key.name), "scopes": .array(key.scopes.map(JSON.string)),
            "created_at": .string(key.createdAt.description),
        ]
    }
}
