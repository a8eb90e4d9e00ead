import JSONCoding

/// What a plugin says about itself in `plugin.json`, checked and complete.
package struct PluginManifest: Sendable, Hashable {
    /// In reverse-DNS form; the last part is the name of the bundle's folder.
    package var id: String
    package var name: String
    package var version: String
    /// The library's file name, for this machine.
    package var library: String
    package var permissions: Permissions
    package var hooks: [Hook]
    package var actions: [Action]
    package var panels: [Panel]
    package var webhooks: [Webhook]
    package var schedules: [Schedule]
    package var oauth: [OAuthClient]
    package var config: ConfigSchema
    /// How many calls run side by side.
    package var concurrency: Int
    package var memoryMegabytes: Int
    /// As written, for comparison with what the library says.
    package var source: JSON
}

extension PluginManifest {
    /// The version of the interface that plugins are served.
    package static let abi = 1
    /// The largest `plugin.json`, in bytes.
    package static let byteLimit = 65_536

    /// Every fault of a manifest, each with the path of the member it is about.
    package struct Faults: Error, Sendable, Hashable {
        package var list: [String]
    }

    /// Reads a manifest without running anything; throws all its faults together.
    package init(parsing bytes: [UInt8]) throws(Faults) {
        guard bytes.count <= Self.byteLimit else {
            throw Faults(list: ["plugin.json is larger than \(Self.byteLimit) bytes"])
        }
        let json: JSON
        do {
            json = try JSON(parsing: bytes, depth: 16)
        } catch {
            throw Faults(list: ["plugin.json: \(error)"])
        }
        var reader = ManifestReader(json)
        self = reader.manifest()
        if !reader.faults.isEmpty { throw Faults(list: reader.faults) }
    }

    /// Hooks of one mode.
    func hooks(_ mode: Hook.Mode) -> [Hook] { hooks.filter { $0.mode == mode } }
}

// MARK: - What it contributes

extension PluginManifest {
    /// A moment at which the plugin wants to be asked.
    package struct Hook: Sendable, Hashable {
        package enum Mode: String, Sendable, CaseIterable {
            /// Decides about something before it happens.
            case filter
            /// Supplies facts.
            case enrich
            /// Does something the operator chose it for.
            case provide
            /// Is told what has happened.
            case observe
        }

        package var name: String
        package var mode: Mode
        package var deadline: Duration
        /// Filters run in order of this, then of plugin id.
        package var priority = 100
        /// A filter without a verdict lets pass, or stops.
        package var failsOpen = true

        /// What the plugin's invoke is called with.
        package var method: String {
            mode == .enrich ? "hook/\(name)" : "\(mode.rawValue)/\(name)"
        }
    }

    /// Something that can be done, by a person, a workflow or the assistant.
    package struct Action: Sendable, Hashable {
        /// What it does to the world: decides who may have it done.
        package enum Effect: String, Sendable, CaseIterable {
            case read, write, message, money, irreversible
        }

        package enum Confirmation: String, Sendable, CaseIterable {
            case never, always
            case overLimit = "agent_over_limit"
        }

        package var name: String
        package var title: String
        package var explanation: String?
        package var effect: Effect
        package var confirmation: Confirmation
        /// The member of the input that ``limit`` bounds, in minor units of a currency.
        package var amount: String?
        /// The setting that holds the limit.
        package var limit: String?
        package var timeout: Duration
        package var input: ConfigSchema
        /// The input's schema as written: the tool description of a language model.
        package var inputSchema: JSON

        package var method: String { "action/\(name)" }
    }

    /// Something shown beside a conversation.
    package struct Panel: Sendable, Hashable {
        package var id: String
        package var title: String
        package var refresh: Duration

        package var method: String { "panel/\(id)" }
    }

