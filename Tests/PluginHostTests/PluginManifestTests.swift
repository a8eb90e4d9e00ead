import Foundation
import JSONCoding
import PluginHost
import Testing

struct PluginManifestTests {
    private func faults(_ json: JSON) -> [String] {
        do throws(PluginManifest.Faults) {
            _ = try PluginManifest(parsing: json.bytes())
            return []
        } catch {
            return error.list
        }
    }

    @Test func `reads the manifests of this repository`() throws {
        for name in ["crm-csv", "hello-c"] {
            let path = "\(PluginWorkshop.root)/Plugins/\(name)/plugin.json"
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            let manifest = try PluginManifest(parsing: bytes)
            #expect(manifest.id == "maitred.\(name)")
            #expect(manifest.library == "lib\(name).so")
            #expect(manifest.hooks.map(\.method) == ["hook/conversation.opened"])
        }
    }

    @Test func `fills in what is not said`() throws {
        let json = PluginWorkshop.manifest(
            "small",
            with: [
                "limits": [:],
                "contributes": ["hooks": [["on": "conversation.opened", "mode": "enrich"]]],
            ]
        )
        let manifest = try PluginManifest(parsing: json.bytes())
        #expect(manifest.concurrency == 4 && manifest.memoryMegabytes == 128)
        #expect(manifest.hooks.first?.deadline == .milliseconds(800))
        #expect(manifest.config.fields.isEmpty)
        #expect(manifest.permissions.httpRate == 100 && manifest.permissions.lines.isEmpty)
    }

    @Test func `more requests a second than is usual are shown and need another yes`() throws {
        func permissions(_ rate: JSON) throws -> PluginManifest.Permissions {
            let asked: JSON = ["http": ["https://api.example.com/*"], "http_per_second": rate]
            let json = PluginWorkshop.manifest("fast", with: ["permissions": asked])
            return try PluginManifest(parsing: json.bytes()).permissions
        }
        let line = "rate 300 requests a second"
        #expect(try permissions(300).lines.contains(line))
        #expect(try permissions(300).beyond(permissions(100)) == [line])
        #expect(try permissions(5).beyond(permissions(300)).isEmpty)
        for wrong: JSON in [0, 1001, "many"] {
            #expect(throws: PluginManifest.Faults.self) { try permissions(wrong) }
        }
    }

    @Test func `lists all faults together`() {
        let json: JSON = [
            "id": "Stripe", "version": "one", "abi": 2, "engines": ["maitred": ">=9 <10"],
            "entry": "../evil.so", "limits": ["concurrency": 0, "memory_mb": "much"],
            "contributes": ["hooks": [["on": "message.inbound", "mode": "sift"]]],
            "config": [
                "type": "object", "required": ["key"],
                "properties": ["limit": ["type": "integer", "default": "five"]],
            ],
        ]
        #expect(
            faults(json) == [
                "abi: 2 is newer than 1, which this server serves",
                "engines.maitred: >=9 <10 leaves out 1.0.0, this server",
                "config.required: key is not among the properties",
                "id: not like com.example.name, in lower case, digits and hyphens",
                "name: missing, or not a text", "version: not like 1.2.3",
                "entry: not a file name that ends in .so",
                "contributes.hooks[0].mode: not one of filter, enrich, provide, observe",
                "limits.concurrency: not a whole number from 1 to 64",
                "limits.memory_mb: not a whole number from 8 to 4096",
            ]
        )
    }

    @Test func `names the machine that a library is missing for`() {
        let json = PluginWorkshop.manifest("other", with: ["entry": ["linux-riscv64": "lib.so"]])
        #expect(faults(json).first?.hasSuffix("only for linux-riscv64") == true)
    }

    @Test func `refuses what is no manifest at all`() {
        #expect(faults([1, 2]).first == "plugin.json is not an object")
        #expect(throws: PluginManifest.Faults.self) { try PluginManifest(parsing: Array("{".utf8)) }
        #expect(throws: PluginManifest.Faults.self) {
            try PluginManifest(parsing: Array(repeating: 32, count: 70_000))
        }
    }

    @Test(arguments: [
        (">=1.0 <2", "1.0.0", true), (">=1.0 <2", "2.0.0", false), (">=1.0 <2", "1.99", true),
        (">1", "1.0.0", false), ("<=1.2", "1.2.0", true), ("=1.2.3", "1.2.3", true),
    ])
    func `compares versions place by place`(_ range: String, _ version: String, _ isIn: Bool) {
        #expect(VersionRange(range)?.contains(version) == isIn)
    }

    @Test(arguments: ["", "1.0", "~1", ">=", ">=1.x", ">=1.2.3.4"])
    func `takes nothing for a range that is none`(_ text: String) {
        #expect(VersionRange(text) == nil)
    }
}
