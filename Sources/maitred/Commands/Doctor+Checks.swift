import Foundation
import Gateway
import Glibc
import JSONCoding
import Model
import PluginHost
import Store
import Transport

extension Doctor {
    /// What was looked at, and whether it is as it should be.
    struct Finding {
        var name: String
        var isGood: Bool
        var text: String
    }

    /// A certificate that ends sooner should have been replaced already.
    static let certificateDays: Int64 = 14
    /// An event that is further ahead of the clock shows that one of the two is wrong.
    static let clockSeconds: Int64 = 60

    static func openFiles() -> Finding {
        Finding(
            name: "open files",
            isGood: OpenFiles.allowed >= 4096,
            text: "\(OpenFiles.allowed) allowed; 4096 or more wanted"
        )
    }

    static func room(_ figures: StoreFigures) -> [Finding] {
        let log = figures.writeAheadLog
        let logWords =
            "\((log + 1 << 19) >> 20) MiB; it has 4, and is brought back into the database then"
        let isSmall = log <= StoreFigures.largeLog
        let disk = figures.diskFree.map { free in
            Finding(
                name: "disk",
                isGood: free > StoreFigures.littleDisk,
                text: "\(free >> 20) MiB free where the data folder is"
            )
        }
        return [disk, Finding(name: "write-ahead log", isGood: isSmall, text: logWords)]
            .compactMap(\.self)
    }

    /// Whether the log knows of times that are yet to come; nil when there is no log to be read.
    static func clock(_ folder: URL) -> Finding? {
        let keeper =
            switch MachineClock.isKept {
            case true?: "kept by a time server"
            case false?: "kept by no time server, as far as the kernel knows"
            case nil: "whether a time server keeps it cannot be seen"
            }
        do throws(StoreFailure) {
            let latest = try Store.latestEvent(in: folder)
            let ahead = latest.map { ($0 - SystemClock().now).components.seconds } ?? 0
            guard ahead > clockSeconds else {
                return Finding(name: "clock", isGood: true, text: keeper)
            }
            let words = "the newest event is \(ahead) s ahead of it: it is wrong, or was; \(keeper)"
            return Finding(name: "clock", isGood: false, text: words)
        } catch {
            return nil
        }
    }

    /// The certificate in the file, and the one that is served at an address.
    static func certificates(file: String?, address: String?) -> [Finding] {
        guard let file else { return [] }
        guard let end = CertificateEnd.ofFile(file) else {
            let words = "\(file) cannot be read, or holds none"
            return [Finding(name: "certificate", isGood: false, text: words)]
        }
        var findings = [certificate("certificate", until: end)]
        guard let address else { return findings }
        switch CertificateEnd.served(at: address) {
        case nil:
            let words = "\(address) shows none"
            findings.append(Finding(name: "served certificate", isGood: false, text: words))
        case end?: findings.append(certificate("served certificate", until: end))
        case let other?:
            var finding = certificate("served certificate", until: other)
            finding.isGood = false
            finding.text += "; it is not the one in the file: send the server SIGHUP"
            findings.append(finding)
        }
        return findings
    }

    private static func certificate(_ name: String, until end: Int64) -> Finding {
        let now = SystemClock().now.milliseconds / 1000
        let days = (end - now) / 86_400
        let date = Timestamp(milliseconds: end * 1000).description.prefix(10)
        return Finding(
            name: name,
            isGood: end > now && days >= certificateDays,
            text: end > now ? "good for \(days) days, until \(date)" : "has ended on \(date)"
        )
    }

    /// Whether the plugins in these folders speak a version of the interface that is served here.
    ///
    /// `refused`: those whose library the running server could not use, and why.
    static func plugins(_ folders: [String], refused: [JSON]) -> Finding {
        let libraries = [Installation.programFolder.path]
        let (found, broken) = PluginBundle.find(in: folders, libraryFolders: libraries)
        let newer = broken.flatMap { plugin in
            plugin.faults.filter { $0.hasPrefix("abi:") }.map { fault in
                "\(URL(fileURLWithPath: plugin.folder).lastPathComponent): \(fault)"
            }
        }
        let others = refused.map {
            "\($0["id"]?.stringValue ?? ""): \($0["reason"]?.stringValue ?? "")"
        }
        let faults = newer + others
        return Finding(
            name: "plugins",
            isGood: faults.isEmpty,
            text: faults.isEmpty
                ? "\(found.count) for version \(PluginManifest.abi) of the interface"
                : faults.joined(separator: "; ")
        )
    }
}
