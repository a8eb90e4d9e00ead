// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A date as facts and panels show it.
enum Day {
    /// `2026-01-31`, in UTC, of seconds since 1970.
    static func text(_ seconds: Int) -> String {
        let date = Date(timeIntervalSince1970: Double(seconds))
        return date.formatted(Date.ISO8601FormatStyle().year().month().day())
    }
}
