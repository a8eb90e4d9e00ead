/// Prometheus's text format, 0.0.4.
struct MetricsText {
    /// Of each metric what it is and its values, which stand together.
    private var families: [String: String] = [:]
    private var names: [String] = []

    var text: String { names.map { families[$0] ?? "" }.joined() }

    mutating func gauge(_ name: String, _ help: String, _ value: Int, _ label: String? = nil) {
        add(name, help, "gauge", "\(value)", label)
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int, _ label: String? = nil) {
        add(name, help, "counter", "\(value)", label)
    }

    /// A figure of a plugin's own; names are lower case, digits and underscores.
    mutating func figure(_ value: Double, plugin: String, name: String) {
        let label = "plugin=\"\(plugin)\",name=\"\(name)\""
        add("maitred_plugin_figure", "What plugins count.", "gauge", "\(value)", label)
    }

    private mutating func add(
        _ name: String,
        _ help: String,
        _ type: String,
        _ value: String,
        _ label: String?
    ) {
        if families[name] == nil {
            names.append(name)
            families[name] = "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }
        families[name, default: ""] += "\(name)\(label.map { "{\($0)}" } ?? "") \(value)\n"
    }
}
