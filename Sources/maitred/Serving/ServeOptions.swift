import Credentials
import Foundation
import Gateway
import Logging
import Store
import Transport

/// How a server is run: defaults, file and environment, then flags.
struct ServeOptions {
    static let names = [
        "listen", "public_url", "trusted_proxies", "tls_certificate", "tls_key", "web_static",
        "plugin_folders", "allow_unsigned_plugins", "trusted_plugin_keys", "language_model",
        "log_level", "loops", "uploads_limit", "uploads_quota", "uploads_hourly", "uploads_types",
    ]

    var listen = "127.0.0.1:8080"
    var publicURL: String?
    var trustedProxies: [String] = []
    var tlsCertificate: String?
    var tlsKey: String?
    var webStatic: String?
    var pluginFolders: [String] = []
    var unsignedPlugins: [String] = []
    /// `NAME=mtd-verify:…`, each.
    var trustedPluginKeys: [String] = []
    /// Plugins that provide language models, the first choice first.
    var languageModels: [String] = []
    var logLevel = "notice"
    /// Event loops; nil takes one for each core.
    var loops: Int?
    /// What may be uploaded; nil for nothing.
    var uploads: UploadOptions? = UploadOptions()
    var durability = Durability.full

    init(file: ConfigurationFile) throws {
        listen = file["listen"] ?? listen
        publicURL = file["public_url"]
        trustedProxies = file.list("trusted_proxies") ?? []
        tlsCertificate = file["tls_certificate"]
        tlsKey = file["tls_key"]
        webStatic = file["web_static"]
        pluginFolders = file.list("plugin_folders") ?? []
        unsignedPlugins = file.list("allow_unsigned_plugins") ?? []
        trustedPluginKeys = file.list("trusted_plugin_keys") ?? []
        languageModels = file.list("language_model") ?? []
        logLevel = file["log_level"] ?? logLevel
        uploads = try Self.uploads(file)
        loops = try file["loops"].map { text in
            guard let loops = Int(text), (1...64).contains(loops) else {
                throw OrderFault("loops must be a number from 1 to 64")
            }
            return loops
        }
    }

    private static func uploads(_ file: ConfigurationFile) throws -> UploadOptions? {
        var uploads = UploadOptions()
        uploads.limit = try bytes(file, "uploads_limit") ?? uploads.limit
        uploads.quota = try bytes(file, "uploads_quota") ?? uploads.quota
        uploads.hourlyBytes = try bytes(file, "uploads_hourly") ?? uploads.hourlyBytes
        uploads.types = file.list("uploads_types") ?? uploads.types
        return uploads.limit == 0 ? nil : uploads
    }

    /// A number of bytes, such as `500000`, `25MB` or `20GB`.
    private static func bytes(_ file: ConfigurationFile, _ name: String) throws -> Int? {
        guard let text = file[name] else { return nil }
        let units = ["": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30]
        let digits = text.prefix(while: \.isNumber)
        let unit = text.dropFirst(digits.count).trimmingCharacters(in: .whitespaces)
        guard let number = Int(digits), let factor = units[unit.uppercased()],
            number <= (1 << 50) / factor
        else { throw OrderFault("\(name) must be a number of bytes, such as 25MB") }
        return number * factor
    }

    /// Logs go to standard error: standard output is for the one line that says the server is up.
    func startLogging() throws {
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw OrderFault("log_level must be trace, debug, info, notice, warning or error")
        }
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }

    /// Host and port of `listen`.
    var address: (host: String, port: Int) {
        get throws {
            guard let colon = listen.lastIndex(of: ":"),
                let port = Int(listen[listen.index(after: colon)...]), (1...65_535).contains(port)
            else { throw OrderFault("\(listen) is not ADDRESS:PORT, such as 127.0.0.1:8080") }
            let host = listen[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
            return (host.isEmpty ? "0.0.0.0" : host, port)
        }
    }

    var transport: TransportOptions {
        get throws {
            let (host, port) = try address
            var options = TransportOptions(host: host, port: port)
            switch (tlsCertificate, tlsKey) {
            case (let certificate?, let key?):
                options.tls = TLSFiles(certificate: certificate, key: key)
            case (nil, nil): break
            default: throw OrderFault("tls_certificate and tls_key belong together")
            }
            options.loops = loops ?? options.loops
            options.trustedProxies = try trustedProxies.map { try AddressRange($0) }
            return options
        }
    }

    /// Whose packages of plugins are trusted, by name.
    var trustedKeys: [String: VerifyingKey] {
        get throws {
            var keys: [String: VerifyingKey] = [:]
            for text in trustedPluginKeys {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2, let key = VerifyingKey(text: parts[1]) else {
                    throw OrderFault(
                        "\(text) is not NAME=mtd-verify:…; see: maitred plugin key"
                    )
                }
                keys[parts[0]] = key
            }
            return keys
        }
    }

    /// Who is asked first for what plugins provide.
    var providers: [String: [String]] {
        guard !languageModels.isEmpty else { return [:] }
        let names = [
            "llm.complete", "reply.draft", "conversation.summary", "translate", "intent.candidates",
        ]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, languageModels) })
    }

    /// Where people reach the server.
    var publicAddress: String {
        get throws {
            if let publicURL {
                guard publicURL.wholeMatch(of: #/https?:\/\/[^\/\s]+\/?/#) != nil else {
                    throw OrderFault(
                        "\(publicURL) is not a URL such as https://support.example.com"
                    )
                }
                return publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
            }
            let (host, port) = try address
            let name = host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host
            return "\(scheme)://\(name.contains(":") ? "[\(name)]" : name):\(port)"
        }
    }

    /// All names of this server as origins.
    var ownOrigins: [String] {
        get throws {
            let (_, port) = try address
            let local = ["127.0.0.1", "localhost", "[::1]"].map { "\(scheme)://\($0):\(port)" }
            return [try publicAddress] + local
        }
    }

    /// Where the demo is shown: another origin than the server's, as customers' products are.
    var demoOrigin: String {
        get throws { "\(scheme)://shop.localhost:\(try address.port)" }
    }

    private var scheme: String { tlsCertificate == nil ? "http" : "https" }
}
