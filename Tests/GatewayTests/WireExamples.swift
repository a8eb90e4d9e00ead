import Foundation
import JSONCoding
import Testing

/// An example of a message's definition: a frame that is valid, or one that is refused.
struct WireExample: Sendable, CustomTestStringConvertible {
    /// The definition's file.
    var file: String
    var title: String
    /// `customer`, `agent` or `server`.
    var sender: String
    /// Who gets it, if the server sends it.
    var receivers: [String]
    var frame: JSON
    /// The error code, if it is refused.
    var refused: String?
    /// The field that is named in the refusal.
    var names: String?

    var testDescription: String { "\(file): \(title) (\(sender))" }

    /// The examples of every definition, once for each kind of client that may send them.
    static let all: [WireExample] = files().flatMap { file, definition in
        strings(definition["direction"]).flatMap { sender in
            (definition["examples"]?.arrayValue ?? []).map { example in
                WireExample(file: file, definition: definition, sender: sender, example: example)
            }
        }
    }

    static let valid = all.filter { $0.refused == nil }
    static let invalid = all.filter { $0.refused != nil }

    private init(file: String, definition: JSON, sender: String, example: JSON) {
        self.file = file
        self.sender = sender
        title = example["title"]?.stringValue ?? ""
        receivers = Self.strings(definition["to"])
        frame = Self.expanded(example)
        refused = example["refused"]?.stringValue
        names = example["names"]?.stringValue
    }

    private static func files() -> [(String, JSON)] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Gateway/Wire/Messages").standardizedFileURL
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appending(path: name)),
                let json = try? JSON(parsing: Array(data))
            else { return nil }
            return (name, json)
        }
    }

    private static func strings(_ json: JSON?) -> [String] {
        json?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// Examples that are too long to write out say which field repeats what.
    private static func expanded(_ example: JSON) -> JSON {
        let frame = example["frame"] ?? .null
        guard let repeated = example["repeat"], let field = repeated["field"]?.stringValue,
            let text = repeated["text"]?.stringValue, let times = repeated["times"]?.intValue
        else { return frame }
        let path = ["d"] + field.split(separator: ".").map(String.init)
        return replacing(frame, path[...], .string(String(repeating: text, count: times)))
    }

    private static func replacing(_ json: JSON, _ path: ArraySlice<String>, _ value: JSON) -> JSON {
        guard let key = path.first, var object = json.objectValue else { return value }
        object[key] = replacing(object[key] ?? .null, path.dropFirst(), value)
        return .object(object)
    }
}
