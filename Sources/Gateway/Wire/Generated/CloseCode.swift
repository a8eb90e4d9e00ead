// Generated from Wire/errors.json by tools/generate-messages.py; edit that instead.

/// Why a connection is closed; the code tells the client whether to come back.
package enum CloseCode: UInt16, Sendable, CaseIterable {
    /// The session is over.
    case normal = 1000
    /// The server or the page goes away.
    case goingAway = 1001
    /// The server restarts; `reconnect` said when to come back.
    case restart = 1012
    /// A frame was not JSON of the protocol's form.
    case badFrame = 4400
    /// The token is missing, expired or not valid.
    case unauthenticated = 4401
    /// The site or the account no longer exists.
    case gone = 4404
    /// The client read too slowly; resuming loses nothing.
    case slowConsumer = 4408
    /// Another connection took this one's place.
    case replaced = 4409
    /// A frame was larger than 64 KB, or 16 KB before `welcome`.
    case tooBig = 4413
    /// Far too many frames, though `rate_limited` had asked to wait.
    case rateLimited = 4429
    /// The server has too much to do.
    case overloaded = 4503
}

extension CloseCode {
    /// What a client does after the connection was closed.
    package enum Advice: String, Sendable {
        /// Do not reconnect.
        case stop
        /// Reconnect with growing delays.
        case retry
        /// Reconnect after the delay the server named, or a growing one.
        case retryLater = "retry_later"
        /// Get a new token once, then reconnect.
        case newToken = "new_token"
    }

    /// The reason that goes out beside the code.
    package var name: String {
        switch self {
        case .normal: "normal"
        case .goingAway: "going_away"
        case .restart: "restart"
        case .badFrame: "bad_frame"
        case .unauthenticated: "unauthenticated"
        case .gone: "gone"
        case .slowConsumer: "slow_consumer"
        case .replaced: "replaced"
        case .tooBig: "too_big"
        case .rateLimited: "rate_limited"
        case .overloaded: "overloaded"
        }
    }

    package var advice: Advice {
        switch self {
        case .normal: .stop
        case .goingAway: .retry
        case .restart: .retryLater
        case .badFrame: .stop
        case .unauthenticated: .newToken
        case .gone: .stop
        case .slowConsumer: .retry
        case .replaced: .stop
        case .tooBig: .retryLater
        case .rateLimited: .retryLater
        case .overloaded: .retryLater
        }
    }
}
