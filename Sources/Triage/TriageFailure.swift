/// What can go wrong when files are opened; training and reading cannot fail.
public enum TriageFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// A file could not be read or written.
    case unreadable(String)
    /// A table of static embeddings or its vocabulary is not what it should be.
    case malformedEmbeddings(String)
    /// The file is not a snapshot of this program.
    case notASnapshot
    /// The snapshot was written by a later version of the format.
    case snapshotVersion(UInt32)
    /// The snapshot's checksum does not match: it was cut short or damaged.
    case damagedSnapshot
    /// The snapshot was trained with another embedding table, or with one when none was given.
    case otherEmbeddings
    /// A CSV file breaks the rules of RFC 4180 at a line.
    case malformedCSV(line: Int, String)

    /// One sentence for a person; names files, never their contents.
    public var description: String {
        switch self {
        case .unreadable(let file): "\(file) cannot be read or written"
        case .malformedEmbeddings(let fault): "malformed static embeddings: \(fault)"
        case .notASnapshot: "not a triage snapshot"
        case .snapshotVersion(let version): "triage snapshot of unknown version \(version)"
        case .damagedSnapshot: "damaged triage snapshot: the checksum does not match"
        case .otherEmbeddings: "the triage snapshot belongs to other static embeddings"
        case .malformedCSV(let line, let fault): "malformed CSV at line \(line): \(fault)"
        }
    }
}
