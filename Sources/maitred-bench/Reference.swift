import ArgumentParser
import CBench

/// Runs one of the references, as the measurements do.
struct Reference: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a reference server until it is stopped."
    )

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case a, b
    }

    @Argument(help: "a: echoes. b: stores, acknowledges, delivers.")
    var kind: Kind

    @Option(help: "The port on 127.0.0.1.")
    var port: UInt16

    @Option(help: "A new file for the database of b.")
    var database: String?

    @Option(help: "A certificate for TLS, PEM; a only.")
    var certificate: String?

    @Option(help: "The certificate's key, PEM.")
    var key: String?

    mutating func validate() throws {
        guard kind == .a || database != nil else {
            throw ValidationError("Reference b needs --database.")
        }
        guard (256...1_048_576).contains(buffer) else {
            throw ValidationError("--buffer takes a number from 256 to 1048576.")
        }
    }

    @Option(help: "The receive buffer of a connection in bytes; a only.")
    var buffer = Int(BENCH_USUAL_BUFFER)

    func run() throws {
        let status =
            switch (kind, database) {
            case (.b, let database?): bench_reference_store(port, database)
            default: bench_reference_echo(port, certificate, key, buffer)
            }
        throw ExitCode(status)
    }
}
