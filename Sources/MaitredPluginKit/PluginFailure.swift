// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin

/// Why a plugin cannot answer, in words for the operator.
public struct PluginFailure: Error, Sendable, CustomStringConvertible {
    /// What the server should make of it.
    public enum Kind: Sendable {
        /// It did not work, and will not by trying again.
        case failed
        /// The input or the configuration is refused.
        case invalid
        /// It may work later.
        case temporary
    }

    /// What the server should make of it.
    public let kind: Kind
    /// One sentence, without the customer's data.
    public let description: String
    /// When asking again is worth it, where the server's service has said so.
    public let retryAfter: Duration?

    /// Makes a failure from a sentence for the operator.
    public init(_ kind: Kind = .failed, _ description: some StringProtocol) {
        self.init(kind, description, retryAfter: nil)
    }

    init(_ kind: Kind, _ description: some StringProtocol, retryAfter: Duration?) {
        self.kind = kind
        self.retryAfter = retryAfter
        self.description = String(description)
    }
}

extension PluginFailure {
    /// The status of the interface.
    var status: Int32 {
        switch kind {
        case .failed: MAITRED_FAILED
        case .invalid: MAITRED_INVALID
        case .temporary: MAITRED_TEMPORARY
        }
    }
}
