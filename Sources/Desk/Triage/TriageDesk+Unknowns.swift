import JSONCoding
import Model
import Triage

extension TriageDesk {
    /// The latest entries looked at.
    private static let latest = 1000

    /// What customers want that nobody has taught the assistant: groups of their words, with a name
    /// for an intent, largest first.
    package func unknowns() async throws(LogFailure) -> JSON {
        guard let book else { return [] }
        var texts: [String: String] = [:]
        var order: [String] = []
        var last: Int64 = 0
        while true {
            let entries = try await book.entries(after: last, limit: 1000)
            if entries.isEmpty { break }
            for entry in entries where entry.voidedAt == nil {
                let key = entry.decision?.description ?? "\(entry.id)"
                switch entry.verdict {
                case .unanswered, .noneOfThem:
                    if texts.updateValue(entry.text, forKey: key) == nil { order.append(key) }
                // Somebody has named it since.
                case .meant:
                    if texts.removeValue(forKey: key) != nil { order.removeAll { $0 == key } }
                case .accepted, .refused, .silent: break
                }
            }
            last = entries.last?.id ?? last
        }
        let unknown = order.suffix(Self.latest).compactMap { texts[$0] }
        let embeddings = embeddings
        let clusters = await train { Clusters(unknown, embeddings: embeddings).clusters }
        let core = current.core
        return .array(
            clusters.map { cluster in
                let examples = cluster.members.prefix(5).map { unknown[$0] }
                let near = examples.first.flatMap { core.read($0).ranking.first?.intent }
                return [
                    "suggested_intent": .string(cluster.name),
                    "words": .array(cluster.words.map(JSON.string)),
                    "messages": .int(Int64(cluster.members.count)),
                    "examples": .array(examples.map(JSON.string)),
                    "nearest_intent": near.map(JSON.string) ?? .null,
                ]
            }
        )
    }
}
