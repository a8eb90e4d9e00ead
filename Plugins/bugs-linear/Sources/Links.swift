// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which conversations wait for which issues, in the plugin's store.
///
/// Keys: `issue:ISSUE` what the issue is called; `link:ISSUE:CONVERSATION` the link;
/// `of:OWNER:ISSUE` the way back, for conversations and contacts alike;
/// `who:ISSUE:CUSTOMER` who has been counted.
struct Links: Sendable {
    /// The most links of one issue, and the most customers that are counted.
    static let limit = 1000

    let store: KeyValueStore

    /// A conversation that waits for an issue.
    struct Link: Codable, Sendable {
        let contact: String?
        /// The title of this conversation's own report, which its customer may read.
        let title: String
        /// The id of the message that tells of the end, so that it is told once.
        let message: String
    }

    /// Joins a conversation to an issue; one that is joined already stays as it is.
    func add(_ link: Link, from conversation: String, to issue: LinearIssue) async throws {
        try await store.set("issue:\(issue.id)", to: Self.encoded(issue))
        _ = try await store.add("link:\(issue.id):\(conversation)", Self.encoded(link))
        for owner in [conversation, link.contact].compactMap(\.self) {
            try await store.set("of:\(owner):\(issue.id)", to: "1")
        }
    }

    /// The conversations that wait for an issue.
    func conversations(of issue: String) async throws -> [(id: String, link: Link)] {
        let prefix = "link:\(issue):"
        var found: [(id: String, link: Link)] = []
        for key in try await store.keys(prefix: prefix, limit: Self.limit) {
            guard let text = try await store.get(key), let link = Self.decoded(Link.self, text)
            else { continue }
            found.append((String(key.dropFirst(prefix.count)), link))
        }
        return found
    }

    /// The issues that conversations or contacts wait for, as they were when first joined.
    func issues(of owners: [String], limit: Int) async throws -> [LinearIssue] {
        var ids: [String] = []
        for owner in owners {
            let prefix = "of:\(owner):"
            for key in try await store.keys(prefix: prefix, limit: limit) {
                let id = String(key.dropFirst(prefix.count))
                if !ids.contains(id) { ids.append(id) }
            }
        }
        var found: [LinearIssue] = []
        for id in ids.prefix(limit) {
            guard let text = try await store.get("issue:\(id)"),
                let issue = Self.decoded(LinearIssue.self, text)
            else { continue }
            found.append(issue)
        }
        return found
    }

    /// Forgets one conversation's link; the issue as well when it was the last.
    func remove(_ link: Link, from conversation: String, to issue: String) async throws {
        for owner in [conversation, link.contact].compactMap(\.self) {
            try await store.remove("of:\(owner):\(issue)")
        }
        try await store.remove("link:\(issue):\(conversation)")
        guard try await store.keys(prefix: "link:\(issue):", limit: 1).isEmpty else { return }
        for key in try await store.keys(prefix: "who:\(issue):", limit: Self.limit) {
            try await store.remove(key)
        }
        try await store.remove("issue:\(issue)")
    }

    /// Whether a customer has been counted for an issue, and how many others have.
    func count(_ customer: String, of issue: String) async throws -> (known: Bool, others: Int) {
        let key = "who:\(issue):\(customer)"
        let keys = try await store.keys(prefix: "who:\(issue):", limit: Self.limit)
        return (keys.contains(key), keys.count { $0 != key })
    }

    /// Counts a customer, however often.
    func note(_ customer: String, of issue: String) async throws {
        try await store.set("who:\(issue):\(customer)", to: "1")
    }

    private static func encoded(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
