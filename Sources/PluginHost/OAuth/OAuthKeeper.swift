import Credentials
import Desk
import Egress
import Foundation
import JSONCoding
import Model

/// Access tokens of plugins: gets them, keeps them sealed, renews them before they run out. Plugins
/// write `{{oauth:name}}` and never see one.
///
/// RFC 6749 with PKCE (RFC 7636). A sign-in that was begun is remembered for ten minutes, in memory:
/// after a restart somebody clicks again.
actor OAuthKeeper {
    /// How long before its end a token counts as spent.
    private static let margin: Duration = .seconds(60)
    /// How long somebody may take to sign in.
    private static let patience: Duration = .seconds(600)
    private static let answerLimit = 64 << 10
    private static let deadline: Duration = .seconds(15)

    private struct SignIn {
        let grant: PluginGrant
        let client: PluginManifest.OAuthClient
        let verifier: String
        let redirect: String
        let until: Timestamp
    }

    private struct Token {
        var access: String
        var refresh: String?
        var until: Timestamp?
    }

    private let state: any IntegrationState
    private let sender: any HTTPSender
    private let vault: SealedSecrets
    private let clock: any WallClock
    private var signIns: [String: SignIn] = [:]
    /// One renewal at a time for each: a refresh token may be good once only.
    private var renewals: [String: Task<Result<String, ServiceFault>, Never>] = [:]

    init(
        state: any IntegrationState,
        sender: any HTTPSender,
        vault: SealedSecrets,
        clock: any WallClock
    ) {
        self.state = state
        self.sender = sender
        self.vault = vault
        self.clock = clock
    }

    // MARK: - Tokens

    /// A token that is good for a while yet, renewed if need be.
    func token(
        of name: String,
        for grant: PluginGrant,
        renewing mustRenew: Bool = false
    ) async throws(ServiceFault) -> String {
        let client = try Self.client(name, grant)
        if !mustRenew, let kept = await kept(client, grant), isGood(kept) { return kept.access }
        let key = "\(grant.id) \(name)"
        if let renewal = renewals[key] { return try await renewal.value.get() }
        let renewal = Task { await self.renewed(client, grant) }
        renewals[key] = renewal
        let result = await renewal.value
        renewals[key] = nil
        return try result.get()
    }

    /// Whether there is a token, and until when: what `maitred.oauth/1` answers.
    func standing(of name: String, for grant: PluginGrant) async throws(ServiceFault) -> JSON {
        let client = try Self.client(name, grant)
        guard let kept = await kept(client, grant) else { return ["connected": false] }
        return [
            "connected": true, "can_renew": .bool(kept.refresh != nil || client.grant == .client),
            "until": kept.until.map { .int($0.milliseconds) } ?? .null,
        ]
    }

    private func isGood(_ token: Token) -> Bool {
        token.until.map { $0 > clock.now + Self.margin } ?? true
    }

    private func renewed(
        _ client: PluginManifest.OAuthClient,
        _ grant: PluginGrant
    ) async -> Result<String, ServiceFault> {
        do throws(ServiceFault) {
            var form: [(String, String)]
            switch client.grant {
            case .client:
                form = [("grant_type", "client_credentials")]
                if !client.scopes.isEmpty {
                    form.append(("scope", client.scopes.joined(separator: " ")))
                }
            case .code:
                guard let refresh = await kept(client, grant)?.refresh else {
                    throw ServiceFault(.failed, "nobody has signed in for \(client.name) yet")
                }
                form = [("grant_type", "refresh_token"), ("refresh_token", refresh)]
            }
            return .success(try await ask(client, grant, form))
        } catch {
            return .failure(error)
        }
    }

    // MARK: - Signing in

    /// Where somebody goes to say yes.
    func begin(
        _ name: String,
        for grant: PluginGrant,
        redirect: String
    ) throws(ServiceFault) -> String {
        let client = try Self.client(name, grant)
        guard client.grant == .code, let address = client.authorizeURL,
            let url = grant.placed(address), let id = grant.setting(client.clientID)
        else { throw ServiceFault(.invalid, "\(name) needs nobody to sign in, or is not set up") }
        let now = clock.now
        signIns = signIns.filter { $0.value.until > now }
        let key = SecureRandom.token()
        let verifier = SecureRandom.token()
        signIns[key] = SignIn(
            grant: grant,
            client: client,
            verifier: verifier,
            redirect: redirect,
            until: now + Self.patience
        )
        let query = FormText.encoded([
            ("response_type", "code"), ("client_id", id), ("redirect_uri", redirect),
            ("scope", client.scopes.joined(separator: " ")), ("state", key),
            ("code_challenge", Base64.url.encode(Digest.sha256(verifier))),
            ("code_challenge_method", "S256"),
        ])
        return url + (url.contains("?") ? "&" : "?") + query
    }

    /// Takes the code that somebody came back with; the state is good once.
    func finish(state key: String, code: String) async throws(ServiceFault) -> String {
        guard let signIn = signIns.removeValue(forKey: key), signIn.until > clock.now else {
            throw ServiceFault(.invalid, "this sign-in was not begun here, or too long ago")
        }
        _ = try await ask(
            signIn.client,
            signIn.grant,
            [
                ("grant_type", "authorization_code"), ("code", code),
                ("redirect_uri", signIn.redirect), ("code_verifier", signIn.verifier),
            ]
        )
        return signIn.grant.name
    }

    // MARK: - The token server

    private func ask(
        _ client: PluginManifest.OAuthClient,
        _ grant: PluginGrant,
        _ form: [(String, String)]
    ) async throws(ServiceFault) -> String {
        guard let url = grant.placed(client.tokenURL), let id = grant.setting(client.clientID)
        else { throw ServiceFault(.failed, "\(client.name) is not set up") }
        var form = form + [("client_id", id)]
        if let secret = client.clientSecret.flatMap({ grant.secrets[$0] }) {
            form.append(("client_secret", secret))
        }
        let request = OutgoingRequest(
            "POST",
            url,
            headers: [
                ("content-type", "application/x-www-form-urlencoded"),
                ("accept", "application/json"),
            ],
            body: Array(FormText.encoded(form).utf8)
        )
        let response: IncomingResponse
        do throws(EgressFailure) {
            response = try await sender.send(
                request,
                allowing: grant.allowList,
                deadline: Self.deadline,
                limit: Self.answerLimit,
                firstByte: nil,
                piece: nil
            )
        } catch {
            throw ServiceFault(.temporary, "the token server cannot be asked: \(error)")
        }
        let json = (try? JSON(parsing: response.body, depth: 4)) ?? .null
        guard response.status == 200, let access = json["access_token"]?.stringValue else {
            let why = json["error"]?.stringValue ?? "status \(response.status)"
            throw ServiceFault(
                response.status >= 500 || response.status == 429 ? .temporary : .failed,
                "the token server refuses: \(why.prefix(100))"
            )
        }
        let before = await kept(client, grant)
        let seconds = json["expires_in"]?.intValue
        await keep(
            Token(
                access: access,
                // Some servers give a new one each time, some the first time only.
                refresh: json["refresh_token"]?.stringValue ?? before?.refresh,
                until: seconds.map { clock.now + .seconds($0) }
            ),
            client,
            grant
        )
        return access
    }

    // MARK: - Keeping

    /// No plugin has such an id: its own store cannot reach here.
    private static func shelf(_ grant: PluginGrant) -> String { "\(grant.id)#oauth" }

    private func kept(_ client: PluginManifest.OAuthClient, _ grant: PluginGrant) async -> Token? {
        let text = try? await state.value(of: client.name, in: Self.shelf(grant), at: clock.now)
        guard let text, let bytes = try? vault.open(text, context: Self.shelf(grant)),
            let json = try? JSON(parsing: bytes), let access = json["access"]?.stringValue
        else { return nil }
        return Token(
            access: access,
            refresh: json["refresh"]?.stringValue,
            until: json["until"]?.intValue.map { Timestamp(milliseconds: Int64($0)) }
        )
    }

    private func keep(
        _ token: Token,
        _ client: PluginManifest.OAuthClient,
        _ grant: PluginGrant
    ) async {
        let json: JSON = [
            "access": .string(token.access),
            "refresh": token.refresh.map(JSON.string) ?? .null,
            "until": token.until.map { .int($0.milliseconds) } ?? .null,
        ]
        guard let sealed = try? vault.seal(json.bytes(), context: Self.shelf(grant)) else { return }
        _ = try? await state.set(
            client.name,
            to: sealed,
            in: Self.shelf(grant),
            until: nil,
            isNew: false,
            limit: .max,
            at: clock.now
        )
    }

    private static func client(
        _ name: String,
        _ grant: PluginGrant
    ) throws(ServiceFault) -> PluginManifest.OAuthClient {
        guard let client = grant.oauth.first(where: { $0.name == name }) else {
            throw ServiceFault(.invalid, "the manifest has no oauth of the name \(name.prefix(60))")
        }
        return client
    }
}

/// `application/x-www-form-urlencoded`.
enum FormText {
    static func encoded(_ fields: [(String, String)]) -> String {
        fields.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        // Only ASCII letters and digits: the set of all alphanumerics is larger.
        return text.unicodeScalars.map { scalar in
            scalar.isASCII && allowed.contains(scalar)
                ? String(scalar)
                : String(scalar).utf8.map { "%" + Digest.hex([$0]).uppercased() }.joined()
        }.joined()
    }
}
