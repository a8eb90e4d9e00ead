import JSONCoding

/// What a plugin contributes.
extension ManifestReader {
    private static let listLimit = 64

    mutating func hooks() -> [PluginManifest.Hook] {
        let hooks = list("hooks") { (reader, hook, path) in
            let mode = reader.word("mode", of: hook, path: path, PluginManifest.Hook.Mode.self)
            return PluginManifest.Hook(
                name: reader.text("on", of: hook, path: path, limit: 100),
                mode: mode ?? .enrich,
                deadline: .milliseconds(
                    reader.integer(
                        "deadline_ms",
                        of: hook,
                        path: path,
                        in: 1...120_000,
                        default: Self.deadline(of: mode)
                    )
                ),
                priority: reader.integer(
                    "priority",
                    of: hook,
                    path: path,
                    in: 0...1000,
                    default: 100
                ),
                failsOpen: hook["on_failure"]?.stringValue != "closed"
            )
        }
        repeated("hooks", hooks.map { "\($0.mode.rawValue) \($0.name)" }, "on")
        return hooks
    }

    private static func deadline(of mode: PluginManifest.Hook.Mode?) -> Int {
        switch mode {
        case .filter: 50
        case .provide: 20_000
        case .observe: 10_000
        case .enrich, nil: 800
        }
    }

    /// A filter that may not read messages could only let everything pass, or nothing.
    mutating func checkFilters() {
        let hooks = json["contributes"]?["hooks"]?.arrayValue ?? []
        let reads = json["permissions"]?["read"]?.arrayValue ?? []
        guard hooks.contains(where: { $0["mode"]?.stringValue == "filter" }),
            !reads.contains(.string("conversation.messages"))
        else { return }
        note("permissions.read: a filter needs conversation.messages")
    }

    mutating func actions() -> [PluginManifest.Action] {
        let actions = list("actions") { (reader, action, path) in
            PluginManifest.Action(
                name: reader.slug("name", of: action, path: path),
                title: reader.text("title", of: action, path: path, limit: 100),
                explanation: action["description"]?.stringValue,
                effect: reader.word(
                    "effect",
                    of: action,
                    path: path,
                    PluginManifest.Action.Effect.self
                ) ?? .irreversible,
                confirmation: action["confirm"] == nil
                    ? .never
                    : reader.word(
                        "confirm",
                        of: action,
                        path: path,
                        PluginManifest.Action.Confirmation.self
                    ) ?? .always,
                amount: action["amount"]?.stringValue,
                limit: action["limit"]?.stringValue,
                timeout: .milliseconds(
                    reader.integer(
                        "timeout_ms",
                        of: action,
                        path: path,
                        in: 1...120_000,
                        default: 15_000
                    )
                ),
                input: reader.schema(of: action["input"], path: "\(path)input"),
                inputSchema: action["input"] ?? ["type": "object", "properties": [:]]
            )
        }
        repeated("actions", actions.map(\.name), "name")
        for action in actions where action.confirmation == .overLimit {
            let members = action.input.fields.map(\.name)
            guard let amount = action.amount, members.contains(amount), action.limit != nil else {
                note(
                    "contributes.actions: \(action.name) needs an amount and a limit to confirm by"
                )
                continue
            }
        }
        return actions
    }

    mutating func panels() -> [PluginManifest.Panel] {
        let panels = list("panels") { (reader, panel, path) in
            PluginManifest.Panel(
                id: reader.slug("id", of: panel, path: path),
                title: reader.text("title", of: panel, path: path, limit: 100),
                refresh: .seconds(
                    reader.integer("refresh_s", of: panel, path: path, in: 5...86_400, default: 60)
                )
            )
        }
        repeated("panels", panels.map(\.id), "id")
        return panels
    }

