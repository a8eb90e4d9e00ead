import Foundation
import Glibc
import JSONCoding
import PluginHost
import Testing

/// The CSV plugin in its own process, as the server runs it.
struct CRMPluginTests {
    private static let id = "maitred.crm-csv"

    private func host(_ workshop: PluginWorkshop, file: String) async -> PluginHost {
        await workshop.host([]) {
            $0.bundleFolders = ["\(PluginWorkshop.root)/Plugins"]
            $0.settings = [Self.id: .init(config: ["file": .string(file)])]
        }
    }

    @Test func `supplies facts, and reads the file again when it changes`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = "\(workshop.folder)/customers.csv"
            try workshop.write(
                "email,plan,seats,renewal_date\nada@example.com,Business,25,2027-03-01\n",
                to: file
            )
            let host = await host(workshop, file: file)
            let asked = await host.ask()
            let before = try await host.state(of: Self.id)
            let first = try #require(asked.first, "\(before)")
            #expect(first.title == "CRM")
            #expect(first.facts.keys == ["plan", "seats", "renewal_date"])
            #expect(first.facts == ["plan": "Business", "seats": 25, "renewal_date": "2027-03-01"])
            #expect(await host.ask(["email": "nobody@example.com"]).isEmpty)
            #expect(await host.ask(["id": "ct_1"]).isEmpty)

            let handle = try #require(FileHandle(forWritingAtPath: file))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("bob@example.com,Free,1,\n".utf8))
            try handle.close()
            #expect(
                await host.ask(["email": "BOB@example.com"]).first?.facts == [
                    "plan": "Free", "seats": 1,
                ]
            )
            let state = try await host.state(of: Self.id)
            #expect(state.restarts == 0, "\(state)")
            await host.stop()
        }
    }

    @Test func `follows a file that is replaced by another`() async throws {
        try await PluginWorkshop.with { workshop in
            let file = "\(workshop.folder)/customers.csv"
            try workshop.write("email,plan\nada@example.com,Free\n", to: file)
            let host = await host(workshop, file: file)
            #expect(await host.ask().first?.facts == ["plan": "Free"])
            let old = await host.instance(Self.id)?.processID
            try workshop.write("email,plan\nada@example.com,Business\n", to: "\(file).new")
            #expect(rename("\(file).new", file) == 0)
            try await host.waitForProcess(of: Self.id, otherThan: old)
            #expect(await host.ask().first?.facts == ["plan": "Business"])
            #expect(try await host.state(of: Self.id).status == .running)
            await host.stop()
        }
    }

    @Test func `runs without its file and says what is wrong`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = await host(workshop, file: "\(workshop.folder)/absent.csv")
            #expect(await host.ask().isEmpty)
            let state = try await host.state(of: Self.id)
            #expect(state.status == .running, "\(state)")
            #expect(state.lastError?.contains("No such file") == true)
            await host.stop()
        }
    }

    @Test func `lists the faults of its configuration`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = await workshop.host([]) {
                $0.bundleFolders = ["\(PluginWorkshop.root)/Plugins"]
                $0.settings = [Self.id: .init(config: ["match_by": "shoe size", "colour": "red"])]
            }
            let faults = [
                "config.colour: the plugin has no such setting", "config.file: missing",
                "config.match_by: not one of \"email\", \"external_id\"",
            ]
            let state = try await host.state(of: Self.id)
            #expect(state.status == .invalid(faults))
            await host.stop()
        }
    }
}
