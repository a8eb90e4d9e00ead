// SPDX-License-Identifier: Apache-2.0

public import CMaitredPlugin
import MaitredPluginKit

/// Bugs that customers report, in Linear: filed once however many report them, and everyone who
/// did is told when they are closed.
struct LinearPlugin: Plugin {
    struct Config: Decodable, Sendable {
        let apiKey: String
        let teamId: String
        let labelIds: [String]
        /// From how much likeness of their titles on two reports are one bug.
        let duplicatePercent: Int
        let closeMessage: String
        let cancelMessage: String
        let apiBase: String
    }

    static var manifest: [UInt8] { PackageResources.plugin_json }

    private let config: Config

    init(_ host: Host, config: Config) { self.config = config }

    func register(_ registrar: inout Registrar) {
        registrar.action("linear.file_bug") { [config] (report: BugReport, call) in
            try await Filing(config, call).file(report)
        }
        registrar.action("linear.search") { [config] (query: IssueQuery, call) in
            try await query.answer(from: LinearAPI(config, call))
        }
        registrar.webhook("events") { [config] request, call in
            await Closing(config, call).receive(request)
        }
        registrar.enrich(.conversationOpened) { [config] opened, call in
            try await LinkedBugs(config, call).facts(of: opened)
        }
        registrar.panel("bugs") { [config] call in
            try await LinkedBugs(config, call).panel()
        }
        registrar.health { [config] call in
            try await LinearAPI(config, call).check(labels: config.labelIds)
        }
    }
}

/// What the library exports.
@c(maitred_plugin_entry)
public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
    export(LinearPlugin.self, major)
}
