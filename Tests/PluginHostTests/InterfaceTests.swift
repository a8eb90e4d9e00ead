import Foundation
import Testing

/// The header is a contract: what can be checked about its text is.
struct InterfaceTests {
    private static let threads = ["[main]", "[worker]", "[any-thread]"]

    @Test func `every function of the interface says its thread`() throws {
        let path =
            "\(PluginWorkshop.root)/Sources/CMaitredPlugin/include/maitred_plugin.h"
        let lines = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            .components(separatedBy: "\n")
        var comment = ""
        var isComment = false
        var functions = 0
        for line in lines {
            if line.contains("/*") {
                comment = ""
                isComment = true
            }
            if isComment { comment += line }
            if line.contains("*/") { isComment = false }
            let isFunction = !isComment && (line.contains("(*") || line.contains("_entry(uint32_t"))
            guard isFunction, !line.contains("*/") else { continue }
            functions += 1
            let tags = Self.threads.filter(comment.contains)
            #expect(tags.count == 1, "\(line.trimmingCharacters(in: .whitespaces))")
        }
        #expect(functions == 18)
    }
}
