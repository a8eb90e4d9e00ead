import JSONCoding
import Knowledge
import Model

/// How content is kept: fields may be added, with a default for files that lack them.
extension IntentDefinition {
    var json: JSON {
        var json: JSON.Object = [
            "name": .string(name), "title": .string(title), "description": .string(description),
            "examples": .array(examples.map(JSON.string)), "answer": answer.json,
            "needs": .array(needs.map(JSON.string)), "sensitive": .bool(isSensitive),
            "pages": .array(pages.map { .string($0.pattern) }), "language": .string(language),
            "mode": .string(mode.rawValue),
            "choices": .array(
                choices.map { ["id": .string($0.id), "title": .string($0.title)] }
            ),
        ]
        json["fallback"] = fallback.map(JSON.string)
        json["message"] = message.map(JSON.string)
        json["skill"] = skill.map(JSON.string)
        if isSmallTalk { json["small_talk"] = true }
        json["category"] = category.map(JSON.string)
        json["impact"] = .double(impact)
        if isMoney { json["money"] = true }
        json["precision"] = precision.map(JSON.double)
        if ramps { json["ramp"] = true }
        if !translations.isEmpty {
            var languages: JSON.Object = [:]
            for (language, translation) in translations.sorted(by: { $0.key < $1.key }) {
                languages[language] = translation.json
            }
            json["languages"] = .object(languages)
        }
        return .object(json)
    }

    init?(json: JSON) {
        guard let name = json["name"]?.stringValue, let title = json["title"]?.stringValue,
            let answer = json["answer"].flatMap(Answer.init(json:)),
            let mode = json["mode"]?.stringValue.flatMap(Mode.init(rawValue:))
        else { return nil }
        self.init(
            name: name,
            title: title,
            description: json["description"]?.stringValue ?? "",
            examples: json.strings("examples"),
            answer: answer,
            needs: json.strings("needs"),
            fallback: json["fallback"]?.stringValue,
            message: json["message"]?.stringValue,
            skill: json["skill"]?.stringValue,
            isSensitive: json["sensitive"]?.boolValue ?? false,
            isSmallTalk: json["small_talk"]?.boolValue ?? false,
            pages: json.strings("pages").map { PageGlob($0) },
            language: json["language"]?.stringValue ?? "en",
            mode: mode
        )
        choices = json["choices"]?.arrayValue?.compactMap(Choice.init(json:)) ?? []
        category = json["category"]?.stringValue
        impact = json["impact"]?.doubleValue ?? impact
        isMoney = json["money"]?.boolValue ?? false
        precision = json["precision"]?.doubleValue
        ramps = json["ramp"]?.boolValue ?? false
        for member in json["languages"]?.objectValue?.members ?? [] {
            translations[member.key] = IntentTranslation(json: member.value)
        }
    }
}

extension IntentTranslation {
    fileprivate var json: JSON {
        var json: JSON.Object = [
            "title": .string(title), "examples": .array(examples.map(JSON.string)),
        ]
        json["answer"] = answer.map(JSON.string)
        json["fallback"] = fallback.map(JSON.string)
        json["message"] = message.map(JSON.string)
        return .object(json)
    }

    fileprivate init?(json: JSON) {
        guard let title = json["title"]?.stringValue else { return nil }
        self.init(
            title: title,
            examples: json.strings("examples"),
            answer: json["answer"]?.stringValue,
            fallback: json["fallback"]?.stringValue,
            message: json["message"]?.stringValue
        )
    }
}

extension Choice {
    fileprivate init?(json: JSON) {
        guard let id = json["id"]?.stringValue, let title = json["title"]?.stringValue else {
            return nil
        }
        self.init(id: id, title: title)
    }
}

extension IntentDefinition.Answer {
    fileprivate var json: JSON {
        switch self {
        case .template(let text): ["template": .string(text)]
        case .article(let id): ["article": .string(id)]
        case .handOff(let skill): ["hand_off": skill.map(JSON.string) ?? .null]
        }
    }

    fileprivate init?(json: JSON) {
        if let text = json["template"]?.stringValue {
            self = .template(text)
        } else if let id = json["article"]?.stringValue {
            self = .article(id)
        } else if let skill = json["hand_off"] {
            self = .handOff(skill: skill.stringValue)
        } else {
            return nil
        }
    }
}

extension Article {
    var json: JSON {
        var json: JSON.Object = [
            "id": .string(id), "title": .string(title), "summary": .string(summary),
            "body": .string(body), "tags": .array(tags.map(JSON.string)),
            "language": .string(language), "pages": .array(pages.map { .string($0.pattern) }),
        ]
        json["updated"] = updated.map { .int($0.milliseconds) }
        return .object(json)
    }

    init?(json: JSON) {
        guard let id = json["id"]?.stringValue, let title = json["title"]?.stringValue,
            let body = json["body"]?.stringValue
        else { return nil }
        self.init(
            id: id,
            title: title,
            summary: json["summary"]?.stringValue ?? "",
            body: body,
            tags: json.strings("tags"),
            language: json["language"]?.stringValue ?? "en",
            pages: json.strings("pages").map { PageGlob($0) },
            updated: json["updated"]?.intValue.map { Timestamp(milliseconds: Int64($0)) }
        )
    }
}

extension Automation {
    var json: JSON {
        var json: JSON.Object = [
            "precision": .double(precision), "sites": Self.json(sites), "tiers": Self.json(tiers),
            "tier_fact": .string(tierFact), "value_fact": .string(valueFact),
        ]
        json["high_value"] = highValue.map(JSON.double)
        return .object(json)
    }

    init(json: JSON) {
        self.init()
        precision = json["precision"]?.doubleValue ?? precision
        sites = Self.shares(json["sites"])
        tiers = Self.shares(json["tiers"])
        tierFact = json["tier_fact"]?.stringValue ?? tierFact
        valueFact = json["value_fact"]?.stringValue ?? valueFact
        highValue = json["high_value"]?.doubleValue
    }

    private static func json(_ shares: [String: Double]) -> JSON {
        var json: JSON.Object = [:]
        for (name, share) in shares.sorted(by: { $0.key < $1.key }) { json[name] = .double(share) }
        return .object(json)
    }

    private static func shares(_ json: JSON?) -> [String: Double] {
        (json?.objectValue?.members ?? []).reduce(into: [:]) { shares, member in
            shares[member.key] = member.value.doubleValue
        }
    }
}

extension CannedReply {
    var json: JSON {
        ["id": .string(id), "title": .string(title), "text": .string(text)]
    }

    init?(json: JSON) {
        guard let id = json["id"]?.stringValue, let title = json["title"]?.stringValue,
            let text = json["text"]?.stringValue
        else { return nil }
        self.init(id: id, title: title, text: text)
    }
}
