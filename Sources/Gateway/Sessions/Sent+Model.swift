import Credentials
import JSONCoding
import Model

/// The model's values as the wire's.
extension Sent.Owner {
    init(_ owner: Owner, name: String?) {
        self.init(kind: owner.kind, id: owner.agent?.description, name: name)
    }
}

extension Sent.Author {
    init(_ author: Author) {
        switch author {
        case .customer(let id, let name):
            self.init(kind: author.kind, id: id.description, name: name)
        case .bot(let name): self.init(kind: author.kind, name: name)
        case .agent(let id, let name):
            self.init(kind: author.kind, id: id.description, name: name)
        case .system: self.init(kind: author.kind)
        }
    }
}

extension Sent.Author {
    /// Who wrote a message; a plugin goes by its name.
    init(of message: Message) {
        self.init(message.author)
        if message.author == .system, let origin = message.origin { name = origin.name }
    }

    /// Who had an action done, as the log keeps it.
    init(acting json: JSON) {
        let kind = json["kind"]?.stringValue ?? "system"
        self.init(
            kind: ["agent", "bot", "customer"].contains(kind) ? kind : "system",
            id: json["id"]?.stringValue,
            name: json["name"]?.stringValue
        )
    }
}

extension Sent.ConvUpd {
    init(_ start: Event.Started) {
        self.init(
            status: Status.bot.rawValue,
            owner: Sent.Owner(kind: Owner.bot.kind),
            epoch: 1,
            by: Sent.Author(kind: "customer", id: start.contact.description),
            at: start.at.description
        )
    }

    init(_ change: Event.Change) {
        self.init(
            status: change.status.rawValue,
            owner: Sent.Owner(change.owner, name: change.ownerName),
            epoch: change.epoch,
            reason: change.reason.map { Sent.Reason(code: $0.code, text: $0.text) },
            by: Sent.Author(change.by),
            at: change.at.description,
            until: change.until?.description
        )
    }
}

extension Sent.MsgNew {
    init(_ message: Message) {
        self.init(
            m: message.id.description,
            cid: message.clientID,
            from: Sent.Author(of: message),
            text: message.text,
            at: message.at.description,
            blocks: message.blocks.isEmpty ? nil : message.blocks.map(\.json),
            choices: message.choices.isEmpty
                ? nil : message.choices.map { Sent.QuickReply(id: $0.id, title: $0.title) },
            sources: message.sources.isEmpty
                ? nil : message.sources.map { Sent.Source(article: $0.article, title: $0.title) },
            files: message.files.isEmpty ? nil : message.files.map(Sent.File.init),
            decision: message.decision?.description,
            choice: message.choice,
            via: message.channel?.plugin.name
        )
    }
}

extension Sent.File {
    init(_ file: Attachment) {
        self.init(
            id: file.id.description,
            name: file.name,
            type: file.type,
            size: file.size,
            width: file.dimensions?.width,
            height: file.dimensions?.height
        )
    }
}

extension Command.Uploads {
    /// The uploads that a frame names.
    init(named names: [String]?) throws(WireFault) {
        self.init()
        for name in names ?? [] {
            guard let id = UploadID(name) else {
                throw .field("uploads", "must hold ids of uploads")
            }
            ids.append(id)
        }
    }
}

extension Sent.ContextEvent {
    init(_ context: PageContext) {
        self.init(
            n: context.number,
            urlPath: context.path,
            title: context.title,
            page: context.page,
            facts: context.facts.isEmpty ? nil : context.facts,
            locale: context.locale,
            viewport: context.viewport.isEmpty ? nil : context.viewport
        )
    }
}

extension Sent.DecidedEvent {
    init(_ decision: Decision) {
        let nearest: Sent.NearestExample? =
            if let text = decision.nearestExample, let intent = decision.nearestIntent {
                Sent.NearestExample(
                    text: text,
                    intent: intent,
                    similarity: decision.nearestSimilarity
                )
            } else {
                nil
            }
        self.init(
            decision: decision.id.description,
            action: decision.action.rawValue,
            intent: decision.intent,
            confidence: decision.confidence,
            // Above 1 is for never.
            threshold: min(1, decision.threshold),
            mood: decision.mood,
            urgency: decision.urgency,
            outOfScope: decision.outOfScope,
            language: decision.language,
            ranking: decision.ranking.map {
                Sent.RankedIntent(intent: $0.intent, title: $0.title, p: $0.probability)
            },
            evidence: decision.evidence.map { Sent.Evidence(text: $0.text, weight: $0.weight) },
            rule: decision.rule,
            nearest: nearest,
            versions: decision.versions,
            micros: decision.microseconds,
            score: decision.score,
            lead: decision.lead,
            against: decision.against,
            margin: decision.margin,
            rest: decision.rest,
            context: decision.context.isEmpty ? nil : decision.context,
            target: decision.target,
            caution: decision.caution.isEmpty ? nil : decision.caution,
            stages: decision.stages.isEmpty ? nil : decision.stages
        )
    }
}

