// SPDX-License-Identifier: Apache-2.0

public import CMaitredPlugin
package import MaitredPluginKit

/// Supplies what a CSV file says about a contact: plan, tier, value, renewal date and the like.
package struct CRMPlugin: Plugin {
    package struct Config: Decodable, Sendable {
        package enum MatchBy: String, Decodable, Sendable {
            case email
            case externalId = "external_id"
        }

        package let file: String
        package let keyColumn: String
        package let matchBy: MatchBy
        package let columns: [String]
        package let delimiter: String
        package let title: String
    }

    package static var manifest: [UInt8] { PackageResources.plugin_json }

    private let config: Config
    private let file: CustomerFile

    /// Reads the file once, so that a fault in it is in the log before the first customer comes;
    /// the plugin runs all the same, because the file may be mended at any time.
    package init(_ host: Host, config: Config) {
        self.config = config
        file = CustomerFile(config)
        do {
            let table = try file.current()
            host.log(.info, "customers read", ["customers": String(table.count)])
        } catch {
            host.log(.error, "the customers' file cannot be used", ["reason": "\(error)"])
        }
    }

    package func register(_ registrar: inout Registrar) {
        registrar.enrich(.conversationOpened) { [self] input, _ in
            let key =
                switch config.matchBy {
                case .email: input.contact.email
                case .externalId: input.contact.externalId
                }
            guard let key, !key.isEmpty else { return nil }
            do throws(CRMFailure) {
                return try file.current().facts(of: key, title: config.title)
            } catch {
                throw PluginFailure(.temporary, error.description)
            }
        }
    }
}

/// What the library exports.
@c(maitred_plugin_entry)
public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
    export(CRMPlugin.self, major)
}
