/// The n-grams of a turn, enumerated in one place for reading, training and explaining.
enum Grams {
    /// The most facts of a context that are looked at.
    static let maximumFacts = 64
    /// Facts that say where the customer is.
    private static let placePrefix = Array("page=".utf8)
    /// The most words that are looked at together with the page.
    private static let maximumPlaced = 32

    /// Calls `body` with each occurrence of an n-gram and the words it lies on.
    ///
    /// - Parameters:
    ///   - text: The turn.
    ///   - context: Facts around the turn such as `page=billing.invoice`.
    ///   - body: Receives the group, the feature, and the owners: the indices of one or two words
    ///     (the same twice when one), of a context fact (twice), or of a word and a fact.
    @inline(__always)
    static func forEach(
        in text: TurnText,
        context: [String],
        _ body: (FeatureGroup, UInt32, (Int, Int)) -> Void
    ) {
        text.hashed.withUnsafeBufferPointer { bytes in
            let words = text.words
            for index in words.indices {
                let inner = words[index].inner
                var word = GramHash(.word)
                word.append(bytes, inner)
                body(.word, word.bucket, (index, index))

                let previous = index == 0 ? nil : words[index - 1].inner
                pair(bytes, previous, inner) { body(.pair, $0, (max(index - 1, 0), index)) }
                if index == words.count - 1 {
                    pair(bytes, inner, nil) { body(.pair, $0, (index, index)) }
                }

                characters(bytes, words[index].hashed) { body(.characters, $0, (index, index)) }
                if let previous {
                    let bucket = boundary(bytes, previous, inner)
                    body(.characters, bucket, (index - 1, index))
                }
            }
        }
        for (index, fact) in context.prefix(maximumFacts).enumerated() {
            var hash = GramHash(.context)
            for byte in fact.utf8 { hash.append(byte) }
            body(.context, hash.bucket, (index, index))
            guard fact.utf8.starts(with: placePrefix) else { continue }
            text.hashed.withUnsafeBufferPointer { bytes in
                for (place, word) in text.words.prefix(maximumPlaced).enumerated() {
                    var cross = GramHash(.placed)
                    for byte in fact.utf8 { cross.append(byte) }
                    cross.append(0x20)
                    cross.append(bytes, word.inner)
                    body(.placed, cross.bucket, (place, index))
                }
            }
        }
    }

    /// Two neighbouring words; nil stands for the mark at the start or the end of the turn.
    @inline(__always)
    private static func pair(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ first: Range<Int>?,
        _ second: Range<Int>?,
        _ body: (UInt32) -> Void
    ) {
        var hash = GramHash(.pair)
        if let first { hash.append(bytes, first) } else { hash.append(0x5E) }
        hash.append(0x20)
        if let second { hash.append(bytes, second) } else { hash.append(0x24) }
        body(hash.bucket)
    }

    /// The runs of three, four and five characters inside `<word>`.
    @inline(__always)
    private static func characters(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ body: (UInt32) -> Void
    ) {
        for start in range where !bytes[start].continuesScalar {
            var hash = GramHash(.characters)
            var length = 0
            var end = start
            while length < 5, end < range.upperBound {
                hash.append(bytes[end])
                end += 1
                if end < range.upperBound, bytes[end].continuesScalar { continue }
                length += 1
                if length >= 3 { body(hash.bucket) }
            }
        }
    }

    /// The last three characters of a word, a space, and the first three of the next.
    @inline(__always)
    private static func boundary(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ first: Range<Int>,
        _ second: Range<Int>
    ) -> UInt32 {
        var start = first.upperBound
        var taken = 0
        while taken < 3, start > first.lowerBound {
            start -= 1
            if !bytes[start].continuesScalar { taken += 1 }
        }
        var end = second.lowerBound
        taken = 0
        while end < second.upperBound {
            if !bytes[end].continuesScalar {
                if taken == 3 { break }
                taken += 1
            }
            end += 1
        }
        var hash = GramHash(.characters)
        hash.append(bytes, start..<first.upperBound)
        hash.append(0x20)
        hash.append(bytes, second.lowerBound..<end)
        return hash.bucket
    }
}

extension TurnText.Word {
    /// The word without its marks.
    @inline(__always)
    fileprivate var inner: Range<Int> { hashed.lowerBound + 1..<hashed.upperBound - 1 }
}

extension UInt8 {
    /// Whether the byte continues a UTF-8 sequence.
    @inline(__always)
    fileprivate var continuesScalar: Bool { self & 0xC0 == 0x80 }
}
