/// A pattern over the names that pages give themselves: `billing.*`, `project.board`.
///
/// `*` stands for any run of characters; `billing.*` matches `billing` itself too.
package struct PageGlob: Hashable, Sendable {
    package let pattern: String

    package init(_ pattern: String) { self.pattern = pattern }

    package func matches(_ page: String) -> Bool {
        if pattern.hasSuffix(".*"), page == pattern.dropLast(2) { return true }
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else {
            return pattern == page
        }
        guard page.hasPrefix(first) else { return false }
        var rest = page.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}

extension [PageGlob] {
    package func matches(_ page: String?) -> Bool {
        guard let page else { return false }
        return contains { $0.matches(page) }
    }
}
