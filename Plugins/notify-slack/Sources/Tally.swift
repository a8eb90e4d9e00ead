// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Counts happenings of one kind within a time, and says when there are enough: once in that time.
///
/// Each happening is a key of its own, so that one told twice counts once; the store forgets them.
struct Tally: Sendable {
    /// Begins the keys.
    let name: String
    /// How many are enough.
    let limit: Int
    let time: Duration

    /// Counts a happening.
    ///
    /// - Parameters:
    ///   - happening: What is counted.
    ///   - group: Which ones count together; any text.
    ///   - call: The call it serves.
    /// - Returns: The addresses of those counted, when they are enough and ``told(_:_:)`` has not
    ///   been called within the time.
    /// - Throws: ``PluginFailure``.
    func count(_ happening: Happening, in group: String, _ call: Call) async throws -> [String]? {
        guard try await call.store.get(toldKey(group)) == nil else { return nil }
        let prefix = "\(name)/\(Self.digest(group))/"
        // Thirteen digits until the year 2286: the order of keys is the order of time.
        let key = "\(prefix)\(happening.at)-\(happening.id)"
        try await call.store.set(key, to: happening.url ?? "", for: time)
        let since = happening.at - Int(time.components.seconds) * 1000
        let recent = try await call.store.keys(prefix: prefix, limit: 1000).filter { key in
            Int(key.dropFirst(prefix.count).prefix { $0 != "-" }).map { $0 > since } ?? false
        }
        guard recent.count >= limit else { return nil }
        var addresses: [String] = []
        for key in recent.suffix(5) {
            addresses.append(try await call.store.get(key) ?? "")
        }
        return addresses
    }

    /// Says nothing more of a group for the time.
    func told(_ group: String, _ call: Call) async throws {
        try await call.store.set(toldKey(group), to: "", for: time)
    }

    private func toldKey(_ group: String) -> String { "\(name)-told/\(Self.digest(group))" }

    /// FNV-1a: a key of fixed length for any text; not for secrets.
    private static func digest(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
