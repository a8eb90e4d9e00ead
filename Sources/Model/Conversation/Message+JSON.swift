import JSONCoding

extension Author {
    func write(into json: inout JSONWriter) {
        json.object { json in
            json.member("kind", kind)
            switch self {
            case .customer(let id, let name):
                json.member("id", id.description)
                json.memberIfPresent("name", name)
            case .bot(let name): json.member("name", name)
            case .agent(let id, let name):
                json.member("id", id.description)
                json.member("name", name)
            case .system: break
            }
        }
    }

    init?(json: JSON) {
        let id = json["id"]?.stringValue
        let name = json["name"]?.stringValue
        switch json["kind"]?.stringValue {
        case "customer":
            guard let id = id.flatMap({ ContactID($0) }) else { return nil }
            self = .customer(id, name: name)
        case "bot": self = .bot(name: name ?? "")
        case "agent":
            guard let id = id.flatMap({ AgentID($0) }) else { return nil }
            self = .agent(id, name: name ?? "")
        case "system": self = .system
        default: return nil
        }
    }
}

extension Message {
    func write(into json: inout JSONWriter) {
        json.member("m", id.description)
        json.memberIfPresent("cid", clientID)
        json.member("from") { author.write(into: &$0) }
        json.member("text", text)
        json.member("at", at.milliseconds)
        if !blocks.isEmpty { json.member("blocks", JSON.array(blocks.map(\.json))) }
        if !choices.isEmpty {
            json.member(
                "choices",
                JSON.array(choices.map { ["id": .string($0.id), "title": .string($0.title)] })
            )
        }
        if !sources.isEmpty {
            json.member(
                "sources",
                JSON.array(
                    sources.map { ["article": .string($0.article), "title": .string($0.title)] }
                )
            )
        }
        if !files.isEmpty {
            json.member("files") { json in
                json.array { json in
                    for file in files { file.write(into: &json) }
                }
            }
        }
        json.memberIfPresent("decision", decision?.description)
        json.memberIfPresent("choice", choice)
        if let origin {
            json.member("origin") { json in json.object(origin.write) }
        }
        if let channel {
            json.member("channel") { json in
                json.object { json in
                    channel.plugin.write(into: &json)
                    json.member("address", channel.address)
                }
            }
        }
        if let suggestion {
            json.member("suggestion") { json in
                json.object { json in
                    json.member("intent", suggestion.intent)
                    json.member("edited", suggestion.isEdited)
                }
            }
        }
    }

    init?(json: JSON) {
        guard let id = json["m"]?.stringValue.flatMap({ MessageID($0) }),
            let author = json["from"].flatMap(Author.init(json:)),
            let text = json["text"]?.stringValue, let at = json.time("at")
        else { return nil }
        self.init(
            id: id,
            clientID: json["cid"]?.stringValue,
            author: author,
            text: text,
            at: at
        )
        blocks = json["blocks"]?.arrayValue?.compactMap(Block.init(json:)) ?? []
        choices = json.pairs("choices", "id").map(Choice.init(id:title:))
        sources = json.pairs("sources", "article").map(Source.init(article:title:))
        files = json["files"]?.arrayValue?.compactMap(Attachment.init(json:)) ?? []
        decision = json["decision"]?.stringValue.flatMap { DecisionID($0) }
        choice = json["choice"]?.stringValue
        origin = json["origin"].flatMap(Origin.init(json:))
        channel = json["channel"].flatMap { json in
            guard let plugin = Origin(json: json), let address = json["address"]?.stringValue
            else { return nil }
            return Channel(plugin: plugin, address: address)
        }
        suggestion = json["suggestion"]?["intent"]?.stringValue.map {
            Suggestion(intent: $0, isEdited: json["suggestion"]?["edited"]?.boolValue ?? false)
        }
    }
}

extension Message.Origin {
    fileprivate func write(into json: inout JSONWriter) {
        json.member("plugin", plugin)
        json.member("name", name)
    }

    fileprivate init?(json: JSON) {
        guard let plugin = json["plugin"]?.stringValue else { return nil }
        self.init(plugin: plugin, name: json["name"]?.stringValue ?? plugin)
    }
}

extension JSON {
    fileprivate func pairs(_ key: String, _ name: String) -> [(String, String)] {
        self[key]?.arrayValue?.compactMap { item in
            guard let first = item[name]?.stringValue, let title = item["title"]?.stringValue
            else { return nil }
            return (first, title)
        } ?? []
    }
}

extension PageContext {
    func write(into json: inout JSONWriter) {
        json.member("n", number)
        json.member("url_path", path)
        json.memberIfPresent("title", title)
        json.memberIfPresent("page", page)
        if !facts.isEmpty { json.member("facts", JSON.object(facts)) }
        json.memberIfPresent("locale", locale)
        if !viewport.isEmpty {
            json.member("viewport", JSON.array(viewport.map { .int(Int64($0)) }))
        }
        if !session.isEmpty { json.member("session", session) }
    }

    init?(json: JSON) {
        guard let path = json["url_path"]?.stringValue else { return nil }
        self.init(
            number: json["n"]?.intValue ?? 0,
            path: path,
            title: json["title"]?.stringValue,
            page: json["page"]?.stringValue,
            facts: json["facts"]?.objectValue ?? [:],
            locale: json["locale"]?.stringValue,
            viewport: json["viewport"]?.arrayValue?.compactMap(\.intValue) ?? [],
            session: json["session"]?.stringValue ?? ""
        )
    }
}
