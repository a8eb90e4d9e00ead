// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// The id of an object, fit to stand in a path.
struct StripeID: Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable, Sendable {
        case charge = "ch_"
        /// A charge too: of methods other than cards.
        case payment = "py_"
        case paymentIntent = "pi_"
        case invoice = "in_"
        case subscription = "sub_"
    }

    let kind: Kind
    let description: String

    /// - Throws: ``PluginFailure`` when it is none of these kinds.
    init(_ text: String, _ kinds: Set<Kind>) throws {
        let kind = Kind.allCases.first { kinds.contains($0) && text.hasPrefix($0.rawValue) }
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x5F
        }
        guard let kind, isPlain, text.utf8.count <= 255 else {
            let known = kinds.map(\.rawValue).sorted().joined(separator: "…, ")
            throw PluginFailure(.invalid, "not an id that begins with \(known)…")
        }
        self.kind = kind
        description = text
    }
}
