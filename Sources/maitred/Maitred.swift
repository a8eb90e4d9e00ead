import ArgumentParser

/// The command line: each command opens a data folder or speaks to the server that has it.
@main
struct Maitred: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maitred",
        abstract: "A self-hosted live support chat server.",
        version: ServerVersion.text,
        subcommands: [
            Serve.self, Init.self, SiteCommand.self, AgentCommand.self, KeyCommand.self,
            ImportCommand.self, TriageCommand.self, WorkflowCommand.self, PluginCommand.self,
            BackupCommand.self,
            RestoreCommand.self, SecretsCommand.self, Doctor.self,
        ]
    )
}
