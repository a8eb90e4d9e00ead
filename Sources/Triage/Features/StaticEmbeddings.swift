import Foundation

/// A table of one vector per word piece, read where it lies in the file.
///
/// The file is mapped, not loaded: opening it costs the vocabulary only (about two milliseconds),
/// and its pages are shared with every other process that uses them. Formats: `table.bin` is
/// `STE1`, the number of rows and of dimensions (`UInt32`), one `Float32` scale a row, then the
/// rows as `Int8`, all little endian; `vocab.txt` has one piece a line, the line number being the
/// row.
public struct StaticEmbeddings: Sendable {
    /// The length of a vector.
    public let dimensions: Int
    /// The number of pieces.
    public let rows: Int
    /// A hash of table and vocabulary; a snapshot names the one it was trained with.
    public let fingerprint: UInt64

    let vocabulary: WordPieces
    private let table: Data
    private let scalesOffset = 12
    private var rowsOffset: Int { scalesOffset + 4 * rows }

    /// The pair that comes with the package.
    ///
    /// The package's resource bundle must be installed beside the program; where it is not, give
    /// the paths to ``init(table:vocabulary:)`` instead.
    public static func bundled() throws(TriageFailure) -> StaticEmbeddings {
        let folder = Bundle.module.bundleURL.appendingPathComponent("static-embeddings")
        return try StaticEmbeddings(
            table: folder.appendingPathComponent("table.bin"),
            vocabulary: folder.appendingPathComponent("vocab.txt")
        )
    }

    /// Maps a table and reads its vocabulary.
    ///
    /// - Parameters:
    ///   - tableURL: The file of vectors.
    ///   - vocabularyURL: The file of pieces.
    /// - Throws: ``TriageFailure/unreadable(_:)`` or ``TriageFailure/malformedEmbeddings(_:)``.
    public init(table tableURL: URL, vocabulary vocabularyURL: URL) throws(TriageFailure) {
        let pieces: Data
        do {
            table = try Data(contentsOf: tableURL, options: .alwaysMapped)
            pieces = try Data(contentsOf: vocabularyURL)
        } catch {
            throw .unreadable(tableURL.lastPathComponent)
        }
        guard table.count >= 12, table.prefix(4).elementsEqual("STE1".utf8) else {
            throw .malformedEmbeddings("no STE1 header")
        }
        let (rows, dimensions) = table.withUnsafeBytes { bytes in
            (
                Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))),
                Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
            )
        }
        guard (1...1_000_000).contains(rows), (8...1024).contains(dimensions), dimensions % 8 == 0
        else { throw .malformedEmbeddings("\(rows) rows of \(dimensions)") }
        guard table.count == 12 + 4 * rows + rows * dimensions else {
            throw .malformedEmbeddings("\(table.count) bytes for \(rows) rows of \(dimensions)")
        }
        vocabulary = WordPieces(lines: [UInt8](pieces))
        guard vocabulary.count == rows else {
            throw .malformedEmbeddings("\(vocabulary.count) pieces for \(rows) rows")
        }
        self.rows = rows
        self.dimensions = dimensions
        fingerprint = table.withUnsafeBytes { ContentHash.of($0) } ^ ContentHash.of(Array(pieces))
    }

    /// Adds a row to a sum.
    @inline(__always)
    func add(_ row: Int, to sum: UnsafeMutableBufferPointer<Float>) {
        table.withUnsafeBytes { bytes in
            let scale = bytes.loadUnaligned(fromByteOffset: scalesOffset + 4 * row, as: Float.self)
            let start = rowsOffset + row * dimensions
            let values = UnsafeRawBufferPointer(rebasing: bytes[start..<start + dimensions])
                .assumingMemoryBound(to: Int8.self)
            for index in 0..<dimensions { sum[index] += scale * Float(values[index]) }
        }
    }
}
