import ArgumentParser
import Foundation
import Gateway
import Glibc
import JSONCoding
import Store

/// `maitred doctor`: what an operator should know before customers find out.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check this machine and the data folder."
    )
    @OptionGroup var data: DataFolder

    func run() async throws {
        var findings: [(name: String, isGood: Bool, text: String)] = []
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        findings.append(
            ("open files", limit.rlim_cur >= 4096, "\(limit.rlim_cur) allowed; 4096 or more wanted")
        )
        let figures = StoreFigures(folder: data.url)
        if let free = figures.diskFree {
            let words = "\(free >> 20) MiB free where the data folder is"
            findings.append(("disk", free > StoreFigures.littleDisk, words))
        }
        let log = figures.writeAheadLog
        let logWords = "\(log >> 20) MiB; it is brought back into the database at 16"
        findings.append(("write-ahead log", log <= StoreFigures.largeLog, logWords))
        if try ControlSocket.ask(["do": "status"], folder: data.url) != nil {
            findings.append(("server", true, "runs on this folder"))
        } else {
            do {
                try await Store.open(folder: data.url).close()
                findings.append(("workspace", true, "opens"))
            } catch {
                findings.append(("workspace", false, "\(error)"))
            }
        }
        let answer = JSON.array(
            findings.map {
                ["check": .string($0.name), "good": .bool($0.isGood), "text": .string($0.text)]
            }
        )
        data.show(answer) { _ in
            findings.map { "\($0.isGood ? "good" : "BAD ")  \($0.name): \($0.text)" }
                .joined(separator: "\n")
        }
        if findings.contains(where: { !$0.isGood }) { throw ExitCode.failure }
    }
}
