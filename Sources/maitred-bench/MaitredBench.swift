import ArgumentParser

/// Measures maitred side by side with programs that do the same work and nothing else,
/// and with servers of other projects.
///
/// Every figure is a ratio from one run on one machine: the two sides take turns, and medians are
/// compared. Documentation/performance.md says what each figure means and what it should be.
///
/// ## Topics
/// - ``All``
/// - ``Relay``
/// - ``Peers``
/// - ``Typing``
/// - ``Spike``
/// - ``ResumeStorm``
/// - ``PluginFault``
/// - ``Idle``
/// - ``Handshake``
/// - ``TriageSpeed``
/// - ``LoadClient``
/// - ``Report``
/// - ``Targets``
@main
struct MaitredBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maitred-bench",
        abstract: "Measures maitred beside its references and peers.",
        subcommands: [All.self] + All.parts.map { $0 as any ParsableCommand.Type } + [
            Reference.self
        ],
        defaultSubcommand: All.self
    )
}
