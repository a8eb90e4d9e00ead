import JSONCoding
import Model

/// An event as other programs are told of it: plugins that observe, webhooks, readers of the log.
///
/// Names and members are a contract: some may be added, none renamed.
package struct Announcement: Sendable {
    /// The same however often it is told: made from the conversation and the event's number.
    package let id: String
    package let type: String
    package let at: Timestamp
    package let conversation: ConversationID
    package let position: Int64
    /// The plugin that did it, if one did: it is not told of it.
    package let origin: String?
    package let data: JSON.Object

    /// Every type there is.
    package static let types = [
        "conversation.started", "message.created", "note.created", "conversation.handed_off",
        "conversation.assigned", "conversation.resolved", "conversation.changed",
        "conversation.tagged", "customer.tracked", "csat.received", "answer.judged",
        "decision.made",
        "contact.address_left", "action.done", "workflow.ended",
    ]

    /// Nil for what is nobody's business outside: page changes, offers, facts.
    package init?(_ item: HappeningPage.Item) {
        guard let (type, data) = Self.told(item.event, item.sequence) else { return nil }
        self.type = type
        self.data = data
        conversation = item.conversation
        position = item.position
        at = item.event.at
        id = "evt_\(item.conversation.description.dropFirst(4))_\(item.sequence)"
        origin = item.event.origin
    }

    private static func told(_ event: Event, _ sequence: Int) -> (String, JSON.Object)? {
        switch event {
        case .started(let start):
            return ("conversation.started", ["site": .string(start.site.description)])
        case .message(let message): return ("message.created", said(message, sequence))
        case .noted(let note): return ("note.created", said(note, sequence))
        case .changed(let change): return (type(of: change), moved(change))
        case .tagged(let tagging):
            return (
                "conversation.tagged",
                [
                    "add": .array(tagging.add.map(JSON.string)),
                    "remove": .array(tagging.remove.map(JSON.string)),
                    "by": name(tagging.by),
                ]
            )
        case .tracked(let tracked):
            return (
                "customer.tracked",
                ["name": .string(tracked.name), "data": .object(tracked.data)]
            )
        case .rated(let rating):
            return (
                "csat.received",
                [
                    "score": .int(Int64(rating.score)),
                    "comment": rating.comment.map(JSON.string) ?? .null,
                ]
            )
        case .judged(let judgement):
            return (
                "answer.judged",
                [
                    "message": .string(judgement.message.description),
                    "helpful": .bool(judgement.isHelpful),
                ]
            )
        case .decided(let decision):
            return (
                "decision.made",
                [
                    "decision": .string(decision.id.description),
                    "action": .string(decision.action.rawValue),
                    "intent": decision.intent.map(JSON.string) ?? .null,
                    "confidence": .double(decision.confidence),
                ]
            )
        case .addressLeft(let email, _): return ("contact.address_left", ["email": .string(email)])
        case .acted(let act):
            return (
                "action.done",
                [
                    "action": .string(act.action), "plugin": .string(act.plugin),
                    "state": .string(act.state), "by": act.by,
                    "summary": act.summary.map(JSON.string) ?? .null,
                ]
            )
        case .progressed(let progress):
            guard progress.state != .running else { return nil }
            return (
                "workflow.ended",
                [
                    "workflow": .string(progress.workflow), "run": .string(progress.id),
                    "state": .string(progress.state.rawValue), "step": .string(progress.step),
                    "slots": .object(progress.slotsToShow ?? [:]),
                ]
            )
        case .context, .offered, .offerEnded, .facts: return nil
        }
    }

    private static func said(_ message: Message, _ sequence: Int) -> JSON.Object {
        var data: JSON.Object = [
            "message": .string(message.id.description), "text": .string(message.text),
            "from": name(message.author), "sequence": .int(Int64(sequence)),
        ]
        if !message.files.isEmpty {
            data["files"] = .array(
                message.files.map { file in
                    [
                        "id": .string(file.id.description), "name": .string(file.name),
                        "type": .string(file.type), "size": .int(Int64(file.size)),
                    ]
                }
            )
        }
        return data
    }

    private static func type(of change: Event.Change) -> String {
        switch (change.status, change.owner) {
        case (.queued, _): "conversation.handed_off"
        case (.resolved, _): "conversation.resolved"
        case (.open, .agent): "conversation.assigned"
        default: "conversation.changed"
        }
    }

    private static func moved(_ change: Event.Change) -> JSON.Object {
        var data: JSON.Object = [
            "status": .string(change.status.rawValue),
            "owner": [
                "kind": .string(change.owner.kind),
                "id": change.owner.agent.map { .string($0.description) } ?? .null,
                "name": change.ownerName.map(JSON.string) ?? .null,
            ],
            "by": name(change.by),
        ]
        if let reason = change.reason {
            data["reason"] = ["code": .string(reason.code), "text": .string(reason.text)]
        }
        data["skill"] = change.skill.map(JSON.string)
        return data
    }

    private static func name(_ author: Author) -> JSON {
        switch author {
        case .customer(let id, let name):
            [
                "kind": "customer", "id": .string(id.description),
                "name": name.map(JSON.string) ?? .null,
            ]
        case .bot(let name): ["kind": "bot", "name": .string(name)]
        case .agent(let id, let name):
            ["kind": "agent", "id": .string(id.description), "name": .string(name)]
        case .system: ["kind": "system"]
        }
    }

    /// As it is told.
    ///
    /// - Parameters:
    ///   - url: Where the team reads the conversation.
    ///   - contact: Whom it is with, as far as the receiver may know.
    /// - Returns: `{id, type, at, conversation, url, contact, data}`.
    package func json(url: String?, _ contact: JSON?) -> JSON {
        var json: JSON.Object = [
            "id": .string(id), "type": .string(type), "at": .int(at.milliseconds),
            "conversation": .string(conversation.description),
        ]
        json["url"] = url.map(JSON.string)
        json["contact"] = contact
        json["data"] = .object(data)
        return .object(json)
    }
}

extension Event {
    /// The plugin that did it.
    fileprivate var origin: String? {
        switch self {
        case .message(let message), .noted(let message): message.origin?.plugin
        case .tagged(let tagging): tagging.origin
        default: nil
        }
    }
}
