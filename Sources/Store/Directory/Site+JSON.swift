import JSONCoding
import Model

/// How a site is kept: fields may be added, with a default for files that lack them.
extension Site {
    var json: JSON {
        var json: JSON.Object = [
            "name": .string(name), "origins": .array(origins.map(JSON.string)),
            "greeting": .string(greeting), "language": .string(language),
            "colour": .string(colour), "requires_identity": .bool(requiresIdentity),
            "idle_after_ms": .int(idleAfter.milliseconds), "bot_name": .string(botName),
            "suggestions": .array(suggestions.map(JSON.string)),
            "asks": .array(asks.map { .string($0.rawValue) }),
        ]
        json["hours"] = hours?.json
        return .object(json)
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
        asks = json.strings("asks").compactMap(Question.init(rawValue:))
        hours = json["hours"].flatMap(OpeningHours.init(json:))
    }
}

extension OpeningHours {
    fileprivate var json: JSON {
        var json: JSON.Object = [
            "time_zone": .string(timeZone),
            "spans": .array(
                spans.map { span in
                    [
                        "weekday": .int(Int64(span.weekday)), "start": .int(Int64(span.start)),
                        "end": .int(Int64(span.end)),
                    ]
                }
            ),
            "closed_on": .array(closedOn.map(JSON.string)),
        ]
        json["text"] = text.map(JSON.string)
        return .object(json)
    }

    fileprivate init?(json: JSON) {
        guard let zone = json["time_zone"]?.stringValue else { return nil }
        let spans = (json["spans"]?.arrayValue ?? []).compactMap { span -> Span? in
            guard let weekday = span["weekday"]?.intValue, let start = span["start"]?.intValue,
                let end = span["end"]?.intValue
            else { return nil }
            return Span(weekday: weekday, start: start, end: end)
        }
        self.init(
            timeZone: zone,
            spans: spans,
            closedOn: json.strings("closed_on"),
            text: json["text"]?.stringValue
        )
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
