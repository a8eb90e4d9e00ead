internal import HTTPTypes

/// The headers that keep a browser from doing with a page what it must not.
///
///     let page = SecurityHeaders(policy: .ours.allowing(.frameAncestors, "https://shop.example"))
package struct SecurityHeaders: Sendable, Hashable {
    package var policy: ContentSecurityPolicy
    /// nil leaves framing to the policy's `frame-ancestors`.
    package var frameOptions: String?
    package var referrerPolicy: String
    package var permissionsPolicy: String?

    package init(
        policy: ContentSecurityPolicy,
        frameOptions: String? = nil,
        referrerPolicy: String = "strict-origin-when-cross-origin",
        permissionsPolicy: String? = "camera=(), geolocation=(), microphone=()"
    ) {
        self.policy = policy
        self.frameOptions = frameOptions
        self.referrerPolicy = referrerPolicy
        self.permissionsPolicy = permissionsPolicy
    }

    /// Sets the headers, replacing those of the same names.
    package func apply(to response: inout Response) {
        response.headers[.contentSecurityPolicy] = policy.text
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = referrerPolicy
        response.headers[.xFrameOptions] = frameOptions
        response.headers[.permissionsPolicy] = permissionsPolicy
    }
}

/// A Content-Security-Policy as a value: directives with their sources, in order.
package struct ContentSecurityPolicy: Sendable, Hashable {
    package struct Directive: Sendable, Hashable {
        let name: String

        package static let defaultSource = Directive(name: "default-src")
        package static let script = Directive(name: "script-src")
        package static let style = Directive(name: "style-src")
        package static let connect = Directive(name: "connect-src")
        package static let image = Directive(name: "img-src")
        package static let font = Directive(name: "font-src")
        package static let frame = Directive(name: "frame-src")
        package static let frameAncestors = Directive(name: "frame-ancestors")
        package static let base = Directive(name: "base-uri")
        package static let form = Directive(name: "form-action")
        package static let sandbox = Directive(name: "sandbox")
    }

    private var order: [Directive] = []
    private var sources: [Directive: [String]] = [:]

    package init() {}

    /// Nothing is allowed and the document is sandboxed: for files that others uploaded.
    package static let sandboxed = ContentSecurityPolicy()
        .setting(.defaultSource, []).setting(.sandbox, nil)

    /// Everything from this server, nothing inline, framed by nobody.
    package static let ours = ContentSecurityPolicy()
        .setting(.defaultSource, [])
        .setting(.script, ["'self'"])
        .setting(.style, ["'self'"])
        .setting(.connect, ["'self'"])
        .setting(.image, ["'self'", "data:", "https:"])
        .setting(.font, ["'self'"])
        .setting(.base, ["'self'"])
        .setting(.form, ["'self'"])
        .setting(.frameAncestors, [])

    /// The policy with a directive replaced; no sources mean `'none'`, nil a directive without any.
    ///
    /// A source with a character that would end the directive is left out.
    package func setting(_ directive: Directive, _ list: [String]?) -> ContentSecurityPolicy {
        var copy = self
        if copy.sources[directive] == nil { copy.order.append(directive) }
        let valid = list?.filter(Self.isSource)
        copy.sources[directive] = valid.map { $0.isEmpty ? ["'none'"] : $0 } ?? []
        return copy
    }

    /// The policy with further sources for a directive.
    package func allowing(_ directive: Directive, _ list: String...) -> ContentSecurityPolicy {
        allowing(directive, list)
    }

    /// The policy with further sources for a directive.
    package func allowing(_ directive: Directive, _ list: [String]) -> ContentSecurityPolicy {
        let present = (sources[directive] ?? []).filter { $0 != "'none'" }
        return setting(directive, present + list.filter { !present.contains($0) })
    }

    /// The header's value.
    package var text: String {
        order.map { ([$0.name] + (sources[$0] ?? [])).joined(separator: " ") }
            .joined(separator: "; ")
    }

    private static func isSource(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (33...126).contains($0) && $0 != 59 && $0 != 44 }
    }
}
