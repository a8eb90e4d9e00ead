/// A WordPiece vocabulary: cuts words greedily into the longest pieces it knows.
///
/// Words continue with pieces spelt `##…`. A place where nothing fits is skipped by one character
/// and contributes nothing. Lookup is by a hash that grows with the piece, so that all prefixes
/// of a place cost one pass.
struct WordPieces: Sendable {
    let count: Int
    private let bytes: [UInt8]
    /// Where each piece starts in ``bytes``; one more for the end.
    private let starts: [UInt32]
    /// Open addressing: row + 1, or 0 for a free place.
    private let slots: [UInt32]
    private let longest: Int

    /// Reads a vocabulary of one piece a line.
    init(lines: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.count)
        var starts: [UInt32] = [0]
        var longest = 1
        for line in lines.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let piece = line.last == 0x0D ? line.dropLast() : line
            bytes.append(contentsOf: piece)
            longest = max(longest, piece.count)
            starts.append(UInt32(bytes.count))
        }
        // A file that ends with a line break has no piece after it.
        if lines.last == 0x0A { starts.removeLast() }
        count = starts.count - 1
        var slots = [UInt32](repeating: 0, count: Self.capacity(for: count))
        for row in 0..<count {
            let piece = Int(starts[row])..<Int(starts[row + 1])
            var slot = Self.hash(bytes[piece]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(row + 1)
        }
        self.bytes = bytes
        self.starts = starts
        self.slots = slots
        self.longest = longest
    }

    /// Calls `body` with the row of each piece of a word.
    @inline(__always)
    func forEachPiece(
        of word: Range<Int>,
        in text: UnsafeBufferPointer<UInt8>,
        _ body: (Int) -> Void
    ) {
        var start = word.lowerBound
        var isContinuation = false
        while start < word.upperBound {
            if text[start] == 0x27 {
                // An apostrophe is a piece of its own and begins a new word.
                if let row = row(of: start..<start + 1, in: text, isContinuation: false) {
                    body(row)
                }
                start += 1
                isContinuation = false
                continue
            }
            let apostrophe = text[start..<word.upperBound].firstIndex(of: 0x27)
            let limit = min(apostrophe ?? word.upperBound, start + longest)
            if let (row, end) = longestPiece(start..<limit, in: text, isContinuation) {
                body(row)
                start = end
            } else {
                start += 1
            }
            isContinuation = true
        }
    }

    private func longestPiece(
        _ range: Range<Int>,
        in text: UnsafeBufferPointer<UInt8>,
        _ isContinuation: Bool
    ) -> (row: Int, end: Int)? {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: range.count) { hashes in
            var hash = isContinuation ? Self.hashOfContinuation : Self.emptyHash
            for offset in 0..<range.count {
                hash = Self.extend(hash, text[range.lowerBound + offset])
                hashes[offset] = hash
            }
            for end in stride(from: range.upperBound, to: range.lowerBound, by: -1) {
                let piece = range.lowerBound..<end
                if let row = find(hashes[piece.count - 1], piece, in: text, isContinuation) {
                    return (row, end)
                }
            }
            return nil
        }
    }

    private func row(
        of piece: Range<Int>,
        in text: UnsafeBufferPointer<UInt8>,
        isContinuation: Bool
    ) -> Int? {
        find(Self.hash(text[piece]), piece, in: text, isContinuation)
    }

    private func find(
        _ hash: Int,
        _ piece: Range<Int>,
        in text: UnsafeBufferPointer<UInt8>,
        _ isContinuation: Bool
    ) -> Int? {
        var slot = hash & (slots.count - 1)
        let prefix = isContinuation ? 2 : 0
        while slots[slot] != 0 {
            let row = Int(slots[slot]) - 1
            let start = Int(starts[row])
            if Int(starts[row + 1]) - start == piece.count + prefix,
                prefix == 0 || (bytes[start] == 0x23 && bytes[start + 1] == 0x23),
                (0..<piece.count).allSatisfy({
                    bytes[start + prefix + $0] == text[piece.lowerBound + $0]
                })
            {
                return row
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private static let emptyHash = 0x811C_9DC5
    private static let hashOfContinuation = extend(extend(emptyHash, 0x23), 0x23)

    @inline(__always)
    private static func extend(_ hash: Int, _ byte: UInt8) -> Int {
        ((hash ^ Int(byte)) &* 0x0100_0193) & 0xFFFF_FFFF
    }

    private static func hash(_ piece: some Sequence<UInt8>) -> Int {
        piece.reduce(emptyHash, extend)
    }

    private static func capacity(for count: Int) -> Int {
        var capacity = 1024
        while capacity < count * 2 { capacity *= 2 }
        return capacity
    }
}
