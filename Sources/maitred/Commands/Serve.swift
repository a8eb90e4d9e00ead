import ArgumentParser
import Foundation
import Gateway
import Logging
import Store

/// `maitred serve`: the server.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve widget, console and API."
    )

    @Option(help: "Address and port.") var listen: String?
    @Option(help: "A YAML file with these options, written with underscores.") var config: String?
    @Option(help: "Where people reach this server, when it is not the listen address.")
    var publicURL: String?
    @Option(help: "Addresses of proxies to believe, such as 10.0.0.0/8. Repeatable.")
    var trustedProxy: [String] = []
    @Option(help: "The certificate chain, PEM.") var tlsCertificate: String?
    @Option(help: "The certificate's key, PEM.") var tlsKey: String?
    @Option(help: "The folder of widget, console and demo.") var webStatic: String?
    @Option(help: "A folder of plugins. Repeatable.") var plugins: [String] = []
    @Option(help: "trace, debug, info, notice, warning or error.") var logLevel: String?
    @Flag(help: "Make a demo workspace if there is none.") var demo = false
    /// For measuring alone, which is why no help, file or variable names it.
    @Flag(help: .private) var unsafeUnsynced = false
    @OptionGroup var data: DataFolder

    func run() async throws {
        let file = try config.map(ConfigurationFile.init(path:)) ?? ConfigurationFile()
        var options = try ServeOptions(file: file)
        if let listen { options.listen = listen }
        if let publicURL { options.publicURL = publicURL }
        if !trustedProxy.isEmpty { options.trustedProxies = trustedProxy }
        if let tlsCertificate { options.tlsCertificate = tlsCertificate }
        if let tlsKey { options.tlsKey = tlsKey }
        if let webStatic { options.webStatic = webStatic }
        if !plugins.isEmpty { options.pluginFolders = plugins }
        if let logLevel { options.logLevel = logLevel }
        if unsafeUnsynced { options.durability = .unsynced }
        try options.startLogging()
        if demo,
            !FileManager.default.fileExists(atPath: data.url.appending(path: "maitred.sqlite").path)
        {
            try Store.initialise(folder: data.url)
            _ = try await DemoWorkspace.fill(data.url)
        }
        try await RunningServer(options: options, folder: data.url).run()
    }
}
