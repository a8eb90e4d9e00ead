/// How a customer seems to feel, from their words.
///
/// A lexicon with rules: negation turns a word around, intensifiers and capitals strengthen it,
/// "but" moves the weight to what follows, and exclamation marks and emoji count. A prior only:
/// what a workspace's customers mean by their words is learned on top.
public struct Mood: Sendable, Hashable {
    /// From −4, furious or desperate, to 4, delighted; 0 is matter of fact.
    public var score: Float

    /// Judges a text.
    public init(of text: String) {
        self.init(of: PlainWords(text))
    }

    init(of text: PlainWords) {
        var positive: Float = 0
        var negative: Float = 0
        let turn = text.words.lastIndex { MoodLexicon.contrasts.contains($0.text) }
        // In a text that is all capitals they say nothing about a single word.
        let capitals = text.words.count { $0.isCapitals }
        let marksCapitals = capitals > 0 && capitals < text.words.count
        for index in text.words.indices {
            guard var value = MoodLexicon.value(of: text.words[index].text) else { continue }
            if marksCapitals, text.words[index].isCapitals { value *= 1.3 }
            value *= Self.strength(before: index, in: text.words)
            // What follows a "but" is what is meant.
            if let turn { value *= index < turn ? 0.6 : 1.3 }
            if value > 0 { positive += value } else { negative += value }
        }
        for symbol in text.symbols {
            let value = MoodLexicon.emoji[symbol.value] ?? 0
            if value > 0 { positive += value } else { negative += value }
        }
        let sum = positive + negative
        let emphasis = 1 + 0.12 * Float(min(text.exclamations, 4))
        score = Self.bounded(sum * emphasis)
    }

    /// Takes in how the turn sounds to a learned ear, on the same scale.
    mutating func add(_ learned: Float) {
        score = min(max(Manner.moodScale * (score + learned), -4), 4)
    }

    /// Negation and intensifiers within three words before, in the same clause.
    private static func strength(before index: Int, in words: [PlainWords.Word]) -> Float {
        var strength: Float = 1
        for distance in 1...3 {
            let place = index - distance
            guard place >= 0, words[place].clause == words[index].clause else { break }
            let word = words[place].text
            if let factor = MoodLexicon.intensifiers[word] {
                // The nearer, the stronger.
                strength *= 1 + (factor - 1) * (1.15 - 0.15 * Float(distance))
            }
            // "not good" is not as bad as "bad".
            if MoodLexicon.negations.contains(word) { strength *= -0.7 }
        }
        return strength
    }

    /// Squeezes a sum into −4…4: one strong word gives about half, several approach the end.
    private static func bounded(_ sum: Float) -> Float {
        4 * sum / (sum * sum + 15).squareRoot()
    }
}
