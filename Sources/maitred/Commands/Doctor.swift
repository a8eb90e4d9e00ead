import ArgumentParser
import Foundation
import Gateway
import JSONCoding
import Store

/// `maitred doctor`: what an operator should know before customers find out.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check this machine and the data folder."
    )
    @Option(help: "The server's YAML file, for when no server runs on the folder.")
    var config: String?
    @OptionGroup var data: DataFolder

    func run() async throws {
        var findings = [Self.openFiles()] + Self.room(StoreFigures(folder: data.url))
        let options = try ServeOptions(file: config.map(ConfigurationFile.init(path:)) ?? .init())
        var certificate = options.tlsCertificate
        var folders = Installation.plugins(options.pluginFolders)
        var refused: [JSON] = []
        let status = try ControlSocket.ask(["do": "status"], folder: data.url)
        if let status {
            findings.append(Finding(name: "server", isGood: true, text: "runs on this folder"))
            certificate = status["tls_certificate"]?.stringValue
            folders = status["plugin_folders"]?.arrayValue?.compactMap(\.stringValue) ?? []
            refused = status["refused_plugins"]?.arrayValue ?? []
        } else {
            findings.append(await workspace())
        }
        if let clock = Self.clock(data.url) { findings.append(clock) }
        let address = status?["address"]?.stringValue
        findings += Self.certificates(file: certificate, address: address)
        findings.append(Self.plugins(folders, refused: refused))
        let answer = JSON.array(
            findings.map {
                ["check": .string($0.name), "good": .bool($0.isGood), "text": .string($0.text)]
            }
        )
        data.show(answer) { _ in
            findings.map { "\($0.isGood ? "good" : "BAD ")  \($0.name): \($0.text)" }
                .joined(separator: "\n")
        }
        if findings.contains(where: { !$0.isGood }) { throw ExitCode.failure }
    }

    private func workspace() async -> Finding {
        do {
            try await Store.open(folder: data.url).close()
            return Finding(name: "workspace", isGood: true, text: "opens")
        } catch {
            return Finding(name: "workspace", isGood: false, text: "\(error)")
        }
    }
}
