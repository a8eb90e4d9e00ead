// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Linear has something with the id that was to be given to a new one: it was made before.
struct AlreadyThere: Error {}

/// The `errors` of an answer.
struct LinearRefusal: Decodable {
    let errors: [Fault]?

    struct Fault: Decodable {
        let message: String
        let extensions: Extensions?
    }

    struct Extensions: Decodable {
        let code: String?
        let userPresentableMessage: String?
    }
}

extension LinearRefusal.Fault {
    /// What Linear says of an id that is taken; other things can be in conflict as well.
    private static let conflicts = ["conflict on insert of issue", "conflict on insert of comment"]

    /// The error to throw.
    ///
    /// A spent rate limit is code `RATELIMITED` with status 400, which the host does not repeat;
    /// see https://linear.app/developers/rate-limiting.
    func failure(status: Int) -> any Error {
        if Self.conflicts.contains(message.lowercased()) { return AlreadyThere() }
        switch extensions?.code {
        case "RATELIMITED":
            return PluginFailure(
                .temporary,
                "Linear's rate limit for this key is used up; it fills up again within the hour"
            )
        case "AUTHENTICATION_ERROR", "FORBIDDEN":
            return PluginFailure(.failed, "Linear refuses the key\(words)")
        case "INTERNAL_SERVER_ERROR", "LOCK_TIMEOUT":
            return PluginFailure(.temporary, "Linear cannot answer now\(words)")
        default: break
        }
        switch status {
        case 401, 403: return PluginFailure(.failed, "Linear refuses the key (\(status))\(words)")
        case 408, 425, 429, 500...599:
            return PluginFailure(.temporary, "Linear cannot answer now (\(status))\(words)")
        default: return PluginFailure(.invalid, "Linear refuses\(words)")
        }
    }

    /// Linear's words for people; else its message up to where it would repeat the input, which is
    /// the customer's: `Variable "$input" got invalid value {…}; Field "teamId" …`.
    private var words: String {
        let said: Substring
        if let presentable = extensions?.userPresentableMessage {
            said = Substring(presentable)
        } else if let brace = message.firstIndex(of: "{") {
            said = message[..<brace] + "…" + (message.split(separator: "}").last ?? "")
        } else {
            said = Substring(message)
        }
        return said.isEmpty ? "" : ": \(said.prefix(300))"
    }
}
