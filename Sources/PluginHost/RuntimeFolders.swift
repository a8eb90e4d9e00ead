import Foundation

/// Finds where the language runtimes are that plugins may share with the server.
package enum RuntimeFolders {
    /// The folder of the Swift runtime this process uses; empty when it is linked statically.
    package static func ofThisProcess() -> [String] {
        // Read to its end: the file states no size, and a single read returns a page of it.
        let maps = FileHandle(forReadingAtPath: "/proc/self/maps").flatMap { try? $0.readToEnd() }
        let name = "/libswiftCore.so"
        let line = String(decoding: maps ?? Data(), as: UTF8.self)
            .split(separator: "\n").first { $0.hasSuffix(name) }
        guard let line, let slash = line.firstIndex(of: "/") else { return [] }
        return [String(line[slash...].dropLast(name.count))]
    }
}
