// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// A bug as an agent or the assistant describes it: the input of `linear.file_bug`.
struct BugReport: Decodable, Sendable {
    enum Severity: String, Decodable, Sendable {
        case low, medium, high, critical

        /// Linear's numbers: 1 is urgent.
        var priority: Int {
            switch self {
            case .critical: 1
            case .high: 2
            case .medium: 3
            case .low: 4
            }
        }
    }

    let title: String
    let description: String
    let steps: String?
    let expected: String?
    let actual: String?
    let page: String?
    let severity: Severity?

    /// The report as Markdown, with where it came from at its end.
    func markdown(from conversation: Conversations.Summary?) -> String {
        var parts = [Self.trimmed(description)]
        parts += section("Steps to reproduce", steps.map(Self.numbered))
        parts += section("Expected", expected)
        parts += section("Actual", actual)
        var origin: [String] = []
        if let page = page ?? conversation?.page, !page.isEmpty { origin.append("Page: \(page)") }
        if let severity { origin.append("Severity: \(severity.rawValue)") }
        if let url = conversation?.url { origin.append("From: [support conversation](\(url))") }
        if !origin.isEmpty {
            parts += ["---", origin.map { "- \($0)" }.joined(separator: "\n")]
        }
        return parts.joined(separator: "\n\n")
    }

    private func section(_ heading: String, _ text: String?) -> [String] {
        guard let text = text.map(Self.trimmed), !text.isEmpty else { return [] }
        return ["### \(heading)", text]
    }

    /// Numbers lines, in place of what their author put before them to the same end.
    private static func numbered(_ steps: String) -> String {
        let lines = steps.split(whereSeparator: \.isNewline).map { trimmed(unmarked($0)) }
        let kept = lines.filter { !$0.isEmpty }
        return kept.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
    }

    /// A line without `1. `, `1) ` or `- ` before it.
    private static func unmarked(_ line: Substring) -> String {
        let bare = line.drop(while: \.isWhitespace)
        let number = bare.prefix(while: \.isNumber)
        let rest = bare.dropFirst(number.count)
        guard let mark = rest.first, (number.isEmpty ? "-*•" : ".)").contains(mark),
            rest.dropFirst().first?.isWhitespace == true
        else { return String(bare) }
        return String(rest.dropFirst(2))
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
