// SPDX-License-Identifier: Apache-2.0

/// The words of a text as the check of drafts compares them.
///
/// `Character` compares by canonical equivalence, so it does not matter how accents are encoded.
enum Words {
    /// Runs of letters in lower case, in order; digits and marks separate them.
    static func all(in text: String) -> [[Character]] {
        Array(text.lowercased()).split { !$0.isLetter }.map(Array.init)
    }

    /// The words that say something: no fillers, nothing too short.
    ///
    /// Scripts without spaces give pairs of neighbouring characters instead; of Japanese the
    /// hiragana are left out.
    static func content(of text: String, language: String?) -> [[Character]] {
        let fillers = Fillers.words(of: language)
        return all(in: text).flatMap { pieces(of: $0) }.filter { word in
            guard let first = word.first else { return false }
            return word.count >= Script(first).shortestWord && !fillers.contains(String(word))
        }
    }

    /// Whether two words have a stem in common: `bill` and `billing`, `kündigen` and `gekündigt`.
    static func related(_ one: [Character], _ other: [Character]) -> Bool {
        if one == other { return true }
        guard let first = one.first, let otherFirst = other.first else { return false }
        let script = Script(first)
        guard script == Script(otherFirst), script != .unspaced else { return false }
        let shorter = min(one.count, other.count)
        let longer = max(one.count, other.count)
        if shorter >= 3, longer - shorter <= 3, script == .alphabet {
            if zip(one, other).allSatisfy({ $0 == $1 }) { return true }
        }
        guard shorter >= script.shortestStem else { return false }
        let common = longestCommonPiece(one, other)
        return common >= script.shortestStem && common * 10 >= shorter * 7
    }

    private static func pieces(of run: [Character]) -> [[Character]] {
        var pieces: [[Character]] = []
        var start = run.startIndex
        while start < run.endIndex {
            let kind = kind(of: run[start])
            let end = run[start...].firstIndex { self.kind(of: $0) != kind } ?? run.endIndex
            let piece = Array(run[start..<end])
            switch kind {
            case .hiragana: break
            case .unspaced where piece.count > 1:
                pieces += zip(piece, piece.dropFirst()).map { [$0, $1] }
            default: pieces.append(piece)
            }
            start = end
        }
        return pieces
    }

    /// Scripts by the way in which they are cut.
    private static func kind(of letter: Character) -> Script {
        switch Script(letter) {
        case .unspaced: .unspaced
        case .hiragana: .hiragana
        default: .alphabet
        }
    }

    private static func longestCommonPiece(_ one: [Character], _ other: [Character]) -> Int {
        var best = 0
        var above = [Int](repeating: 0, count: other.count + 1)
        for letter in one {
            var row = [Int](repeating: 0, count: other.count + 1)
            for (index, candidate) in other.enumerated() where candidate == letter {
                row[index + 1] = above[index] + 1
                best = max(best, row[index + 1])
            }
            above = row
        }
        return best
    }
}
