import Foundation

/// How much memory a process has in use.
enum ProcessMemory {
    /// Bytes resident, as `/proc/PID/statm` says; nil for a process that is gone.
    static func resident(_ pid: Int32) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
