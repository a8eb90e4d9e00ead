import Foundation
import Gateway
import Yams

/// The options of a YAML file and of the environment, by name.
///
/// `MAITRED_` and the name in capitals in the environment wins over the file; flags win over both.
struct ConfigurationFile {
    private let values: [String: [String]]

    init() { values = [:] }

    init(path: String) throws {
        let text = try TextFile.read(path)
        guard let map = try Yams.load(yaml: text) as? [String: Any] else {
            throw OrderFault("\(path) is not a YAML map of options")
        }
        let unknown = map.keys.filter { !ServeOptions.names.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw OrderFault(
                "\(path) has unknown options: \(unknown.joined(separator: ", ")); there are "
                    + ServeOptions.names.joined(separator: ", ")
            )
        }
        values = map.mapValues { value in
            if let list = value as? [Any] { return list.map { "\($0)" } }
            return ["\(value)"]
        }
    }

    subscript(name: String) -> String? { list(name)?.first }

    func list(_ name: String) -> [String]? {
        let variable = "MAITRED_" + name.uppercased()
        if let text = ProcessInfo.processInfo.environment[variable] {
            return text.split(separator: ",").map(String.init)
        }
        return values[name]
    }
}
