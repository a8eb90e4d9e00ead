// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What HubSpot says about a request that it refuses.
///
/// Every member of its body is optional
/// (https://developers.hubspot.com/docs/api-reference/error-handling). Its `message` and most of
/// its `context` quote what was sent, the customer's address for example, and so are not passed on.
struct HubSpotFault {
    let status: Int
    /// What kind it is: `INVALID_AUTHENTICATION`, `MISSING_SCOPES`, `CONFLICT` and others.
    let category: String?
    /// Which limit was reached: `SECONDLY`, `TEN_SECONDLY_ROLLING` or `DAILY`.
    let policy: String?
    /// Scopes of which the private app lacks one or more.
    let scopes: [String]
    /// What is wrong with which property: `INVALID_EMAIL of email`.
    let details: [String]
    /// The contact that a conflict is with.
    let existing: String?
    /// What HubSpot's support asks for.
    let correlation: String?

    private struct Body: Decodable {
        let category: String?
        let errorType: String?
        let policyName: String?
        let message: String?
        let correlationId: String?
        let errors: [JSONValue]?
        let context: JSONValue?
    }

    init(_ response: HTTPResponse) {
        let body = try? response.json(Body.self, keys: .asTheyAre)
        let quoted = Self.quotedErrors(body?.message)
        let errors = (body?.errors ?? []) + quoted
        status = response.status
        category = Self.word(body?.category ?? body?.errorType)
        policy = Self.word(body?.policyName)
        correlation = Self.word(body?.correlationId)
        existing = Self.existing(body?.message)
        scopes = Self.scopes(in: [body?.context] + errors.map { $0["context"] })
        details = errors.compactMap(Self.detail)
    }

    /// The failure that it means for whoever asked.
    var failure: PluginFailure {
        let reference = correlation.map { "; correlation id \($0)" } ?? ""
        let code = category.map { "\(status) \($0)" } ?? "\(status)"
        switch status {
        case 401:
            return PluginFailure(.failed, "HubSpot refuses the access token (\(code))\(reference)")
        case 403 where !scopes.isEmpty:
            let list = scopes.joined(separator: ", ")
            return PluginFailure(.failed, "HubSpot: the private app lacks a scope: \(list)")
        case 403:
            return PluginFailure(.failed, "HubSpot does not permit it (\(code))\(reference)")
        case 404 where category == nil && correlation == nil:
            return PluginFailure(
                .failed,
                "HubSpot has nothing at this address (404): check api_base and api_version"
            )
        case 404: return PluginFailure(.invalid, "HubSpot does not know it (\(code))\(reference)")
        case 409: return PluginFailure(.invalid, "HubSpot has it already (\(code))\(reference)")
        case 429:
            let limit = policy.map { " (\($0))" } ?? ""
            return PluginFailure(.temporary, "HubSpot's limit of requests is reached\(limit)")
        // 423: too much at once; 477: the account is moving to another region.
        case 408, 423, 425, 477, 500...599:
            return PluginFailure(.temporary, "HubSpot cannot answer now (\(code))\(reference)")
        default:
            let words = details.isEmpty ? "" : ": \(details.joined(separator: ", "))"
            return PluginFailure(.invalid, "HubSpot refuses (\(code))\(words)\(reference)")
        }
    }

    /// Reads `Property values were not valid: [{"error":"INVALID_EMAIL","name":"email",…}]`.
    private static func quotedErrors(_ message: String?) -> [JSONValue] {
        guard let message, let start = message.firstIndex(of: "["), message.hasSuffix("]") else {
            return []
        }
        let json = Data(message[start...].utf8)
        return (try? JSONDecoder().decode([JSONValue].self, from: json)) ?? []
    }

    /// Reads `Contact already exists. Existing ID: 12345`.
    private static func existing(_ message: String?) -> String? {
        message?.firstMatch(of: /Existing ID: ([0-9]+)/).map { String($0.1) }
    }

    private static func detail(_ error: JSONValue) -> String? {
        guard let code = word(error["code"]?.text ?? error["error"]?.text) else { return nil }
        let context = error["context"]?["propertyName"]?.array?.first?.text
        return word(error["name"]?.text ?? context).map { "\(code) of \($0)" } ?? code
    }

    private static func scopes(in contexts: [JSONValue?]) -> [String] {
        let names = ["missingScopes", "requiredGranularScopes", "requiredScopes"]
        let found = contexts.flatMap { context in
            names.lazy.compactMap { context?[$0]?.array }.first ?? []
        }
        return found.compactMap { word($0.text) }
    }

    /// A code or a name, as opposed to a sentence that might quote something.
    private static func word(_ text: String?) -> String? {
        guard let text, text.wholeMatch(of: /[A-Za-z0-9._-]{1,80}/) != nil else { return nil }
        return text
    }
}
