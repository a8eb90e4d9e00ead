import Foundation

/// Makes the folder of a new plugin from a template, with the kit's sources in it: what is made builds
/// anywhere and passes its test unedited.
package struct PluginScaffold: Sendable {
    package static let languages = ["swift", "c"]
    package static let templates = ["action", "enrich", "channel", "llm"]

    private let name: String
    private let id: String
    private let language: String
    private let template: String
    /// Where the interface's header and the Swift kit are.
    private let kit: String

    /// - Parameters:
    ///   - name: Lower case, digits and hyphens: `my-orders`.
    ///   - id: In reverse-DNS form.
    ///   - language: One of ``languages``.
    ///   - template: One of ``templates``.
    ///   - kit: The folder that holds `CMaitredPlugin` and `MaitredPluginKit`.
    /// - Throws: What cannot be.
    package init(
        name: String,
        id: String,
        language: String,
        template: String,
        kit: String
    ) throws(PluginPackage.Fault) {
        let letters = name.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard letters, let first = name.utf8.first, (97...122).contains(first),
            !name.hasSuffix("-"), name.utf8.count <= 40
        else { throw PluginPackage.Fault("\(name) is not a name such as my-orders") }
        guard Self.languages.contains(language) else {
            throw PluginPackage.Fault("--lang is one of \(Self.languages.joined(separator: ", "))")
        }
        guard Self.templates.contains(template) else {
            throw PluginPackage.Fault(
                "--template is one of \(Self.templates.joined(separator: ", "))"
            )
        }
        self.name = name
        self.id = id
        self.language = language
        self.template = template
        self.kit = kit
    }

    /// Makes the folder, which must not exist; returns its path.
    package func make(in parent: String) throws(PluginPackage.Fault) -> String {
        let folder = "\(parent)/\(name)"
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw PluginPackage.Fault("\(folder) exists already")
        }
        guard let templates = Bundle.module.resourceURL?.appending(path: "Templates").path else {
            throw PluginPackage.Fault("the templates are missing beside the program")
        }
        do {
            try copy("\(templates)/\(language)/common", to: folder)
            try copy("\(templates)/\(language)/\(template)", to: folder)
            try copyKit(to: "\(folder)/SDK")
        } catch {
            throw PluginPackage.Fault("\(folder) cannot be made: \(error)")
        }
        return folder
    }

    private func copyKit(to folder: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let interface = "\(kit)/CMaitredPlugin"
        try files.copyItem(atPath: "\(interface)/exports.map", toPath: "\(folder)/exports.map")
        if language == "c" {
            try files.copyItem(
                atPath: "\(interface)/include/maitred_plugin.h",
                toPath: "\(folder)/maitred_plugin.h"
            )
            return
        }
        for part in ["CMaitredPlugin", "MaitredPluginKit"] {
            try files.copyItem(atPath: "\(kit)/\(part)", toPath: "\(folder)/\(part)")
        }
        // Each package has one place that says what is exported.
        try files.removeItem(atPath: "\(folder)/CMaitredPlugin/exports.map")
    }

    private func copy(_ source: String, to folder: String) throws {
        let files = FileManager.default
        guard let names = files.enumerator(atPath: source) else { return }
        for case let path as String in names where path.hasSuffix(".template") {
            let text = try String(contentsOfFile: "\(source)/\(path)", encoding: .utf8)
            let place = "\(folder)/\(filled(String(path.dropLast(".template".count))))"
            try files.createDirectory(
                at: URL(fileURLWithPath: place).deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(filled(text).utf8).write(to: URL(fileURLWithPath: place))
        }
    }

    private func filled(_ text: String) -> String {
        let words = name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return text.replacing("{{name}}", with: name)
            .replacing("{{Name}}", with: words.joined())
            .replacing("{{id}}", with: id)
    }
}
