import Credentials
import HTTPTypes
import JSONCoding
import Model
import Store
import Transport

/// The demo product's own server: it signs who its one customer is, as a real product would.
package struct DemoIdentity: Sendable {
    /// A customer of the starter's CRM table.
    private static let customer: JSON.Object = [
        "sub": "ida", "name": "Ida Holm", "email": "ida@fjordfern.example",
    ]

    private let store: Store
    private let site: SiteID

    package init(store: Store, site: SiteID) {
        self.store = store
        self.site = site
    }

    /// A JWT good for an hour, signed with the site's first HS256 key.
    func response() async -> Response {
        guard let keys = try? await store.identityKeys(of: site),
            let secret = keys.lazy.compactMap(Self.secret).first
        else { return Problem(.notFound).response }
        var claims = Self.customer
        let now = SystemClock().now.milliseconds / 1000
        claims["aud"] = .string(site.description)
        claims["iat"] = .int(now)
        claims["exp"] = .int(now + 3600)
        let header: JSON = ["alg": "HS256", "typ": "JWT"]
        let signed = [header, .object(claims)].map { Base64.url.encode($0.bytes()) }
            .joined(separator: ".")
        let code = Base64.url.encode(Digest.hmacSHA256(key: secret, signed))
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain", .cacheControl: "no-store"],
            body: Array("\(signed).\(code)".utf8)
        )
    }

    private static func secret(_ key: JSON) -> [UInt8]? {
        guard key["alg"]?.stringValue == "HS256", let text = key["k"]?.stringValue else {
            return nil
        }
        return Base64.url.decode(text)
    }
}
