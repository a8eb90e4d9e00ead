import Foundation
import Model
import Yams

extension Article {
    /// Reads the Markdown files of a folder as other systems export them.
    ///
    /// Front matter may be missing and may have keys of its own: a title is taken from it, else from
    /// the first heading, else from the file's name; a summary from it, else from the first paragraph.
    ///
    /// - Throws: ``WorkspaceFaults`` with all that is wrong in all files.
    package static func importing(folder: String) throws(WorkspaceFaults) -> [Article] {
        let faults = FaultList()
        let files = WorkspaceFiles(folder: folder, faults: faults)
        guard files.exists else {
            faults.add(.unreadable("there is no such folder"), file: folder)
            throw WorkspaceFaults(faults: faults.faults)
        }
        let articles = files.names(in: ".", ending: ".md").compactMap { file in
            files.text(file, limit: maximumLength).flatMap { imported($0, file, faults) }
        }
        guard faults.faults.isEmpty else { throw WorkspaceFaults(faults: faults.faults) }
        return articles
    }

    private static func imported(
        _ text: String,
        _ file: String,
        _ faults: FaultList
    ) -> Article? {
        let (front, body) = split(text.replacing("\r\n", with: "\n"))
        guard !body.isEmpty else {
            faults.add(.empty("body"), file: file, line: 1)
            return nil
        }
        let values: [String: Any]
        do {
            values = try front.map { try Yams.load(yaml: $0) as? [String: Any] ?? [:] } ?? [:]
        } catch {
            faults.add(.malformed("the front matter is not YAML"), file: file, line: 1)
            return nil
        }
        let name = WorkspaceFiles.stem(of: file.replacing("./", with: ""))
        let blocks = MarkdownRenderer.blocks(body)
        let heading = blocks.first { if case .heading = $0 { true } else { false } }
        let paragraph = blocks.first { if case .paragraph = $0 { true } else { false } }
        return Article(
            id: Slug.make(from: name) ?? name,
            title: values["title"] as? String ?? heading?.plainText ?? name,
            summary: values["summary"] as? String
                ?? String((paragraph?.plainText ?? "").prefix(300)),
            body: body,
            tags: values["tags"] as? [String] ?? [],
            language: values["language"] as? String ?? "en",
            pages: (values["pages"] as? [String] ?? []).map { PageGlob($0) }
        )
    }

    private static func split(_ text: String) -> (front: String?, body: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
            return (nil, text.trimmed)
        }
        return (
            lines[1..<end].joined(separator: "\n"),
            lines[(end + 1)...].joined(separator: "\n").trimmed
        )
    }
}
