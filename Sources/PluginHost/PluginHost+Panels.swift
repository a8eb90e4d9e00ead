import JSONCoding
import Model

/// What plugins show beside a conversation.
extension PluginHost {
    private static let deadline: Duration = .seconds(5)

    /// One panel, drawn; or why not.
    package struct DrawnPanel: Sendable {
        package var plugin: String
        package var id: String
        package var title: String
        package var refresh: Duration
        /// Checked blocks; empty when there is nothing to show.
        package var blocks: [JSON]
        package var error: String?
    }

    /// Has plugins draw their panels for a conversation, side by side.
    ///
    /// - Parameters:
    ///   - id: The conversation.
    ///   - wanted: Which, as `PLUGIN/PANEL`; nil for all there are.
    /// - Returns: Those that there are, by plugin and id.
    package func panels(
        for id: ConversationID,
        only wanted: Set<String>? = nil
    ) async -> [DrawnPanel] {
        let summary = try? await services.access().summary(of: id, messages: 0)
        guard let summary else { return [] }
        return await withTaskGroup { group in
            for instance in running {
                let id = instance.grant.id
                for panel in instance.bundle.manifest.panels
                where wanted?.contains("\(id)/\(panel.id)") ?? true {
                    let input: JSON = [
                        "conversation": .string(summary.id.description),
                        "contact": summary.contact.json(for: instance.grant.permissions.read),
                    ]
                    group.addTask { await self.draw(panel, id, input) }
                }
            }
            var drawn: [DrawnPanel] = []
            for await panel in group { drawn.append(panel) }
            return drawn.sorted { ($0.plugin, $0.id) < ($1.plugin, $1.id) }
        }
    }

    private func draw(
        _ panel: PluginManifest.Panel,
        _ plugin: String,
        _ input: JSON
    ) async -> DrawnPanel {
        var drawn = DrawnPanel(
            plugin: plugin,
            id: panel.id,
            title: panel.title,
            refresh: panel.refresh,
            blocks: []
        )
        do throws(PluginError) {
            let answer = try await call(plugin, panel.method, input, deadline: Self.deadline)
            drawn.blocks = PanelBlock.checked(answer["blocks"]?.arrayValue ?? [])
        } catch {
            drawn.error = error.description
        }
        return drawn
    }
}

/// The blocks of panels: what is none of them is left out, texts are bounded, links are safe.
enum PanelBlock {
    private static let blockLimit = 40
    private static let rowLimit = 50
    private static let columnLimit = 8
    private static let textLimit = 2000

    static func checked(_ blocks: [JSON]) -> [JSON] {
        blocks.prefix(blockLimit).compactMap(checked)
    }

    private static func checked(_ block: JSON) -> JSON? {
        switch block["type"]?.stringValue {
        case "text": text(block, "text").map { ["type": "text", "text": $0] }
        case "badge":
            text(block, "text").map {
                ["type": "badge", "text": $0, "tone": .string(tone(block))]
            }
        case "fields": fields(block)
        case "table": table(block)
        case "link": link(block, "title")
        case "image": link(block, "alt")
        case "button", "form": action(block)
        case "divider": ["type": "divider"]
        default: nil
        }
    }

    private static func text(_ json: JSON, _ name: String) -> JSON? {
        json[name]?.stringValue.map { .string(String($0.prefix(textLimit))) }
    }

    private static func tone(_ block: JSON) -> String {
        let tone = block["tone"]?.stringValue ?? ""
        return ["good", "warning", "bad"].contains(tone) ? tone : "neutral"
    }

    private static func fields(_ block: JSON) -> JSON? {
        let fields = (block["fields"]?.arrayValue ?? []).prefix(rowLimit).compactMap { field in
            text(field, "name").flatMap { name in
                text(field, "value").map { JSON.object(["name": name, "value": $0]) }
            }
        }
        return fields.isEmpty ? nil : ["type": "fields", "fields": .array(Array(fields))]
    }

    private static func table(_ block: JSON) -> JSON? {
        func cells(_ json: JSON?) -> JSON {
            let cells = (json?.arrayValue ?? []).prefix(columnLimit)
            return .array(cells.map { .string(words(of: $0)) })
        }
        let rows = (block["rows"]?.arrayValue ?? []).prefix(rowLimit).map { cells($0) }
        return ["type": "table", "columns": cells(block["columns"]), "rows": .array(rows)]
    }

    /// A cell as it is shown: numbers and flags as they are written in JSON.
    private static func words(of cell: JSON) -> String {
        switch cell {
        case .string(let text): String(text.prefix(textLimit))
        case .int, .double, .bool: cell.text
        case .null, .array, .object: ""
        }
    }

    private static func link(_ block: JSON, _ words: String) -> JSON? {
        guard let url = block["url"]?.stringValue, SafeURL.allows(url), let type = block["type"],
            let text = text(block, words)
        else { return nil }
        return .object(JSON.Object([("type", type), ("url", .string(url)), (words, text)]))
    }

    private static func action(_ block: JSON) -> JSON? {
        guard let name = block["action"]?.stringValue, let type = block["type"] else { return nil }
        return [
            "type": type, "action": .string(String(name.prefix(60))),
            "title": text(block, "title") ?? .null, "input": block["input"] ?? [:],
        ]
    }
}
