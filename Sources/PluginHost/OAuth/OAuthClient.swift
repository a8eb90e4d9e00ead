import JSONCoding

extension PluginManifest {
    /// A server that hands out access tokens (RFC 6749), to which the host speaks for the plugin.
    package struct OAuthClient: Sendable, Hashable {
        package enum Grant: String, Sendable, CaseIterable {
            /// Somebody signs in there once and says yes.
            case code = "authorization_code"
            /// The client's own id and secret are enough.
            case client = "client_credentials"
        }

        package var name: String
        package var grant: Grant
        /// `{config:key}` stands for a setting, in both.
        package var authorizeURL: String?
        package var tokenURL: String
        package var scopes: [String]
        /// The settings that hold them.
        package var clientID: String
        package var clientSecret: String?
    }
}

extension ManifestReader {
    mutating func oauthClients() -> [PluginManifest.OAuthClient] {
        list("oauth") { (reader, client, path) in
            let grant =
                client["grant"] == nil
                ? .code
                : reader.word(
                    "grant",
                    of: client,
                    path: path,
                    PluginManifest.OAuthClient.Grant.self
                ) ?? .code
            if grant == .code, client["authorize_url"]?.stringValue == nil {
                reader.note("\(path)authorize_url: missing")
            }
            return PluginManifest.OAuthClient(
                name: reader.slug("name", of: client, path: path),
                grant: grant,
                authorizeURL: client["authorize_url"]?.stringValue,
                tokenURL: reader.text("token_url", of: client, path: path, limit: 500),
                scopes: client["scopes"]?.arrayValue?.compactMap(\.stringValue) ?? [],
                clientID: reader.text("client_id", of: client, path: path, limit: 60),
                clientSecret: client["client_secret"]?.stringValue
            )
        }
    }
}