    /// A path below `/v1/hooks/ID/` that other servers may ask.
    package struct Webhook: Sendable, Hashable {
        package enum Scheme: String, Sendable, CaseIterable {
            case stripe, slack, standard
            case hmac = "hmac-sha256"
        }

        package enum Encoding: String, Sendable, CaseIterable { case hex, base64 }

        package var path: String
        /// Nil when the plugin checks requests itself.
        package var scheme: Scheme?
        /// The setting that holds the secret.
        package var secret: String?
        /// Where ``Scheme/hmac`` finds the signature, in lower case.
        package var header: String?
        package var encoding = Encoding.hex

        package var method: String { "webhook/\(path)" }
    }

    /// Something the plugin does from time to time.
    package struct Schedule: Sendable, Hashable {
        package var name: String
        package var period: Duration
    }
}

// MARK: - What it may do

extension PluginManifest {
    /// What a plugin asks to be allowed; shown when it is installed and when it asks for more.
    package struct Permissions: Sendable, Hashable {
        package enum Read: String, Sendable, CaseIterable {
            case contactName = "contact.name"
            case contactEmail = "contact.email"
            case contactExternalID = "contact.external_id"
            case meta = "conversation.meta"
            case messages = "conversation.messages"
            case page = "conversation.page"
        }

        package enum Write: String, Sendable, CaseIterable {
            case note = "conversation.note"
            case message = "conversation.message"
            case reply = "conversation.reply"
            case tag = "conversation.tag"
            case facts = "conversation.facts"
            case post = "conversation.post"
        }

        /// Origins with paths, where `{config:key}` stands for a setting.
        package var http: [String] = []
        /// Requests a second to one server; as many may go at once.
        package var httpRate = Self.usualHTTPRate
        package var read: Set<Read> = []
        package var write: Set<Write> = []
        /// Bytes of keys and values in its store.
        package var storeBytes = 0
        package var schedule = false
        package var webhook = false
        package var languageModel = false

        /// More than the providers that people integrate with take, and than one that keeps to what
        /// they take comes near to.
        package static let usualHTTPRate = 100

        /// One line each, for people.
        package var lines: [String] {
            http.map { "http \($0)" }
                + (httpRate > Self.usualHTTPRate ? [Self.line(rate: httpRate)] : [])
                + read.map { "read \($0.rawValue)" }.sorted()
                + write.map { "write \($0.rawValue)" }.sorted()
                + (storeBytes > 0 ? ["store \(storeBytes) bytes"] : [])
                + (schedule ? ["schedule"] : []) + (webhook ? ["webhook"] : [])
                + (languageModel ? ["language model"] : [])
        }

        /// What is asked here and was not granted there.
        package func beyond(_ granted: Permissions) -> [String] {
            var wider: [String] = []
            wider += http.filter { !granted.http.contains($0) }.map { "http \($0)" }
            if httpRate > granted.httpRate { wider.append(Self.line(rate: httpRate)) }
            wider += read.subtracting(granted.read).map { "read \($0.rawValue)" }.sorted()
            wider += write.subtracting(granted.write).map { "write \($0.rawValue)" }.sorted()
            if storeBytes > granted.storeBytes { wider.append("store \(storeBytes) bytes") }
            if schedule, !granted.schedule { wider.append("schedule") }
            if webhook, !granted.webhook { wider.append("webhook") }
            if languageModel, !granted.languageModel { wider.append("language model") }
            return wider
        }

        private static func line(rate: Int) -> String {
            "rate \(rate) requests a second"
        }

        /// The services that the plugin's process hands out.
        var services: [String] {
            var services = ["maitred.metrics/1"]
            if !http.isEmpty { services += ["maitred.http/1", "maitred.oauth/1"] }
            if storeBytes > 0 { services.append("maitred.kv/1") }
            if schedule { services.append("maitred.schedule/1") }
            if !read.isEmpty || !write.isEmpty { services.append("maitred.conversations/1") }
            if !read.isEmpty { services += ["maitred.contacts/1", "maitred.events/1"] }
            if languageModel { services.append("maitred.llm/1") }
            return services
        }
    }
}

extension PluginManifest.Permissions {
    /// The permissions of a manifest that somebody agreed to; none for nil.
    init(granted json: JSON?) {
        guard let json else { return }
        var reader = ManifestReader(["permissions": json])
        self = reader.permissions()
    }
}
