// SPDX-License-Identifier: Apache-2.0

/// The words of a title that say something, brought into one form: what tells whether two reports
/// are of one bug.
struct TitleWords: Sendable {
    /// Titles with fewer words in common are never the same: "Crash" is not "Crash".
    static let fewestShared = 2

    let words: Set<String>

    init(_ title: String) {
        let text = title.lowercased().filter { $0 != "'" && $0 != "’" }
        let all = text.split { !$0.isLetter && !$0.isNumber }
        let telling = all.map(String.init).filter { $0.count > 1 && !Self.empty.contains($0) }
        words = Set(telling.map(Self.stem))
    }

    /// The longest words, to look for: the likeliest to be rare.
    func longest(_ count: Int) -> [String] {
        let sorted = words.sorted { ($1.count, $0) < ($0.count, $1) }
        return Array(sorted.prefix(count))
    }

    /// How much two titles have in common: the words they share among all of both, in percent
    /// (Dice's coefficient).
    func likeness(to other: TitleWords) -> Int {
        let shared = words.intersection(other.words).count
        guard shared >= Self.fewestShared else { return 0 }
        return 200 * shared / (words.count + other.words.count)
    }

    /// The most alike of some issues, of equals the oldest; nil when none reaches `percent`.
    func closest(of issues: [LinearIssue], from percent: Int) -> LinearIssue? {
        var best: (issue: LinearIssue, likeness: Int)?
        for issue in issues {
            let likeness = likeness(to: TitleWords(issue.title))
            guard likeness >= percent, likeness > 0 else { continue }
            if let best {
                let isOlder = (issue.createdAt ?? "") < (best.issue.createdAt ?? "")
                guard likeness > best.likeness || likeness == best.likeness && isOlder else {
                    continue
                }
            }
            best = (issue, likeness)
        }
        return best?.issue
    }

    /// A word without the endings of plural and tense, as far as four letters are left: what
    /// remains is how the word begins, so that it can be looked for.
    private static func stem(_ word: String) -> String {
        var stem = Substring(word)
        if !stem.hasSuffix("ss") { drop(["es", "s"], from: &stem) }
        drop(["ing", "ed"], from: &stem)
        drop(["e"], from: &stem)
        return String(stem)
    }

    private static func drop(_ endings: [String], from stem: inout Substring) {
        for ending in endings where stem.hasSuffix(ending) && stem.count - ending.count >= 4 {
            stem = stem.dropLast(ending.count)
            return
        }
    }

    /// Words that any report has.
    private static let empty: Set<String> = [
        "after", "all", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can",
        "cannot", "cant", "could", "did", "didnt", "do", "does", "doesnt", "dont", "for", "from",
        "get", "gets", "has", "have", "if", "im", "in", "into", "is", "isnt", "it", "its",
        "me", "my", "no", "not", "of", "on", "or", "our", "so", "that", "the", "their", "then",
        "there", "they", "this", "to", "was", "we", "when", "where", "which", "while", "will",
        "with", "wont", "you", "your", "bug", "issue", "problem",
    ]
}
