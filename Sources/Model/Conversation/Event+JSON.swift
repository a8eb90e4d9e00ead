import JSONCoding

/// How events are kept in the log: a kind and a JSON payload. Fields may be added, none renamed.
extension Event {
    package var kind: String {
        switch self {
        case .started: "started"
        case .message: "message"
        case .changed: "changed"
        case .noted: "noted"
        case .context: "context"
        case .decided: "decided"
        case .offered: "offered"
        case .offerEnded: "offer_ended"
        case .facts: "facts"
        case .rated: "rated"
        case .judged: "judged"
        case .addressLeft: "address"
        case .tagged: "tagged"
        case .tracked: "tracked"
        case .acted: "acted"
        case .progressed: "progressed"
        }
    }

    /// The payload as the log keeps it.
    package var payload: [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            switch self {
            case .started(let start): start.write(into: &json)
            case .message(let message), .noted(let message): message.write(into: &json)
            case .changed(let change): change.write(into: &json)
            case .context(let context, let time):
                json.member("at", time.milliseconds)
                context.write(into: &json)
            case .decided(let decision): decision.write(into: &json)
            case .offered(let offer): offer.write(into: &json)
            case .offerEnded(let end): end.write(into: &json)
            case .facts(let sheet):
                json.member("source", sheet.source)
                json.member("title", sheet.title)
                json.member("facts", JSON.object(sheet.facts))
                json.member("at", sheet.at.milliseconds)
            case .judged(let judgement):
                json.member("message", judgement.message.description)
                json.member("decision", judgement.decision.description)
                json.member("helpful", judgement.isHelpful)
                json.member("at", judgement.at.milliseconds)
            case .rated(let rating):
                json.member("score", rating.score)
                json.memberIfPresent("comment", rating.comment)
                json.member("at", rating.at.milliseconds)
            case .addressLeft(let email, let time):
                json.member("email", email)
                json.member("at", time.milliseconds)
            case .tagged(let tagging):
                json.member("add", tagging.add)
                json.member("remove", tagging.remove)
                json.member("by") { tagging.by.write(into: &$0) }
                json.memberIfPresent("origin", tagging.origin)
                json.member("at", tagging.at.milliseconds)
            case .tracked(let tracked):
                json.member("name", tracked.name)
                json.member("data", JSON.object(tracked.data))
                json.member("at", tracked.at.milliseconds)
            case .acted(let act): act.write(into: &json)
            case .progressed(let progress): progress.write(into: &json)
            }
        }
        return writer.bytes
    }

    /// Reads what ``payload`` wrote; nil for a kind or shape that this version does not know.
    package init?(kind: String, payload json: JSON) {
        guard let event = Self.read(kind, json) else { return nil }
        self = event
    }

    private static func read(_ kind: String, _ json: JSON) -> Event? {
        let time = json["at"]?.intValue.map { Timestamp(milliseconds: Int64($0)) }
        switch kind {
        case "started": return Started(json: json).map(Event.started)
        case "message": return Message(json: json).map(Event.message)
        case "noted": return Message(json: json).map(Event.noted)
        case "changed": return Change(json: json).map(Event.changed)
        case "decided": return Decision(json: json).map(Event.decided)
        case "offered": return Offer(json: json).map(Event.offered)
        case "offer_ended": return OfferEnd(json: json).map(Event.offerEnded)
        case "context":
            guard let time, let context = PageContext(json: json) else { return nil }
            return .context(context, at: time)
        case "facts":
            guard let time, let source = json["source"]?.stringValue,
                let title = json["title"]?.stringValue, let facts = json["facts"]?.objectValue
            else { return nil }
            return .facts(FactSheet(source: source, title: title, facts: facts, at: time))
        case "judged":
            guard let message = json["message"]?.stringValue.flatMap({ MessageID($0) }),
                let decision = json["decision"]?.stringValue.flatMap({ DecisionID($0) }),
                let isHelpful = json["helpful"]?.boolValue, let time = json.time("at")
            else { return nil }
            return .judged(
                Judgement(message: message, decision: decision, isHelpful: isHelpful, at: time)
            )
        case "rated":
            guard let time, let score = json["score"]?.intValue else { return nil }
            return .rated(Rating(score: score, comment: json["comment"]?.stringValue, at: time))
        case "address":
            guard let time, let email = json["email"]?.stringValue else { return nil }
            return .addressLeft(email: email, at: time)
        case "tagged":
            guard let time, let by = json["by"].flatMap(Author.init(json:)) else { return nil }
            return .tagged(
                Tagging(
                    add: json.strings("add"),
                    remove: json.strings("remove"),
                    by: by,
                    origin: json["origin"]?.stringValue,
                    at: time
                )
            )
        case "tracked":
            guard let time, let name = json["name"]?.stringValue else { return nil }
            return .tracked(Tracked(name: name, data: json["data"]?.objectValue ?? [:], at: time))
        case "acted": return Act(json: json).map(Event.acted)
        case "progressed": return Progress(json: json).map(Event.progressed)
        default: return nil
        }
    }
}

