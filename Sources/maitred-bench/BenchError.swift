/// Why a measurement could not be made or does not count.
enum BenchError: Error {
    case noProgram(String)
    case notInstalled(String, packages: String)
    case cannotWrite(String)
    case cannotStart(String, reason: String)
    case commandFailed([String], status: Int, errors: String)
    case http(String, status: Int, body: String)
    case connection(String)
    case unexpectedAnswer(to: String, String)
    case notAllOpened(wanted: Int, opened: Int, reason: String)
    case messagesLost(String)
    case tooFewFiles(needed: Int, allowed: Int)
    case partsFailed([String])
}

extension BenchError: CustomStringConvertible {
    var description: String {
        switch self {
        case .noProgram(let path):
            "There is no program at \(path). Build it, name it with --maitred, or give"
                + " --references-only."
        case .notInstalled(let name, let packages):
            "\(name) is not installed. On Debian: apt-get install \(packages)"
        case .cannotWrite(let path):
            "\(path) could not be written."
        case .cannotStart(let program, let reason):
            "\(program) did not start: \(reason)"
        case .commandFailed(let arguments, let status, let errors):
            "\(arguments.joined(separator: " ")) ended with \(status): \(errors)"
        case .http(let request, let status, let body):
            "\(request) was answered with \(status): \(body)"
        case .connection(let reason):
            "The connection failed: \(reason)"
        case .unexpectedAnswer(let request, let answer):
            "\(request) was answered with \(answer)"
        case .notAllOpened(let wanted, let opened, let reason):
            "Only \(opened) of \(wanted) connections opened: \(reason)"
        case .messagesLost(let what):
            "The run does not count: \(what)"
        case .tooFewFiles(let needed, let allowed):
            "\(needed) open files are needed and \(allowed) allowed: see ulimit -n, or lower --count."
        case .partsFailed(let parts):
            "Not measured:\n" + parts.map { "  \($0)" }.joined(separator: "\n")
        }
    }
}
