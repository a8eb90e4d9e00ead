/// What parts of a manifest say of each other, and of this server.
extension PluginChecker {
    /// What is allowed and yet seldom meant, in words.
    static func lint(_ manifest: PluginManifest) -> [String] {
        let permissions = manifest.permissions
        var words: [String] = []
        if !manifest.webhooks.isEmpty, !permissions.webhook {
            words.append("webhooks are contributed, but permissions.webhook is not true")
        }
        if permissions.webhook, manifest.webhooks.isEmpty {
            words.append("permissions.webhook is asked for, but no webhook is contributed")
        }
        if !manifest.schedules.isEmpty, !permissions.schedule {
            words.append("schedules are contributed, but permissions.schedule is not true")
        }
        for webhook in manifest.webhooks where webhook.scheme == nil {
            words.append("webhook \(webhook.path) has no scheme: anybody can send to it")
        }
        if !manifest.config.secretPaths.isEmpty, permissions.http.isEmpty, manifest.webhooks.isEmpty
        {
            words.append("a secret is asked for that nothing could use")
        }
        for pattern in permissions.http {
            if pattern.hasPrefix("http://") { words.append("\(pattern) is not encrypted") }
            if pattern.contains("://*.") { words.append("\(pattern) allows every subdomain") }
        }
        for action in manifest.actions
        where [.money, .irreversible].contains(action.effect) && action.confirmation == .never {
            words.append("\(action.name) has the effect \(action.effect.rawValue) and asks nobody")
        }
        let filters = manifest.hooks(.filter) + manifest.hooks(.observe)
        if filters.contains(where: { $0.name.hasPrefix("message.") }),
            !permissions.read.contains(.messages)
        {
            words.append("messages are asked about, but conversation.messages is not in read")
        }
        return words + unasked(manifest)
    }

    /// Hooks that this server would never call: a name with a slip, or one of another version.
    private static func unasked(_ manifest: PluginManifest) -> [String] {
        manifest.hooks.filter { !PluginManifest.Hook.names(of: $0.mode).contains($0.name) }
            .map { "\($0.name) is no hook that this server asks for in mode \($0.mode.rawValue)" }
    }
}
