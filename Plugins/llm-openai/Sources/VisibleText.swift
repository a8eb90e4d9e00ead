// SPDX-License-Identifier: Apache-2.0

/// Leaves out what a model thinks aloud before it answers: `<think>…</think>` at the beginning.
///
/// Servers that know their model send it apart (`reasoning_content`); others leave it in the text.
struct VisibleText {
    private enum State { case undecided, hidden, visible }

    private static let opening = "<think>"
    private static let closing = "</think>"
    private var state = State.undecided
    private var held = ""

    /// What of a piece of text is part of the answer.
    mutating func take(_ text: String) -> String {
        if state == .visible { return text }
        held += text
        if state == .undecided { decide() }
        if state == .hidden { skip() }
        guard state == .visible else { return "" }
        defer { held = "" }
        return held
    }

    /// What was held back and turns out to be part of the answer.
    mutating func finish() -> String {
        defer { held = "" }
        return state == .undecided ? held : ""
    }

    private mutating func decide() {
        let start = held.drop(while: \.isWhitespace)
        if start.hasPrefix(Self.opening) {
            state = .hidden
            held = String(start.dropFirst(Self.opening.count))
        } else if !Self.opening.hasPrefix(start) {
            state = .visible
        }
    }

    private mutating func skip() {
        // Cut from behind: at most as much as may be the beginning of the closing mark is kept.
        if let range = held.range(ofText: Self.closing) {
            held = String(held[range.upperBound...].drop(while: \.isWhitespace))
            state = .visible
        } else {
            held = String(held.suffix(Self.closing.count - 1))
        }
    }
}

extension StringProtocol {
    /// Where another text first stands in this one.
    func range(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
