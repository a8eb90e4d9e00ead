import JSONCoding
import PluginHost
import Testing

/// The promise of the interface: what was built for a minor version loads in every later one.
struct OlderInterfaceTests {
    /// Built from `Plugins/hello-c` with the header of 1.0, and never again: for x86-64.
    @Test(.enabled(if: Self.isFixtureForThisMachine))
    func `a library built with the header of 1 point 0 loads and answers`() async throws {
        try await PluginWorkshop.with { workshop in
            let fixtures = "\(PluginWorkshop.root)/Tests/PluginHostTests/Fixtures"
            let host = await workshop.host(["maitred.hello-c"]) {
                $0.bundleFolders = [fixtures]
                $0.libraryFolders = []
            }
            #expect(try await host.state(of: "maitred.hello-c").status == .running)
            let facts = try #require(await host.ask().first?.facts)
            #expect((0..<24).contains(facts["opened_at_hour_utc"]?.intValue ?? -1))
            await host.stop()
        }
    }

    private static var isFixtureForThisMachine: Bool {
        #if arch(x86_64)
        true
        #else
        false
        #endif
    }
}
