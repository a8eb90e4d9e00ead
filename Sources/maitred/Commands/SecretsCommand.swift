import ArgumentParser
import Foundation
import JSONCoding
import Store

/// `maitred secrets`: what is sealed in a workspace.
struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "What is sealed in the workspace.",
        subcommands: [Forget.self]
    )

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give up the secrets of a workspace whose maitred.key is lost.",
            discussion: """
                Conversations, people and files stay. The secrets with which sites sign who their \
                customers are, and those of plugins and webhooks, have to be set again; everybody \
                signs in anew. Changes nothing where the key fits. No server may run on the folder.
                """
        )
        @OptionGroup var data: DataFolder

        func run() async throws {
            let lost = try Store.giveUpSecrets(in: data.url)
            let answer: JSON = [
                "given_up": .bool(lost != nil), "site_keys": .int(Int64(lost ?? 0)),
            ]
            data.show(answer) { _ in
                guard let lost else { return "The key fits: nothing was given up." }
                return """
                    The workspace opens again. \(lost) keys of sites are gone; add them with: \
                    maitred site key add
                    Secrets of plugins and webhooks have to be set again in the console.
                    """
            }
        }
    }
}
