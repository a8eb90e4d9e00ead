import Desk

/// The hooks that this server asks for, or tells of.
extension PluginManifest.Hook {
    /// The names that a manifest's `on` can have in a mode, for the plugin ever to be called.
    static func names(of mode: Mode) -> [String] {
        switch mode {
        case .enrich: Opening.Moment.allCases.map(\.rawValue)
        case .filter: MessageToFilter.Moment.allCases.map(\.rawValue)
        case .observe: Announcement.types
        case .provide: provided
        }
    }

    /// What agents ask for, the assistant, other plugins, and the server itself.
    private static let provided = [
        "reply.draft", "conversation.summary", "translate", "knowledge.search",
        "intent.candidates", "llm.complete", PluginHost.channelHook, PluginHost.identityHook,
    ]
}
