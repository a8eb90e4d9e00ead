// SPDX-License-Identifier: Apache-2.0

public import CMaitredPlugin
package import MaitredPluginKit

/// Knows a conversation's contact from HubSpot and keeps its timeline there.
package struct HubSpotPlugin: Plugin {
    package struct Config: Decodable, Sendable {
        package let accessToken: String
        package let writeNotes: Bool
        package let noteMessages: Int
        package let tierProperty: String
        package let renewalProperty: String
        package let ownerProperty: String
        package let lifecycleProperty: String
        package let companyProperty: String
        package let companyNameProperty: String
        package let extraProperties: [String]
        package let apiVersion: String
        package let apiBase: String
    }

    package static var manifest: [UInt8] { PackageResources.plugin_json }

    private let config: Config
    private let api: HubSpotAPI
    private let lookup: CustomerLookup
    private let actions: CustomerActions

    package init(_ host: Host, config: Config) throws {
        let paths = try HubSpotPaths(base: config.apiBase, version: config.apiVersion)
        self.config = config
        api = HubSpotAPI(paths: paths, token: config.accessToken)
        lookup = CustomerLookup(api: api, config: config)
        actions = CustomerActions(lookup: lookup)
    }

    package func register(_ registrar: inout Registrar) {
        registrar.enrich(.conversationOpened) { [lookup] input, call in
            guard let email = input.contact.email, !email.isEmpty else { return nil }
            return try await lookup.customer(email, call)?.facts(lookup.config)
        }
        registrar.panel("crm") { [lookup] call in
            try await CustomerPanel(lookup: lookup).draw(call)
        }
        registrar.action("hubspot.create_contact", actions.createContact)
        registrar.action("hubspot.note", actions.writeNote)
        let resolution = ResolutionNotes(lookup: lookup)
        registrar.observe("conversation.handed_off", resolution.handedOff)
        registrar.observe("conversation.resolved", resolution.resolved)
        registrar.health { [api, config] call in
            async let contacts: Void = api.probe("contacts", call)
            async let companies: Void =
                config.companyNameProperty.isEmpty ? () : api.probe("companies", call)
            async let owners: Void = config.ownerProperty.isEmpty ? () : api.probeOwners(call)
            _ = try await (contacts, companies, owners)
        }
    }
}

/// What the library exports.
@c(maitred_plugin_entry)
public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
    export(HubSpotPlugin.self, major)
}
