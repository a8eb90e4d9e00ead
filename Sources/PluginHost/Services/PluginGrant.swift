import Credentials
import Egress
import Foundation
import JSONCoding

/// What one configuration of a plugin may do, and the secrets it never sees.
package struct PluginGrant: Sendable {
    package let id: String
    package let name: String
    package let permissions: PluginManifest.Permissions
    /// The configuration as the plugin has it.
    package let config: JSON.Object
    /// Values of `format: secret`, by their path in the configuration.
    let secrets: [String: String]
    let allowList: AllowList
    let oauth: [PluginManifest.OAuthClient]
    /// Access tokens lent for one request, by name.
    var tokens: [String: String] = [:]

    /// - Parameters:
    ///   - manifest: Whose permissions they are.
    ///   - resolved: A configuration that is right.
    ///   - allowsPrivateNetwork: The operator's yes to addresses of private networks.
    /// - Throws: When the permissions and the configuration make no address that can be asked.
    package init(
        _ manifest: PluginManifest,
        _ resolved: ConfigSchema.Resolved,
        allowsPrivateNetwork: Bool
    ) throws(PluginManifest.Faults) {
        id = manifest.id
        name = manifest.name
        permissions = manifest.permissions
        config = resolved.config
        secrets = resolved.secrets
        oauth = manifest.oauth
        var patterns: [String] = []
        for pattern in manifest.permissions.http {
            if let pattern = Self.filled(pattern, from: resolved.config) {
                patterns.append(pattern)
            }
        }
        do throws(EgressFailure) {
            allowList = try AllowList(patterns, allowsPrivateAddresses: allowsPrivateNetwork)
        } catch {
            throw PluginManifest.Faults(list: ["permissions.http: \(error)"])
        }
    }

    /// A pattern with the operator's values in it; nil when one of them is not set.
    private static func filled(_ pattern: String, from config: JSON.Object) -> String? {
        var rest = pattern[...]
        var out = ""
        while let start = rest.range(of: "{config:") {
            out += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}"),
                let value = config[String(rest[start.upperBound..<end])]?.stringValue,
                !value.isEmpty
            else { return nil }
            out += value.hasSuffix("/") ? String(value.dropLast()) : value
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }
}

extension PluginGrant {
    /// A URL of the manifest with the operator's values in it.
    func placed(_ url: String) -> String? { Self.filled(url, from: config) }

    /// A setting's own value, a secret's too.
    func setting(_ name: String) -> String? { secrets[name] ?? config[name]?.stringValue }

    /// Names of the tokens that a text wants.
    static func tokens(in text: String) -> [String] {
        text.components(separatedBy: "{{oauth:").dropFirst().compactMap { part in
            part.range(of: "}}").map { String(part[..<$0.lowerBound]) }
        }
    }
}

extension PluginGrant {
    /// A placeholder that stands for nothing.
    struct UnknownPlaceholder: Error { let text: String }

    /// A text with its placeholders filled in: `{{secret:key}}` and `{{basic:user:key}}`.
    ///
    /// Only the server sees the result.
    func filled(_ text: String) throws(UnknownPlaceholder) -> String {
        guard text.contains("{{") else { return text }
        var rest = text[...]
        var out = ""
        while let start = rest.range(of: "{{") {
            out += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].range(of: "}}") else {
                throw UnknownPlaceholder(text: String(rest[start.lowerBound...].prefix(60)))
            }
            out += try value(String(rest[start.upperBound..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return out + rest
    }

    private func value(_ name: String) throws(UnknownPlaceholder) -> String {
        let parts = name.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            .map(String.init)
        if parts.count == 2, parts[0] == "oauth", let token = tokens[parts[1]] { return token }
        if parts.count == 2, parts[0] == "secret", let secret = secrets[parts[1]] { return secret }
        if parts.count == 3, parts[0] == "basic", let secret = secrets[parts[2]] {
            return "Basic " + Base64.padded.encode(Array("\(parts[1]):\(secret)".utf8))
        }
        throw UnknownPlaceholder(text: "{{\(name.prefix(60))}}")
    }

    /// Something that is not the plugin's to know, and what it sees instead.
    package struct Concealment: Sendable {
        let bytes: [UInt8]
        let name: String

        package init(_ text: String, _ name: String) {
            bytes = Array(text.utf8)
            self.name = name
        }
    }

    /// What is concealed; in base64 too, as in `Basic …`.
    var concealments: [Concealment] {
        let lent = tokens.map { Concealment($0.value, "{{oauth:\($0.key)}}") }
        let order = secrets.filter { $0.value.utf8.count >= 6 }.sorted { $0.key < $1.key }
        return lent
            + order.flatMap { key, secret in
                ([secret] + Self.encodings(of: secret))
                    .map { Concealment($0, "{{secret:\(key)}}") }
            }
    }

    /// A text without any of the secrets: what another server echoes is not the plugin's to know.
    func concealed(_ text: String) -> String {
        String(decoding: concealed(Array(text.utf8)), as: UTF8.self)
    }

    /// The same of bytes.
    ///
    /// Byte by byte, not by characters: one that joins a secret's last letter hides nothing.
    func concealed(_ bytes: [UInt8]) -> [UInt8] {
        var pieces = ConcealedPieces(concealments)
        return pieces.append(bytes) + pieces.finish()
    }

    /// What base64 makes of a text that stands somewhere in a longer one: the letters that depend on
    /// nothing else.
    private static func encodings(of text: String) -> [String] {
        (0..<3).map { offset in
            let bytes = [UInt8](repeating: 0, count: offset) + Array(text.utf8)
            let letters = Base64.standard.encode(bytes)
            return String(letters.prefix(bytes.count * 8 / 6).dropFirst((offset * 8 + 5) / 6))
        }
    }
}
