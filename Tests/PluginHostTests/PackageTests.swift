import Credentials
import Foundation
import Glibc
import JSONCoding
import PluginHost
import Testing

/// Plugins in one file: what is packed, what is believed, and what is never loaded.
struct PackageTests {
    private let key = SigningKey()
    private let state = MemoryState()

    /// Packs the paint plugin, and takes its folder away.
    private func pack(
        _ workshop: PluginWorkshop,
        version: String = "1.0.0",
        permissions: JSON.Object = ["kv_bytes": 1000],
        signedWith key: SigningKey?
    ) async throws -> String {
        _ = try await PaintPlugin.build(workshop, version: version, permissions: permissions)
        let folder = "\(workshop.bundles)/paint"
        let file = "\(workshop.folder)/paint-\(version).maitredplugin"
        let bundle = try PluginBundle(folder: folder, libraryFolders: [])
        try PluginPackage.pack(bundle, into: file, signedWith: key)
        try FileManager.default.removeItem(atPath: folder)
        return file
    }

    /// A host that installs into the workshop and trusts the key.
    private func host(
        _ workshop: PluginWorkshop,
        trusting keys: [String: VerifyingKey]? = nil,
        unsigned: Set<String> = []
    ) async -> PluginHost {
        await workshop.host([], services: PluginWorkshop.services(state)) {
            $0.installFolder = "\(workshop.folder)/installed"
            $0.trustedKeys = keys ?? ["maker": key.publicKey]
            $0.unsigned = unsigned
        }
    }

    private func installed(_ workshop: PluginWorkshop, _ name: String) -> String {
        "\(workshop.folder)/installed/\(PaintPlugin.id)/1.0.0/\(name)"
    }

