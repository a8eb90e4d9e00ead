/// What the gateway needs to know of how it is run.
package struct GatewayOptions: Sendable {
    /// Where people reach this server, without a slash at the end: `https://support.example.com`.
    package var publicURL: String
    /// All names of this server itself, as origins.
    package var ownOrigins: [String]
    package var heartbeatSeconds: Int
    /// How long a widget's token opens sessions.
    package var tokenLife: Duration = .seconds(3600)
    /// How long an agent stays signed in.
    package var signInLife: Duration = .seconds(7 * 86_400)
    /// What may be uploaded; nil for nothing.
    package var uploads: UploadOptions? = UploadOptions()

    package init(publicURL: String, ownOrigins: [String], heartbeatSeconds: Int = 25) {
        self.publicURL = publicURL
        self.ownOrigins = ownOrigins
        self.heartbeatSeconds = heartbeatSeconds
    }

    /// Whether cookies are to travel over TLS only.
    var isSecure: Bool { publicURL.hasPrefix("https://") }
}
