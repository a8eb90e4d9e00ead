// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// Addresses in HubSpot's interface, in either style of naming its version.
///
/// Up to v3 the version stands before the kind of thing, in dated versions after it:
/// `/crm/v3/objects/contacts`, `/crm/objects/2026-03/contacts`
/// (https://developers.hubspot.com/docs/developer-tooling/platform/versioning).
struct HubSpotPaths: Sendable {
    private let base: String
    private let version: String
    private let isDated: Bool

    /// - Parameters:
    ///   - base: The origin, with or without a slash at its end.
    ///   - version: `v3`, or a year and a month: `2026-03`, `2027-03-beta`.
    /// - Throws: ``PluginFailure`` for any other version.
    init(base: String, version: String) throws {
        let numbered = version.wholeMatch(of: /v[0-9]+/) != nil
        guard numbered || version.wholeMatch(of: /20[0-9]{2}-[0-9]{2}(-beta)?/) != nil else {
            throw PluginFailure(.invalid, "api_version is neither like v3 nor like 2026-03")
        }
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.version = version
        isDated = !numbered
    }

    /// Objects of a type: `contacts`, `companies`, `notes`.
    func objects(_ type: String) -> String {
        isDated
            ? "\(base)/crm/objects/\(version)/\(type)" : "\(base)/crm/\(version)/objects/\(type)"
    }

    /// One object, or what stands in an object's place: `search`, `batch/read`.
    func object(_ type: String, _ id: String) -> String {
        "\(objects(type))/\(Self.segment(id))"
    }

    /// What searches objects of a type.
    func search(_ type: String) -> String { "\(objects(type))/search" }

    /// What reads several objects of a type, at most 100.
    func batchRead(_ type: String) -> String { "\(objects(type))/batch/read" }

    /// The account's users.
    var owners: String {
        isDated ? "\(base)/crm/owners/\(version)" : "\(base)/crm/\(version)/owners"
    }

    /// One user.
    func owner(_ id: String) -> String { "\(owners)/\(Self.segment(id))" }

    /// The account that the token belongs to.
    var account: String { "\(base)/account-info/\(version)/details" }

    /// A path's segment (RFC 3986, 3.3), with `@` as it is: HubSpot has answered 404 to `%40`
    /// (https://github.com/HubSpot/hubspot-api-nodejs/issues/669).
    private static func segment(_ text: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
            .union("-._~@!$&'*+=".utf8)
        var out = ""
        for byte in text.utf8 {
            if plain.contains(byte) {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                out += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return out
    }
}
