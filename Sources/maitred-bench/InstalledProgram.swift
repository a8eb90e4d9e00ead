import Foundation

/// Programs of other projects, which a package of Debian's installs.
enum InstalledProgram {
    /// Where servers are that not everybody's PATH names.
    private static let places = ["/usr/local/sbin", "/usr/sbin", "/sbin"]

    /// Returns the path of a program; throws `notInstalled` when it is nowhere.
    static func path(_ name: String, packages: String) throws -> String {
        let search = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = search.split(separator: ":").map(String.init) + places
        let paths = folders.map { "\($0)/\(name)" }
        guard let found = paths.first(where: FileManager.default.isExecutableFile) else {
            throw BenchError.notInstalled(name, packages: packages)
        }
        return found
    }
}
