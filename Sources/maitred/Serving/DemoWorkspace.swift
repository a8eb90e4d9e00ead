import Foundation
import Gateway
import JSONCoding
import Model
import Store

/// The demo: a workspace filled with the starter, its passwords, and its customers for the CRM plugin.
enum DemoWorkspace {
    private static let passwordFile = "demo-passwords.txt"
    static let pluginFile = "plugins.json"

    /// Fills a workspace that has just been made; passwords are kept in a file only its owner reads.
    static func fill(_ folder: URL) async throws -> [StarterWorkspace.Person] {
        let store = try Store.open(folder: folder)
        let people = try await StarterWorkspace(store: store).fill()
        await store.close()
        let customers = folder.appending(path: "customers.csv")
        try FileManager.default.copyItem(
            at: URL(fileURLWithPath: StarterWorkspace.customers),
            to: customers
        )
        let plugins: JSON = [
            "maitred.crm-csv": ["config": ["file": "customers.csv", "title": "Customer record"]]
        ]
        try write(plugins.text + "\n", to: folder.appending(path: pluginFile))
        try write(introduce(people) + "\n", to: folder.appending(path: passwordFile))
        return people
    }

    static func introduce(_ people: [StarterWorkspace.Person]) -> String {
        people.map { "\($0.email)  \($0.password)  (\($0.name), \($0.role.rawValue))" }
            .joined(separator: "\n")
    }

    /// The kept passwords; nil in a workspace that is no demo.
    static func kept(in folder: URL) -> String? {
        try? String(contentsOf: folder.appending(path: passwordFile), encoding: .utf8)
            .trimmingCharacters(in: .newlines)
    }

    private static func write(_ text: String, to file: URL) throws {
        let path = file.path(percentEncoded: false)
        let isWritten = FileManager.default.createFile(
            atPath: path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else { throw OrderFault("\(path) cannot be written") }
    }
}
