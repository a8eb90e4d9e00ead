import HTTPTypes
import Model
import Transport

/// The pages and scripts this server serves: widget, console, demo.
///
/// Every page comes with a policy that allows nothing inline and nothing from elsewhere.
package struct Pages: Sendable {
    private let files: StaticFiles
    private let origin: String
    private let demoOrigin: String?
    private let demoIdentity: DemoIdentity?

    /// Reads `web-static`.
    ///
    /// `folder`: where `widget`, `console`, `demo` and `shared` are.
    /// `publicURL`: where people reach this server.
    /// `demoSite`: the key of the site that the demo embeds; nil serves no demo.
    /// `demoOrigin`: the origin at which the demo is shown, another one than this server's.
    /// `demoIdentity`: who the demo's customer is.
    package init(
        folder: String,
        publicURL: String,
        demoSite: String?,
        demoOrigin: String?,
        demoIdentity: DemoIdentity? = nil
    ) throws(TransportError) {
        files = try StaticFiles(folder: folder) { name, content in
            guard name.hasSuffix(".html") else { return content }
            let text = String(decoding: content, as: UTF8.self)
                .replacing("{{maitred.origin}}", with: publicURL)
                .replacing("{{maitred.site}}", with: demoSite ?? "")
            return Array(text.utf8)
        }
        origin = publicURL
        self.demoOrigin = demoSite == nil ? nil : demoOrigin
        self.demoIdentity = demoIdentity
    }

    func add(to router: inout Router, sites: @escaping @Sendable (String) async -> Site?) {
        router.on(.get, "/") { _ in Self.redirect(to: demoOrigin == nil ? "/console/" : "/demo") }
        router.on(.get, "/console") { _ in Self.redirect(to: "/console/") }
        router.on(.get, "/console/*") { file("console/", $0, Self.console) }
        // Modules name each other by their places on disk: the widget's `../shared` is here too.
        for path in ["/shared/*", "/widget/shared/*"] {
            router.on(.get, path) { file("shared/", $0, Self.console) }
        }
        router.on(.get, "/widget/v1/frame") { await frame($0, sites) }
        router.on(.get, "/widget/v1/*") { request in
            var response = file("widget/", request, Self.console)
            // The loader is a script of other people's pages.
            response.headers[.crossOriginResourcePolicy] = "cross-origin"
            response.headers[.accessControlAllowOrigin] = "*"
            return response
        }
        guard let demoOrigin else { return }
        router.on(.get, "/demo") { _ in Self.redirect(to: demoOrigin + "/demo/") }
        if let demoIdentity {
            router.on(.get, "/demo/identity") { _ in await demoIdentity.response() }
        }
        router.on(.get, "/demo/*") { demo($0) }
    }

    // MARK: - Policies

    private static let console = SecurityHeaders(policy: .ours, frameOptions: "DENY")

    /// The demo stands for a customer's product: it embeds the widget from this server's own origin.
    private var demoPolicy: SecurityHeaders {
        let socket = "ws" + origin.dropFirst(4)
        return SecurityHeaders(
            policy: .ours
                .allowing(.script, origin).allowing(.frame, origin)
                .allowing(.connect, origin, socket).allowing(.image, origin)
                .allowing(.style, origin)
        )
    }

    // MARK: - Answers

    private func file(
        _ prefix: String,
        _ request: Request,
        _ security: SecurityHeaders
    ) -> Response {
        let name = prefix + (request.parameters["*"] ?? "")
        guard var response = files.response(for: name, to: request) else {
            return Problem(.notFound).response
        }
        security.apply(to: &response)
        return response
    }

    /// The widget's frame: only pages of the site may show it.
    private func frame(_ request: Request, _ sites: (String) async -> Site?) async -> Response {
        guard let key = request.query("site"), let site = await sites(key) else {
            return Problem(.notFound, "There is no site with this key").response
        }
        guard var response = files.response(for: "widget/frame.html", to: request) else {
            return Problem(.notFound).response
        }
        SecurityHeaders(policy: .ours.allowing(.frameAncestors, ["'self'"] + site.origins))
            .apply(to: &response)
        return response
    }

    /// Pages of the demo have clean addresses: one without a file of its own is its folder's index.
    private func demo(_ request: Request) -> Response {
        let path = request.parameters["*"] ?? ""
        for name in [path, path + ".html", path + "/index.html", "index.html"] {
            let isFallback = name == "index.html" && !path.isEmpty
            if isFallback && path.contains(".") { break }
            guard var response = files.response(for: "demo/" + name, to: request) else { continue }
            demoPolicy.apply(to: &response)
            return response
        }
        return Problem(.notFound).response
    }

    private static func redirect(to location: String) -> Response {
        Response(status: .found, headers: [.location: location, .cacheControl: "no-store"])
    }
}