extension JSON {
    /// The strings of an array member; empty when absent.
    func strings(_ key: String) -> [String] {
        self[key]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    func time(_ key: String) -> Timestamp? {
        self[key]?.intValue.map { Timestamp(milliseconds: Int64($0)) }
    }
}

extension Event.Act {
    func write(into json: inout JSONWriter) {
        json.member("run", run)
        json.member("plugin", plugin)
        json.member("action", action)
        json.member("title", title)
        json.member("state", state)
        json.memberIfPresent("summary", summary)
        json.member("by", by)
        json.member("input", input)
        json.member("at", at.milliseconds)
    }

    init?(json: JSON) {
        guard let run = json["run"]?.stringValue, let action = json["action"]?.stringValue,
            let state = json["state"]?.stringValue, let at = json.time("at")
        else { return nil }
        self.init(
            run: run,
            plugin: json["plugin"]?.stringValue ?? "",
            action: action,
            title: json["title"]?.stringValue ?? action,
            state: state,
            summary: json["summary"]?.stringValue,
            by: json["by"] ?? .null,
            input: json["input"] ?? .null,
            at: at
        )
    }
}

extension Event.Started {
    func write(into json: inout JSONWriter) {
        json.member("site", site.description)
        json.member("contact", contact.description)
        json.memberIfPresent("cid", clientID)
        json.member("at", at.milliseconds)
    }

    init?(json: JSON) {
        guard let site = json["site"]?.stringValue.flatMap({ SiteID($0) }),
            let contact = json["contact"]?.stringValue.flatMap({ ContactID($0) }),
            let at = json.time("at")
        else { return nil }
        self.init(site: site, contact: contact, clientID: json["cid"]?.stringValue, at: at)
    }
}

extension Event.Change {
    func write(into json: inout JSONWriter) {
        json.member("status", status.rawValue)
        json.member("owner", owner.kind)
        json.memberIfPresent("agent", owner.agent?.description)
        json.memberIfPresent("name", ownerName)
        json.member("epoch", epoch)
        json.memberIfPresent("code", reason?.code)
        json.memberIfPresent("text", reason?.text)
        json.member("by") { by.write(into: &$0) }
        json.memberIfPresent("skill", skill)
        json.memberIfPresent("until", until?.milliseconds)
        json.member("at", at.milliseconds)
    }

    init?(json: JSON) {
        guard let status = json["status"]?.stringValue.flatMap(Status.init(rawValue:)),
            let kind = json["owner"]?.stringValue,
            let owner = Owner(kind: kind, agent: json["agent"]?.stringValue),
            let epoch = json["epoch"]?.intValue,
            let by = json["by"].flatMap(Author.init(json:)), let at = json.time("at")
        else { return nil }
        let reason = json["code"]?.stringValue.map { Reason($0, json["text"]?.stringValue ?? "") }
        self.init(
            status: status,
            owner: owner,
            ownerName: json["name"]?.stringValue,
            epoch: epoch,
            reason: reason,
            by: by,
            skill: json["skill"]?.stringValue,
            until: json.time("until"),
            at: at
        )
    }
}

extension Event.Offer {
    func write(into json: inout JSONWriter) {
        json.member("agent", agent.description)
        json.member("name", name)
        json.member("expires", expires.milliseconds)
        json.member("why", why)
        json.member("at", at.milliseconds)
    }

    init?(json: JSON) {
        guard let agent = json["agent"]?.stringValue.flatMap({ AgentID($0) }),
            let name = json["name"]?.stringValue, let expires = json.time("expires"),
            let at = json.time("at")
        else { return nil }
        self.init(
            agent: agent,
            name: name,
            expires: expires,
            why: json.strings("why"),
            at: at
        )
    }
}

extension Event.OfferEnd {
    func write(into json: inout JSONWriter) {
        json.member("agent", agent.description)
        json.member("name", name)
        json.member("outcome", outcome.rawValue)
        json.memberIfPresent("reason", reason)
        json.member("at", at.milliseconds)
    }

    init?(json: JSON) {
        guard let agent = json["agent"]?.stringValue.flatMap({ AgentID($0) }),
            let outcome = json["outcome"]?.stringValue.flatMap(Outcome.init(rawValue:)),
            let at = json.time("at")
        else { return nil }
        self.init(
            agent: agent,
            name: json["name"]?.stringValue ?? agent.description,
            outcome: outcome,
            reason: json["reason"]?.stringValue,
            at: at
        )
    }
}
