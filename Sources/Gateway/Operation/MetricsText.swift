/// Prometheus's text format, 0.0.4.
struct MetricsText {
    private(set) var text = ""
    private var described: Set<String> = []

    mutating func gauge(_ name: String, _ help: String, _ value: Int, _ label: String? = nil) {
        add(name, help, "gauge", value, label)
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int, _ label: String? = nil) {
        add(name, help, "counter", value, label)
    }

    /// A figure of a plugin's own; names are lower case, digits and underscores.
    mutating func figure(_ value: Double, plugin: String, name: String) {
        let metric = "maitred_plugin_figure"
        if described.insert(metric).inserted {
            text += "# HELP \(metric) What plugins count.\n# TYPE \(metric) gauge\n"
        }
        text += "\(metric){plugin=\"\(plugin)\",name=\"\(name)\"} \(value)\n"
    }

    private mutating func add(
        _ name: String,
        _ help: String,
        _ type: String,
        _ value: Int,
        _ label: String?
    ) {
        if described.insert(name).inserted {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }
        text += "\(name)\(label.map { "{\($0)}" } ?? "") \(value)\n"
    }
}
