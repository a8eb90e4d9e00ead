// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// A contact of HubSpot's with what belongs to it.
struct Customer: Sendable {
    let contact: CRMObject
    let company: CRMObject?
    /// The name of whoever looks after the contact, or else after its company.
    let owner: String?

    private static let valueLimit = 300

    /// The contact's name, as far as HubSpot has it.
    var name: String? {
        let parts = [contact["firstname"], contact["lastname"]].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// What triage and agents are told; nil when HubSpot has the contact but no more.
    func facts(_ config: HubSpotPlugin.Config) -> Facts? {
        var facts = Facts(title: "HubSpot")
        for (name, value) in values(config) { facts[name] = .text(value) }
        return facts.isEmpty ? nil : facts
    }

    /// Names and values in order, none of them empty.
    func values(_ config: HubSpotPlugin.Config) -> [(String, String)] {
        let company = company?[config.companyNameProperty] ?? contact[config.companyProperty]
        let known: [(String, String?)] =
            [
                ("company", company),
                ("tier", value(config.tierProperty)),
                ("owner", owner),
                ("renewal", value(config.renewalProperty).map(Self.day)),
                ("lifecycle", value(config.lifecycleProperty)),
            ] + config.extraProperties.map { ($0, value($0)) }
        return known.compactMap { name, value in
            value.map { (name, String($0.prefix(Self.valueLimit))) }
        }
    }

    private func value(_ property: String) -> String? { contact[property] ?? company?[property] }

    /// The day of a date or of a time.
    private static func day(_ text: String) -> String {
        text.dropFirst(10).first == "T" ? String(text.prefix(10)) : text
    }
}
