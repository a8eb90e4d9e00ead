package import HTTPTypes

// Header names that swift-http-types lacks.
extension HTTPField.Name {
    private static func known(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("a valid header name") }
        return name
    }

    package static let crossOriginOpenerPolicy = known("Cross-Origin-Opener-Policy")
    package static let permissionsPolicy = known("Permissions-Policy")
    package static let referrerPolicy = known("Referrer-Policy")
    package static let xForwardedFor = known("X-Forwarded-For")
    package static let xForwardedProto = known("X-Forwarded-Proto")
    package static let xFrameOptions = known("X-Frame-Options")
}
