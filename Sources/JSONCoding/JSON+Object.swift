extension JSON {
    /// The members of a JSON object, in the order they were written.
    ///
    /// Look-up is linear: objects on the wire have a dozen members. Of repeated keys the first counts.
    /// Two objects are equal when they have the same members in any order.
    package struct Object: Sendable {
        package typealias Member = (key: String, value: JSON)
        package private(set) var members: [Member]

        package init() { members = [] }

        package init(_ members: [(String, JSON)]) {
            self.init(firstOfEach: members.map { (key: $0.0, value: $0.1) })
        }

        /// Keeps the first member of each key.
        init(firstOfEach members: [Member]) {
            self.members = members
            if Self.repeatsAKey(members) {
                var seen: Set<String> = []
                self.members = members.filter { seen.insert($0.key).inserted }
            }
        }

        package var isEmpty: Bool { members.isEmpty }
        package var count: Int { members.count }
        package var keys: [String] { members.map(\.key) }

        /// Reads, replaces, appends, or (with nil) removes a member.
        package subscript(key: String) -> JSON? {
            get {
                for member in members where member.key == key { return member.value }
                return nil
            }
            set {
                let index = members.firstIndex { $0.key == key }
                switch (index, newValue) {
                case (let index?, let value?): members[index].value = value
                case (let index?, nil): members.remove(at: index)
                case (nil, let value?): members.append((key: key, value: value))
                case (nil, nil): break
                }
            }
        }

        /// Takes over the members of another object; where both have a key, the other's value wins.
        package mutating func merge(_ other: Object) {
            for member in other.members { self[member.key] = member.value }
        }
    }
}

extension JSON.Object {
    /// Up to this size comparing each pair is faster than hashing; beyond it quadratic work would be
    /// a gift to whoever sends a thousand keys.
    private static let smallCount = 16

    private static func repeatsAKey(_ members: [Member]) -> Bool {
        guard members.count <= smallCount else {
            return Set(members.lazy.map(\.key)).count < members.count
        }
        for (index, member) in members.enumerated() {
            for other in members[..<index] where other.key == member.key { return true }
        }
        return false
    }

    private static func lookup(_ members: [Member]) -> [String: JSON] {
        Dictionary(members.lazy.map { ($0.key, $0.value) }) { first, _ in first }
    }
}

extension JSON.Object: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        guard left.count > smallCount else {
            return left.members.allSatisfy { right[$0.key] == $0.value }
        }
        let values = lookup(right.members)
        return left.members.allSatisfy { values[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        for key in keys.sorted() { hasher.combine(key) }
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