    mutating func webhooks() -> [PluginManifest.Webhook] {
        let webhooks = list("webhooks") { (reader, webhook, path) in
            let scheme =
                webhook["scheme"] == nil
                ? nil
                : reader.word(
                    "scheme",
                    of: webhook,
                    path: path,
                    PluginManifest.Webhook.Scheme.self
                )
            if scheme != nil, webhook["secret"]?.stringValue == nil {
                reader.note("\(path)secret: which setting holds it is missing")
            }
            if scheme == .hmac, webhook["header"]?.stringValue == nil {
                reader.note("\(path)header: which header holds the signature is missing")
            }
            return PluginManifest.Webhook(
                path: reader.slug("path", of: webhook, path: path),
                scheme: scheme,
                secret: webhook["secret"]?.stringValue,
                header: webhook["header"]?.stringValue?.lowercased(),
                encoding: webhook["encoding"] == nil
                    ? .hex
                    : reader.word(
                        "encoding",
                        of: webhook,
                        path: path,
                        PluginManifest.Webhook.Encoding.self
                    ) ?? .hex
            )
        }
        repeated("webhooks", webhooks.map(\.path), "path")
        return webhooks
    }

    mutating func schedules() -> [PluginManifest.Schedule] {
        let schedules = list("schedules") { (reader, schedule, path) in
            PluginManifest.Schedule(
                name: reader.slug("name", of: schedule, path: path),
                period: .seconds(
                    reader.integer(
                        "every_s",
                        of: schedule,
                        path: path,
                        in: 10...2_592_000,
                        default: nil
                    )
                )
            )
        }
        repeated("schedules", schedules.map(\.name), "name")
        return schedules
    }

    // MARK: - Permissions

    mutating func permissions() -> PluginManifest.Permissions {
        let json = json["permissions"] ?? [:]
        var permissions = PluginManifest.Permissions()
        permissions.http = texts("http", of: json)
        permissions.httpRate = integer(
            "http_per_second",
            of: json,
            path: "permissions.",
            in: 1...1000,
            default: PluginManifest.Permissions.usualHTTPRate
        )
        permissions.read = Set(words("read", of: json, PluginManifest.Permissions.Read.self))
        permissions.write = Set(words("write", of: json, PluginManifest.Permissions.Write.self))
        permissions.storeBytes = integer(
            "kv_bytes",
            of: json,
            path: "permissions.",
            in: 0...(64 << 20),
            default: 0
        )
        permissions.schedule = json["schedule"]?.boolValue ?? false
        permissions.webhook = json["webhook"]?.boolValue ?? false
        permissions.languageModel = json["llm"]?.boolValue ?? false
        return permissions
    }

    private mutating func texts(_ name: String, of json: JSON) -> [String] {
        guard let list = json[name] else { return [] }
        let texts = list.arrayValue?.compactMap(\.stringValue) ?? []
        if texts.count != list.arrayValue?.count || texts.count > Self.listLimit {
            note("permissions.\(name): not a list of at most \(Self.listLimit) texts")
        }
        return texts
    }

    private mutating func words<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of json: JSON,
        _ type: Word.Type
    ) -> [Word] {
        texts(name, of: json).compactMap { text in
            if let word = Word(rawValue: text) { return word }
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            note("permissions.\(name): \(text.prefix(60)) is not one of \(known)")
            return nil
        }
    }

    // MARK: - Shapes

    mutating func list<Item>(
        _ name: String,
        _ read: (inout ManifestReader, JSON, _ path: String) -> Item
    ) -> [Item] {
        guard let list = json["contributes"]?[name] else { return [] }
        guard let items = list.arrayValue, items.count <= Self.listLimit else {
            note("contributes.\(name): not a list of at most \(Self.listLimit)")
            return []
        }
        return items.enumerated().map { index, item in
            read(&self, item, "contributes.\(name)[\(index)].")
        }
    }

    private mutating func repeated(_ list: String, _ keys: [String], _ member: String) {
        for (index, key) in keys.enumerated() where keys[..<index].contains(key) {
            note("contributes.\(list)[\(index)].\(member): named twice")
        }
    }
}
