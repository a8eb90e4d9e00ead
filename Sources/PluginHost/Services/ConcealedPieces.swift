/// Takes secrets out of bytes that come in pieces, wherever they are cut.
///
/// Where several begin, the longest is meant; what overlaps it goes with it. What may be the beginning
/// of a secret, or of a longer one than has come, is held back until more has come, and nothing else
/// is: a language model's words arrive as they are spoken.
package struct ConcealedPieces: Sendable {
    private let concealments: [PluginGrant.Concealment]
    private let longest: Int
    /// By byte: whether a secret begins with it.
    private var begins = [Bool](repeating: false, count: 256)
    /// Shorter than the longest secret, between pieces.
    private var held: [UInt8] = []
    /// How many of the bytes held belong to a secret whose name has been shown.
    private var covered = 0

    package init(_ concealments: [PluginGrant.Concealment]) {
        self.concealments = concealments.filter { !$0.bytes.isEmpty }
        longest = self.concealments.map(\.bytes.count).max() ?? 0
        for concealment in self.concealments { begins[Int(concealment.bytes[0])] = true }
    }

    /// What can be shown so far.
    package mutating func append(_ piece: [UInt8]) -> [UInt8] {
        if concealments.isEmpty { return piece }
        held += piece
        return shown(isLast: false)
    }

    /// What was held back, once nothing follows.
    package mutating func finish() -> [UInt8] { shown(isLast: true) }

    private mutating func shown(isLast: Bool) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(held.count)
        var place = 0
        while place < held.count {
            let byte = held[place]
            if begins[Int(byte)] {
                if !isLast, mayGoOn(from: place) { break }
                if let secret = secret(at: place) {
                    if place >= covered { out += secret.name.utf8 }
                    covered = max(covered, place + secret.bytes.count)
                }
            }
            if place >= covered { out.append(byte) }
            place += 1
        }
        held.removeFirst(place)
        covered = max(0, covered - place)
        return out
    }

    /// The longest secret that is whole here.
    private func secret(at place: Int) -> PluginGrant.Concealment? {
        let rest = held[place...]
        var found: PluginGrant.Concealment?
        for secret in concealments where secret.bytes.count > found?.bytes.count ?? 0 {
            if rest.starts(with: secret.bytes) { found = secret }
        }
        return found
    }

    /// Whether what is left is the beginning of a secret.
    private func mayGoOn(from place: Int) -> Bool {
        let rest = held[place...]
        guard rest.count < longest else { return false }
        return concealments.contains { $0.bytes.count > rest.count && $0.bytes.starts(with: rest) }
    }
}