extension Sent.InboxDelta {
    init(_ row: ConversationRow, siteName: String) {
        let preview: Sent.Preview? =
            if let kind = row.previewKind, let text = row.preview {
                Sent.Preview(kind: kind, text: text)
            } else {
                nil
            }
        self.init(
            c: row.id.description,
            site: Sent.SiteName(key: row.site.description, name: siteName),
            contact: Sent.Contact(
                id: row.contact.description,
                name: row.contactName,
                email: row.contactEmail
            ),
            status: row.status.rawValue,
            owner: Sent.Owner(row.owner, name: row.ownerName),
            preview: preview,
            s: row.head,
            updatedAt: row.updatedAt.description,
            waitingSince: row.waitingSince?.description,
            page: row.page,
            title: row.pageTitle,
            intent: row.intent,
            mood: row.mood,
            priority: row.priority,
            tags: row.tags
        )
    }
}

extension PageContext {
    /// Connections are numbered anew by each process, and contexts outlive it in the log.
    private static let process = SecureRandom.token(bytes: 6)

    /// `session`: the connection that says so: numbers count within it.
    init(_ received: Received.Context, session: UInt64) {
        self.init(
            number: received.n,
            path: received.urlPath,
            title: received.title,
            page: received.page,
            facts: received.facts ?? [:],
            locale: received.locale,
            viewport: received.viewport ?? [],
            session: "\(Self.process)-\(String(session, radix: 36))"
        )
    }
}

extension Briefing {
    /// The briefing as the protocol has it.
    var json: JSON.Object {
        var json: JSON.Object = [
            "summary": .string(summary),
            "wants": .array(wants.map(Self.want)),
            "why": ["code": .string(why.code), "text": .string(why.text)],
            "page": page.map(Self.page) ?? .null,
            "trail": .array(trail.map(Self.visit)),
            "mood": ["score": .double(mood), "trend": .string(trend.rawValue)],
            "tried": .array(
                tried.map { ["what": .string($0.what), "result": .string($0.result)] }
            ),
            "collected": .object(collected),
            "suggested_replies": .array(
                suggestions.map { suggestion in
                    var json: JSON.Object = [
                        "text": .string(suggestion.text), "source": .string(suggestion.source),
                        "confidence": .double(suggestion.confidence),
                    ]
                    json["intent"] = suggestion.intent.map(JSON.string)
                    return .object(json)
                }
            ),
            "similar": .array(
                similar.map {
                    [
                        "c": .string($0.conversation.description),
                        "how_it_was_resolved": .string($0.howItWasResolved),
                    ]
                }
            ),
            "language": .string(language),
            "priority": [
                "score": .double(priority), "because": .array(priorityBecause.map(JSON.string)),
            ],
        ]
        var facts: JSON.Object = [:]
        var titles: JSON.Object = [:]
        for sheet in self.facts {
            facts[sheet.source] = .object(sheet.facts)
            titles[sheet.source] = .string(sheet.title)
        }
        json["facts"] = .object(facts)
        json["fact_titles"] = .object(titles)
        return json
    }

    private static func want(_ want: Want) -> JSON {
        [
            "intent": .string(want.intent), "title": .string(want.title),
            "confidence": .double(want.confidence),
            "evidence": .array(want.evidence.map(JSON.string)),
        ]
    }

    private static func page(_ context: PageContext) -> JSON {
        var json: JSON.Object = ["url_path": .string(context.path)]
        json["title"] = context.title.map(JSON.string)
        json["page"] = context.page.map(JSON.string)
        json["facts"] = .object(context.facts)
        return .object(json)
    }

    private static func visit(_ visit: PageVisit) -> JSON {
        var json: JSON.Object = [
            "at": .string(visit.at.description), "url_path": .string(visit.path),
        ]
        json["title"] = visit.title.map(JSON.string)
        json["page"] = visit.page.map(JSON.string)
        return .object(json)
    }
}
