/// A line or two of a text, around the words that were searched for.
enum Snippet {
    private static let length = 200

    static func of(_ text: String, around stems: Set<String>) -> String {
        let words = text.split { $0.isWhitespace }.map(String.init)
        guard !words.isEmpty else { return "" }
        let hits = words.map { word in
            SearchWords.words(word).contains(where: stems.contains) ? 1 : 0
        }
        let start = bestStart(words, hits)
        var snippet = ""
        var end = start
        while end < words.count, snippet.count + words[end].count < length {
            snippet += (snippet.isEmpty ? "" : " ") + words[end]
            end += 1
        }
        if snippet.isEmpty { snippet = String(words[start].prefix(length)) }
        return (start > 0 ? "… " : "") + snippet + (end < words.count ? " …" : "")
    }

    /// The first hit of the window with the most, or the start of its sentence if that is near.
    private static func bestStart(_ words: [String], _ hits: [Int]) -> Int {
        var best = (start: 0, count: 0)
        var end = 0
        var width = 0
        var count = 0
        for start in words.indices {
            while end < words.count, width + words[end].count + 1 < length {
                width += words[end].count + 1
                count += hits[end]
                end += 1
            }
            if count > best.count { best = (start, count) }
            if end == words.count { break }
            if end == start {
                // A word longer than the window stands alone.
                end += 1
            } else {
                width -= words[start].count + 1
                count -= hits[start]
            }
        }
        guard best.count > 0, let first = hits[best.start...].firstIndex(of: 1) else { return 0 }
        let nearest = (max(0, first - 8)...first).reversed().first { index in
            index == 0 || words[index - 1].last.map { ".!?:".contains($0) } == true
        }
        return nearest ?? first
    }
}
