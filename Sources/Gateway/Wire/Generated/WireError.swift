// Generated from Wire/errors.json by tools/generate-messages.py; edit that instead.

/// Why a request fails: one vocabulary for `err` frames and HTTP problems.
package enum WireError: String, Sendable, CaseIterable {
    case unknownType = "unknown_type"
    case invalid
    case unauthenticated
    case forbidden
    case notFound = "not_found"
    case conflict
    case staleView = "stale_view"
    case gone
    case tooLarge = "too_large"
    case unsupportedMedia = "unsupported_media"
    case unprocessable
    case rateLimited = "rate_limited"
    case pluginUnavailable = "plugin_unavailable"
    case pluginTimeout = "plugin_timeout"
    case upstreamError = "upstream_error"
    case needsConfirmation = "needs_confirmation"
    case overloaded
    case `internal`
}

extension WireError {
    /// The code as clients read it.
    package var code: String { rawValue }

    /// The HTTP status.
    package var status: Int {
        switch self {
        case .unknownType: 400
        case .invalid: 400
        case .unauthenticated: 401
        case .forbidden: 403
        case .notFound: 404
        case .conflict: 409
        case .staleView: 409
        case .gone: 410
        case .tooLarge: 413
        case .unsupportedMedia: 415
        case .unprocessable: 422
        case .rateLimited: 429
        case .pluginUnavailable: 503
        case .pluginTimeout: 504
        case .upstreamError: 502
        case .needsConfirmation: 409
        case .overloaded: 503
        case .internal: 500
        }
    }

    /// What it means, when nothing more is known.
    package var title: String {
        switch self {
        case .unknownType: "This message type is not known"
        case .invalid: "The request is not valid"
        case .unauthenticated: "Sign in first"
        case .forbidden: "This is not allowed for you"
        case .notFound: "There is no such thing"
        case .conflict: "Somebody else has changed this meanwhile"
        case .staleView: "There is a newer message of the team that you have not seen"
        case .gone: "This conversation is over; start a new one"
        case .tooLarge: "This is too large"
        case .unsupportedMedia: "This kind of content is not accepted"
        case .unprocessable: "This cannot be done as it is asked"
        case .rateLimited: "Slow down"
        case .pluginUnavailable: "The integration is not available"
        case .pluginTimeout: "The integration did not answer in time"
        case .upstreamError: "A service behind the integration failed"
        case .needsConfirmation: "Confirm this action first"
        case .overloaded: "The server has too much to do"
        case .internal: "Something went wrong in the server"
        }
    }

    /// Whether the same request may succeed later.
    package var isTemporary: Bool {
        switch self {
        case .unknownType: false
        case .invalid: false
        case .unauthenticated: false
        case .forbidden: false
        case .notFound: false
        case .conflict: false
        case .staleView: false
        case .gone: false
        case .tooLarge: false
        case .unsupportedMedia: false
        case .unprocessable: false
        case .rateLimited: true
        case .pluginUnavailable: true
        case .pluginTimeout: true
        case .upstreamError: true
        case .needsConfirmation: false
        case .overloaded: true
        case .internal: true
        }
    }
}
