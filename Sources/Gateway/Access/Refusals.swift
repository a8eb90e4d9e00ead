import Foundation
import HTTPTypes
import Logging
import Model
import Transport

/// What the log says of those who were refused, for whoever looks for attacks, and of requests that failed.
///
/// One line each: who, and at what; no query, no body, no word of a message. A flood of them fills no
/// disk: an address has 300 lines a minute, everybody together 3,000, and whoever is only too fast one.
struct Refusals: Sendable {
    private let lines = AttemptLimiter(limit: 300, period: .seconds(60))
    private let failures = AttemptLimiter(limit: 60, period: .seconds(60))
    private let total: SharedBudget
    private let spells = AttemptLimiter(limit: 1, period: .seconds(60))
    private let clock: any WallClock
    private let logger: Logger

    init(clock: any WallClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
        total = SharedBudget(RateBudget.Rate(perSecond: 50, burst: 3000), at: clock.steady)
    }

    /// Notes a request that was answered with a status of refusal; nothing for other statuses.
    func note(_ request: Request, _ status: HTTPResponse.Status) {
        switch status {
        case .unauthorized:
            // A wrong password has a line of its own, and a console without a session asks for one.
            if ["/v1/auth/login", "/v1/auth/session"].contains(request.path) { return }
            note(request.path, status, method: request.method, from: request.address)
        case .badRequest, .forbidden, .contentTooLarge:
            note(request.path, status, method: request.method, from: request.address)
        case .notFound where Self.climbs(request.path):
            note(request.path, status, method: request.method, from: request.address)
        case .tooManyRequests: note(tooMany: "requests", from: request.address)
        default: break
        }
    }

    /// Notes a request that came to an end nobody has foreseen, by the kind of the error: what an error says
    /// may hold what was asked.
    ///
    /// 60 lines a minute. What cannot be done for now, and says so, is none of this.
    func noteFailure(of request: Request, _ error: any Error) {
        // Whoever has left waits for no answer, and what was done for them was broken off.
        guard !Task.isCancelled, !(error is CancellationError),
            failures.attempt("", at: clock.steady) == nil
        else { return }
        logger.error(
            "request failed",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(Self.printable(request.path))",
                "error": "\(type(of: error)) \((error as NSError).code)",
            ]
        )
    }

    /// Notes a request whose head the transport has refused.
    func note(_ request: RefusedRequest) {
        switch request.status {
        case .tooManyRequests: note(tooMany: "sockets", from: request.address)
        case .serviceUnavailable, .upgradeRequired: break
        default:
            note(request.path, request.status, method: request.method, from: request.address)
        }
    }

    /// Notes a request at a path that a client may not make.
    func note(
        _ path: String,
        _ status: HTTPResponse.Status,
        method: HTTPRequest.Method,
        from address: NetworkAddress
    ) {
        note(
            from: address,
            [
                "method": "\(method.rawValue)", "path": "\(Self.printable(path))",
                "status": "\(status.code)",
            ]
        )
    }

    /// Notes a socket whose client was hung up on.
    func note(socketOf address: NetworkAddress, _ why: String) {
        note(from: address, ["socket": "\(why)"])
    }

    /// Notes somebody who goes faster than they may: once for a spell of it.
    func note(tooMany what: String, from address: NetworkAddress) {
        guard spells.attempt(address.line.description, at: clock.steady) == nil else { return }
        note(from: address, ["too_many": "\(what)"])
    }

    private func note(from address: NetworkAddress, _ metadata: Logger.Metadata) {
        // What comes from this machine itself counts for the limit of all alone.
        let name = address.line.description
        guard address == .loopback || lines.attempt(name, at: clock.steady) == nil,
            total.take(at: clock.steady) == nil
        else { return }
        var metadata = metadata
        metadata["address"] = "\(address)"
        logger.notice("refused", metadata: metadata)
    }

    /// Whether a path tries to lead out of a folder by a way that libwebsockets leaves in it.
    ///
    /// It takes dot segments out, those written as `%2e%2e` too, before anybody sees the path.
    private static func climbs(_ path: String) -> Bool {
        let path = path.lowercased()
        return ["..", "\\", "%2e", "%2f", "%5c"].contains { path.contains($0) }
    }

    /// A path, or the name of an order, that neither looks like another line nor moves a terminal's cursor.
    ///
    /// What a plugin's webhook is called by may be a secret, and is left out.
    static func printable(_ path: String) -> String {
        let hook = path.split(separator: "/", maxSplits: 3).prefix(3)
        let path = hook.starts(with: ["v1", "hooks"]) ? "/\(hook.joined(separator: "/"))" : path
        let escaped = path.unicodeScalars.prefix(200).map { $0.escaped(asASCII: true) }.joined()
        return String(escaped.prefix(200))
    }
}