    /// Changes one byte of a file, its size and its times of change left as they are.
    private func spoil(_ path: String) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: path))
    }

    /// Unpacks a package, has it changed, and packs it again without touching its lists.
    private func tamper(
        _ file: String,
        _ workshop: PluginWorkshop,
        _ change: (_ folder: String) throws -> Void
    ) async throws {
        let folder = "\(workshop.folder)/tampered"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await workshop.run(["tar", "--extract", "--file", file, "--directory", folder])
        try change(folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        try await workshop.run(
            ["tar", "--create", "--sparse", "--file", file, "--directory", folder] + names
        )
        try FileManager.default.removeItem(atPath: folder)
    }

    private func trust(of host: PluginHost) async -> JSON? {
        await host.description(of: PaintPlugin.id)?["trust"]
    }

    // MARK: - Round trip

    @Test func `what was packed and signed is installed, trusted and runs`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            let host = await host(workshop)
            let installed = try await host.install(file)
            #expect(installed.id == PaintPlugin.id && installed.version == "1.0.0")
            #expect(installed.permissions == ["store 1000 bytes"])
            // It does not run before it is switched on.
            #expect(workshop.processes.isEmpty)
            #expect(await trust(of: host) == "trusted")
            try await host.enable(PaintPlugin.id, agreed: true)
            #expect(try await host.colour() == "white")
            await host.stop()
        }
    }

    @Test func `the same plugin packed twice is the same file`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            let first = try Data(contentsOf: URL(filePath: file))
            _ = try await pack(workshop, signedWith: key)
            #expect(try Data(contentsOf: URL(filePath: file)) == first)
        }
    }

    @Test func `a version is installed once`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            let host = await host(workshop)
            _ = try await host.install(file)
            let fault = await #expect(throws: PluginPackage.Fault.self) {
                try await host.install(file)
            }
            #expect(fault?.description.contains("installed already") == true)
            await host.stop()
        }
    }

    // MARK: - Signatures

    @Test func `what nobody has signed runs only where it is named`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: nil)
            let strict = await host(workshop)
            let fault = await #expect(throws: PluginPackage.Fault.self) {
                try await strict.install(file)
            }
            #expect(fault?.description.contains("nobody you trust has signed it") == true)
            #expect(!FileManager.default.fileExists(atPath: installed(workshop, "plugin.json")))
            await strict.stop()

            let named = await host(workshop, unsigned: [PaintPlugin.id])
            _ = try await named.install(file)
            #expect(await trust(of: named) == "unsigned")
            try await named.enable(PaintPlugin.id, agreed: true)
            #expect(try await named.colour() == "white")
            await named.stop()

            // No longer named, it does not run any more.
            let after = await host(workshop)
            #expect(try await after.state(of: PaintPlugin.id).status.name == "refused")
            #expect(workshop.processes.isEmpty)
            await after.stop()
        }
    }

    @Test func `a key that nobody has named signs nothing`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: SigningKey())
            let host = await host(workshop)
            let fault = await #expect(throws: PluginPackage.Fault.self) {
                try await host.install(file)
            }
            #expect(fault?.description.contains("nobody you trust has signed it") == true)
            // Signed anew by somebody who is known, it is.
            try PluginPackage.sign(file, with: key)
            _ = try await host.install(file)
            #expect(await trust(of: host) == "trusted")
            await host.stop()
        }
    }

    @Test func `a signature over another list is none`() async throws {
        try await PluginWorkshop.with { workshop in
            let other = try await pack(workshop, version: "2.0.0", signedWith: key)
            let signature = "\(workshop.folder)/SIGNATURE"
            try await workshop.run([
                "tar", "--extract", "--file", other, "--directory", workshop.folder, "SIGNATURE",
            ])
            let file = try await pack(workshop, signedWith: nil)
            try await tamper(file, workshop) { folder in
                try FileManager.default.copyItem(atPath: signature, toPath: "\(folder)/SIGNATURE")
            }
            let host = await host(workshop)
            await #expect(throws: PluginPackage.Fault.self) { try await host.install(file) }
            await host.stop()
        }
    }

    // MARK: - Changes

    @Test(arguments: ["libpaint.so", "plugin.json", "MANIFEST.json"])
    func `a byte that was changed on the way keeps a package out`(name: String) async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            try await tamper(file, workshop) { try spoil("\($0)/\(name)") }
            // Named or not makes no difference.
            let host = await host(workshop, unsigned: [PaintPlugin.id])
            await #expect(throws: PluginPackage.Fault.self) { try await host.install(file) }
            await #expect(throws: PluginHost.Refusal.self) {
                try await host.enable(PaintPlugin.id, agreed: true)
            }
            await host.stop()
        }
    }

    @Test func `a library that is changed after it was installed is not loaded`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            let before = await host(workshop, unsigned: [PaintPlugin.id])
            _ = try await before.install(file)
            try spoil(installed(workshop, "libpaint.so"))
            #expect(await trust(of: before) == "modified")
            let refusal = await #expect(throws: PluginHost.Refusal.self) {
                try await before.enable(PaintPlugin.id, agreed: true)
            }
            #expect(refusal?.reasons.first?.contains("libpaint.so is not as it was packed") == true)
            #expect(workshop.processes.isEmpty)
            await before.stop()
        }
    }

    @Test func `a library that is changed while it runs is not loaded again`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            let host = await host(workshop)
            _ = try await host.install(file)
            try await host.enable(PaintPlugin.id, agreed: true)
            // As a new file: the running process keeps the one it has.
            let library = installed(workshop, "libpaint.so")
            try FileManager.default.copyItem(atPath: library, toPath: "\(workshop.folder)/new.so")
            try spoil("\(workshop.folder)/new.so")
            try FileManager.default.removeItem(atPath: library)
            try FileManager.default.moveItem(atPath: "\(workshop.folder)/new.so", toPath: library)
            await #expect(throws: PluginError.lost) { try await host.colour("crash") }
            try await host.waitFor(PaintPlugin.id) { $0.status.name == "refused" }
            #expect(workshop.processes.isEmpty)
            await #expect(throws: PluginHost.Refusal.self) {
                try await host.restart(PaintPlugin.id)
            }
            await host.stop()

            let after = await self.host(workshop)
            #expect(try await after.state(of: PaintPlugin.id).status.name == "refused")
            await after.stop()
        }
    }

    @Test func `what is put beside an installed plugin is noticed`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            let host = await host(workshop)
            _ = try await host.install(file)
            try workshop.write("x", to: installed(workshop, "libc.so.6"))
            #expect(await trust(of: host) == "modified")
            await #expect(throws: PluginHost.Refusal.self) {
                try await host.enable(PaintPlugin.id, agreed: true)
            }
            await host.stop()
        }
    }

    // MARK: - Archives

    @Test(arguments: [
        ("a link", "LINK is not a plain file"), ("a folder", "more is not a plain file"),
        ("a file that is not listed", "more is not listed"),
        ("a file of a terabyte", "libpaint.so is larger than"),
    ])
    func `an archive with something strange in it is refused`(
        _ strange: String,
        _ words: String
    ) async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            let target = "\(workshop.folder)/target"
            try workshop.write("mine", to: target)
            try await tamper(file, workshop) { folder in
                let manager = FileManager.default
                switch strange {
                case "a link":
                    try manager.createSymbolicLink(
                        atPath: "\(folder)/LINK",
                        withDestinationPath: target
                    )
                case "a folder":
                    try manager.createDirectory(
                        atPath: "\(folder)/more",
                        withIntermediateDirectories: false
                    )
                case "a file that is not listed": try workshop.write("x", to: "\(folder)/more")
                default:
                    // Sparse: it takes no room in the archive.
                    try manager.removeItem(atPath: "\(folder)/libpaint.so")
                    try workshop.write("", to: "\(folder)/libpaint.so")
                    truncate("\(folder)/libpaint.so", 1 << 40)
                }
            }
            let host = await host(workshop, unsigned: [PaintPlugin.id])
            let fault = await #expect(throws: PluginPackage.Fault.self) {
                try await host.install(file)
            }
            #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "")")
            #expect(!FileManager.default.fileExists(atPath: installed(workshop, "plugin.json")))
            #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
            await host.stop()
        }
    }

    @Test func `an archive that writes elsewhere writes nothing there`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = "\(workshop.folder)/evil.maitredplugin"
            let target = "\(workshop.folder)/target"
            try workshop.write("theirs", to: target)
            try await workshop.run([
                "tar", "--create", "--absolute-names", "--file", file, target,
            ])
            try workshop.write("mine", to: target)
            let host = await host(workshop)
            await #expect(throws: PluginPackage.Fault.self) { try await host.install(file) }
            #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
            await host.stop()
        }
    }

    @Test func `a compressed archive is refused, however little it unpacks to`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = try await pack(workshop, signedWith: key)
            try await workshop.run(["gzip", "--keep", file])
            let host = await host(workshop)
            await #expect(throws: PluginPackage.Fault.self) { try await host.install(file + ".gz") }
            _ = try await host.install(file)
            await host.stop()
        }
    }

    @Test func `what is no archive at all is refused`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = await host(workshop)
            try workshop.write("hello", to: "\(workshop.folder)/text")
            for name in ["text", "absent", "bundles"] {
                await #expect(throws: PluginPackage.Fault.self) {
                    try await host.install("\(workshop.folder)/\(name)")
                }
            }
            await host.stop()
        }
    }

    // MARK: - Versions

    @Test func `another version takes over when it is chosen, and the first one comes back`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = await host(workshop)
            _ = try await host.install(try await pack(workshop, signedWith: key))
            try await host.enable(PaintPlugin.id, agreed: true)
            let first = try #require(await host.paintProcess)
            _ = try await host.install(try await pack(workshop, version: "1.1.0", signedWith: key))
            #expect(try await host.state(of: PaintPlugin.id).version == "1.0.0")

            async let slow = host.colour("slow")
            try await host.waitUntilSaid(by: PaintPlugin.id, 1)
            try await host.switchVersion(PaintPlugin.id, to: "1.1.0", agreed: false)
            #expect(try await slow == "white")
            #expect(try await host.state(of: PaintPlugin.id).version == "1.1.0")
            let second = try #require(await host.paintProcess)
            #expect(second != first && workshop.processes == [second])

            try await host.rollBack(PaintPlugin.id)
            #expect(try await host.state(of: PaintPlugin.id).version == "1.0.0")
            #expect(workshop.processes.count == 1)
            await host.stop()
        }
    }

    @Test func `a version that asks for more waits for a yes, and the old one works on`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = await host(workshop)
            _ = try await host.install(try await pack(workshop, signedWith: key))
            try await host.enable(PaintPlugin.id, agreed: true)
            let process = await host.paintProcess
            let wider = try await pack(
                workshop,
                version: "2.0.0",
                permissions: ["kv_bytes": 1000, "write": ["conversation.reply"]],
                signedWith: key
            )
            _ = try await host.install(wider)
            let refusal = await #expect(throws: PluginHost.Refusal.self) {
                try await host.switchVersion(PaintPlugin.id, to: "2.0.0", agreed: false)
            }
            #expect(refusal?.kind == .needsConsent)
            #expect(refusal?.reasons == ["write conversation.reply"])
            #expect(await host.paintProcess == process)
            #expect(try await host.state(of: PaintPlugin.id).version == "1.0.0")
            try await host.switchVersion(PaintPlugin.id, to: "2.0.0", agreed: true)
            #expect(try await host.state(of: PaintPlugin.id).version == "2.0.0")
            await host.stop()
        }
    }

    @Test func `a version that does not start leaves the old one at work`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = await host(workshop)
            _ = try await host.install(try await pack(workshop, signedWith: key))
            try await host.enable(PaintPlugin.id, agreed: true)
            let process = await host.paintProcess
            _ = try await host.install(try await pack(workshop, version: "1.1.0", signedWith: key))
            try spoil("\(workshop.folder)/installed/\(PaintPlugin.id)/1.1.0/libpaint.so")
            await #expect(throws: PluginHost.Refusal.self) {
                try await host.switchVersion(PaintPlugin.id, to: "1.1.0", agreed: true)
            }
            #expect(await host.paintProcess == process)
            #expect(try await host.colour() == "white")
            #expect(try await host.state(of: PaintPlugin.id).version == "1.0.0")
            await host.stop()
        }
    }

    @Test func `a version that was only installed does not run after a restart of the server`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let before = await host(workshop)
            _ = try await before.install(try await pack(workshop, signedWith: key))
            try await before.enable(PaintPlugin.id, agreed: true)
            _ = try await before.install(
                try await pack(workshop, version: "1.1.0", signedWith: key)
            )
            await before.stop()
            let after = await host(workshop)
            #expect(try await after.state(of: PaintPlugin.id).version == "1.0.0")
            try await after.switchVersion(PaintPlugin.id, to: "1.1.0", agreed: false)
            await after.stop()
            let last = await host(workshop)
            #expect(try await last.state(of: PaintPlugin.id).version == "1.1.0")
            await last.stop()
        }
    }
}
