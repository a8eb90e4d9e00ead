import Model
import Synchronization

/// Which pages may open sockets and sessions, known without asking the store.
package final class OriginPolicy: Sendable {
    private let own: Set<String>
    private let sites = Mutex<[SiteID: Set<String>]>([:])

    package init(own: [String]) { self.own = Set(own.map { $0.lowercased() }) }

    func set(_ all: [Site]) {
        let fresh = Dictionary(
            all.map { ($0.id, Set($0.origins.map { $0.lowercased() })) },
            uniquingKeysWith: { first, _ in first }
        )
        sites.withLock { $0 = fresh }
    }

    /// Whether any session at all could come from there.
    func isKnown(_ origin: String) -> Bool {
        let origin = origin.lowercased()
        return own.contains(origin)
            || sites.withLock { sites in sites.values.contains { $0.contains(origin) } }
    }

    /// A customer's session: one of the site's pages, or the widget's own frame.
    func admits(_ origin: String?, to site: Site) -> Bool {
        guard let origin = origin?.lowercased() else { return false }
        return own.contains(origin) || site.origins.contains { $0.lowercased() == origin }
    }

    /// An agent's session: this server's own pages.
    func isConsole(_ origin: String?) -> Bool {
        origin.map { own.contains($0.lowercased()) } ?? false
    }
}
