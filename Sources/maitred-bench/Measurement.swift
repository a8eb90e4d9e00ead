import ArgumentParser

/// A subcommand that ends in a report; ``All`` runs one after the other.
protocol Measurement: ParsableCommand {
    var options: BenchOptions { get }

    /// Measures, and throws when something was lost or refused: such a run gives no figures.
    func measure() throws -> Report
}

extension Measurement {
    mutating func run() throws {
        try measure().print(asJSON: options.json)
    }
}
