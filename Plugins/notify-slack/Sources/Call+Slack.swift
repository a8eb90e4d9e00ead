// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Call {
    /// The time in milliseconds since 1970.
    var now: Int { Int(host.now.timeIntervalSince1970 * 1000) }

    /// A conversation with its latest messages; nil when it cannot be read, now or later.
    func summary(of conversation: String) async throws -> Conversations.Summary? {
        try await orLog("a conversation cannot be read", ["conversation": conversation]) {
            try await conversations.get(conversation, messages: 5)
        }
    }

    /// Does something; a failure that will not go away is logged, so that the rest still happens.
    @discardableResult
    func orLog<Value>(
        _ words: String,
        _ facts: [String: String] = [:],
        _ work: () async throws -> Value
    ) async throws -> Value? {
        do {
            return try await work()
        } catch let failure as PluginFailure where failure.kind != .temporary {
            let facts = facts.merging(["reason": failure.description]) { $1 }
            host.log(.error, words, facts)
            return nil
        }
    }
}
