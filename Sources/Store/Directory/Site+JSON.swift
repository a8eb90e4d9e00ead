import JSONCoding
import Model

/// How a site is kept: fields may be added, with a default for files that lack them.
extension Site {
    var json: JSON {
        [
            "name": .string(name), "origins": .array(origins.map(JSON.string)),
            "greeting": .string(greeting), "language": .string(language),
            "colour": .string(colour), "requires_identity": .bool(requiresIdentity),
            "idle_after_ms": .int(idleAfter.milliseconds), "bot_name": .string(botName),
            "suggestions": .array(suggestions.map(JSON.string)),
        ]
    }

    init?(id: SiteID, json: JSON) {
        guard let name = json["name"]?.stringValue else { return nil }
        self.init(id: id, name: name, origins: json.strings("origins"))
        greeting = json["greeting"]?.stringValue ?? greeting
        language = json["language"]?.stringValue ?? language
        colour = json["colour"]?.stringValue ?? colour
        requiresIdentity = json["requires_identity"]?.boolValue ?? requiresIdentity
        idleAfter = json["idle_after_ms"]?.intValue.map { .milliseconds($0) } ?? idleAfter
        botName = json["bot_name"]?.stringValue ?? botName
        suggestions = json.strings("suggestions")
    }
}

/// How an agent is kept, beside the id and e-mail address in columns of their own.
extension Agent {
    var json: JSON {
        [
            "name": .string(name), "role": .string(role.rawValue),
            "skills": .array(skills.map(JSON.string)), "capacity": .int(Int64(capacity)),
        ]
    }

    init?(id: AgentID, email: String, json: JSON) {
        guard let name = json["name"]?.stringValue,
            let role = json["role"]?.stringValue.flatMap(Role.init(rawValue:))
        else { return nil }
        self.init(id: id, name: name, email: email, role: role, skills: json.strings("skills"))
        capacity = json["capacity"]?.intValue ?? capacity
    }
}

extension JSON {
    /// The strings of an array member; empty when absent.
    func strings(_ key: String) -> [String] {
        self[key]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
