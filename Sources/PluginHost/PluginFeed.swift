/// What a plugin reads the log for; each has a place of its own in it.
enum PluginFeed: CaseIterable {
    /// To hear of what has happened.
    case observe
    /// To send answers to customers who write from elsewhere.
    case channel

    /// Under which its place is kept.
    func reader(of plugin: String) -> String {
        switch self {
        case .observe: "plugin/\(plugin)"
        case .channel: "plugin/\(plugin)/channel"
        }
    }

    func concerns(_ manifest: PluginManifest) -> Bool {
        switch self {
        case .observe: !manifest.hooks(.observe).isEmpty
        case .channel: manifest.hooks(.provide).contains { $0.name == PluginHost.channelHook }
        }
    }
}
