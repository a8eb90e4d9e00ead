import Foundation

/// Which URLs may be asked, and which addresses they may lead to.
///
/// A pattern is an origin with a path that may end in `*`: `https://api.stripe.com/*`,
/// `https://*.myshopify.com/admin/*`, `http://127.0.0.1:9000/*`. A host that begins with `*.` stands for
/// the names below it, not for itself. Without a port it is the scheme's own.
package struct AllowList: Sendable, Hashable {
    private struct Pattern: Sendable, Hashable {
        var scheme: String
        var host: String
        var includesSubdomains: Bool
        var port: Int
        var path: String
        var isPrefix: Bool
    }

    private let patterns: [Pattern]
    /// Whether addresses of private networks and of this machine may be reached.
    package let allowsPrivateAddresses: Bool

    /// - Parameters:
    ///   - patterns: What may be asked; one that is not understood throws.
    ///   - allowsPrivateAddresses: Whether a name may lead into a private network.
    /// - Throws: ``EgressFailure/notAllowed(_:)`` for a pattern that is none.
    package init(
        _ patterns: [String],
        allowsPrivateAddresses: Bool = false
    ) throws(EgressFailure) {
        var read: [Pattern] = []
        for text in patterns { read.append(try Self.pattern(text)) }
        self.patterns = read
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }

    /// Whether `http` may be asked somewhere.
    var allowsPlain: Bool { patterns.contains { $0.scheme == "http" } }

    /// Refuses a URL that no pattern allows.
    package func check(_ url: String) throws(EgressFailure) {
        let target = try Self.target(url)
        let isAllowed = patterns.contains { pattern in
            pattern.scheme == target.scheme && pattern.port == target.port
                && (pattern.includesSubdomains
                    ? target.host.hasSuffix("." + pattern.host) : target.host == pattern.host)
                && (pattern.isPrefix
                    ? target.path.hasPrefix(pattern.path) : target.path == pattern.path)
        }
        guard isAllowed else {
            throw .notAllowed("\(target.scheme)://\(target.host) is not allowed")
        }
    }

    /// Whom a URL asks, the same for every way of writing it: `api.stripe.com:443`.
    package static func authority(of url: String) throws(EgressFailure) -> String {
        let target = try target(url)
        return "\(target.host):\(target.port)"
    }

    private struct Target {
        var scheme: String
        var host: String
        var port: Int
        var path: String
    }

    private static func pattern(_ text: String) throws(EgressFailure) -> Pattern {
        let isPrefix = text.hasSuffix("*")
        let bare = isPrefix ? String(text.dropLast()) : text
        let includesSubdomains = bare.contains("://*.")
        // A query would be ignored, which nobody who wrote one expects.
        guard !bare.contains("?"), !bare.contains("#") else {
            throw .notAllowed("\(text) is a pattern for a URL without its query")
        }
        let target = try target(bare.replacing("://*.", with: "://"))
        return Pattern(
            scheme: target.scheme,
            host: target.host,
            includesSubdomains: includesSubdomains,
            port: target.port,
            path: target.path,
            isPrefix: isPrefix
        )
    }

    /// The parts of a URL that decide; anything by which two readers might disagree is refused.
    private static func target(_ url: String) throws(EgressFailure) -> Target {
        let isPlain = url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        guard isPlain, url.utf8.count <= 8192, let parts = URLComponents(string: url),
            let scheme = parts.scheme?.lowercased(), ["https", "http"].contains(scheme),
            let host = parts.percentEncodedHost?.lowercased(), !host.isEmpty, !host.contains("%"),
            parts.user == nil, parts.password == nil
        else { throw .notAllowed("\(url.prefix(100)) is not an absolute URL that can be asked") }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        // As the most generous of servers would read it.
        let segments = path.lowercased().replacing("%2e", with: ".").replacing("%2f", with: "/")
            .replacing("%5c", with: "/").split(separator: "/")
        let hasDots = segments.contains { segment in
            let name = segment.prefix { $0 != ";" }
            return name == ".." || name == "."
        }
        guard !hasDots else {
            throw .notAllowed("\(url.prefix(100)) has dot segments in its path")
        }
        return Target(
            scheme: scheme,
            host: host.hasSuffix(".") ? String(host.dropLast()) : host,
            port: parts.port ?? (scheme == "https" ? 443 : 80),
            path: path
        )
    }
}
