// SPDX-License-Identifier: Apache-2.0

/// A sentence of a draft with the passages it names.
struct Sentence: Sendable, Equatable {
    /// As written, blanks and marks included.
    let raw: String
    /// Without the marks of citations.
    let bare: String
    /// The numbers in its marks, in order, repeated ones included.
    let citations: [Int]

    /// Reads the marks: `[1]`, `[1, 2]`, `[1][2]`.
    init(_ raw: String) {
        self.raw = raw
        let parts = Mark.parts(of: raw)
        bare = parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        citations = parts.flatMap { if case .mark(let numbers) = $0 { numbers } else { [Int]() } }
    }

    /// The sentence with its citations numbered anew.
    func renumbered(_ number: (Int) -> Int) -> String {
        Mark.parts(of: raw).map { part in
            switch part {
            case .text(let text): text
            case .mark(let numbers): numbers.map { "[\(number($0))]" }.joined()
            }
        }.joined()
    }
}

/// A text cut at its marks of citation.
enum Mark {
    enum Part: Equatable { case text(String), mark([Int]) }

    static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var plain = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "[") {
            plain += rest[..<open]
            let inside = rest[rest.index(after: open)...]
            if let close = inside.firstIndex(of: "]"),
                let numbers = numbers(in: inside[..<close])
            {
                if !plain.isEmpty { parts.append(.text(plain)) }
                plain = ""
                parts.append(.mark(numbers))
                rest = inside[inside.index(after: close)...]
            } else {
                plain += "["
                rest = inside
            }
        }
        plain += rest
        if !plain.isEmpty { parts.append(.text(plain)) }
        return parts
    }

    private static func numbers(in text: Substring) -> [Int]? {
        guard text.count <= 40 else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0.filter { $0 != " " }) }
        return numbers.count == parts.count ? numbers : nil
    }
}

/// Cuts a text that arrives in pieces into sentences.
///
/// A sentence is only let go when the next one has begun: its citation may stand behind the full
/// stop. Line ends end sentences too, except behind a colon. A longer abbreviation before a capital
/// ("St. Gallen") cuts too early, which costs the draft.
struct SentenceSplitter {
    /// Characters after which a sentence is over whatever comes.
    private static let limit = 4000

    private var pending: [Character] = []

    /// Takes a piece of text; returns the sentences that are complete.
    mutating func take(_ text: String) -> [Sentence] {
        // The last character may grow by what comes next: a letter by its accent.
        pending = Array(String(pending) + text)
        var sentences: [Sentence] = []
        while let end = firstEnd() {
            sentences.append(Sentence(String(pending[..<end])))
            pending.removeFirst(end)
        }
        if pending.count > Self.limit, let rest = finish() { sentences.append(rest) }
        return sentences
    }

    /// What is left when no more comes.
    mutating func finish() -> Sentence? {
        defer { pending = [] }
        let rest = String(pending)
        return rest.allSatisfy(\.isWhitespace) ? nil : Sentence(rest)
    }

    private func firstEnd() -> Int? {
        var hasText = false
        for index in pending.indices {
            if hasText, endsSentence(at: index), let end = endOfMarks(from: index + 1) {
                return end
            }
            if !pending[index].isWhitespace { hasText = true }
        }
        return nil
    }

    private func endsSentence(at index: Int) -> Bool {
        switch pending[index] {
        case "\n", "\r\n", "\r": lastVisible(before: index) != ":"
        case "。", "！", "？", "｡", "؟", "।", "۔": true
        case ".", "!", "?", "…": isFollowedByBlank(index) && !continues(after: index)
        default: false
        }
    }

    private func lastVisible(before index: Int) -> Character? {
        pending[..<index].last(where: isVisible)
    }

    private func isFollowedByBlank(_ index: Int) -> Bool {
        let next = pending[(index + 1)...].first { !Self.closing.contains($0) }
        return next.map { $0.isWhitespace || $0 == "[" } ?? false
    }

    /// Whether a full stop ends no sentence.
    ///
    /// Before a small letter, behind a number ("am 1. Mai"), behind a letter that stands alone
    /// ("z. B. Rechnungen").
    private func continues(after index: Int) -> Bool {
        guard pending[index] == ".", let next = pending[(index + 1)...].first(where: isVisible)
        else { return false }
        if next.isLowercase { return true }
        guard next != "[", let last = pending[..<index].last else { return false }
        let isAlone = index < 2 || !pending[index - 2].isLetter
        return last.isNumber || last.isLetter && isAlone
    }

    private func isVisible(_ letter: Character) -> Bool { !letter.isWhitespace }

    /// The place behind closing quotes and marks, if it is certain: the next sentence has begun.
    private func endOfMarks(from start: Int) -> Int? {
        var end = start
        var index = start
        while index < pending.count {
            let letter = pending[index]
            if letter == "[" {
                guard let close = pending[index...].firstIndex(of: "]") else {
                    let isOpen = pending[(index + 1)...].allSatisfy { "0123456789, ".contains($0) }
                    return isOpen ? nil : end
                }
                let inside = pending[(index + 1)..<close]
                guard inside.allSatisfy({ "0123456789, ".contains($0) }) else { return end }
                index = close + 1
                end = index
            } else if letter.isWhitespace {
                index += 1
            } else if index == end, Self.closing.contains(letter) || Self.stops.contains(letter) {
                index += 1
                end = index
            } else {
                return end
            }
        }
        return nil
    }

    private static let closing: Set<Character> = [
        "\"", "'", "”", "“", "’", "»", "«", ")", "」", "』", "*", "_",
    ]
    private static let stops: Set<Character> = [".", "!", "?", "…", "。", "！", "？"]
}
