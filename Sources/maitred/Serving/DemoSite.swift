import Foundation
import Model
import Store

/// The site that the demo embeds.
struct DemoSite {
    let store: Store
    let origin: String

    /// The key of the demo's site, which may be embedded wherever this server shows the demo; nil in a
    /// workspace that is no demo.
    func prepare(isDemo: Bool) async throws -> String? {
        guard isDemo, var site = try await store.sites().min(by: { $0.id < $1.id }) else {
            return nil
        }
        if !site.origins.contains(origin) {
            site.origins.append(origin)
            try await store.updateSite(site)
        }
        return site.id.description
    }
}
