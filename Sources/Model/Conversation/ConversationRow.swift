import JSONCoding

/// A conversation as lists show it.
package struct ConversationRow: Hashable, Sendable {
    package var id: ConversationID
    package var site: SiteID
    package var contact: ContactID
    package var contactName: String?
    package var contactEmail: String?
    package var status: Status
    package var owner: Owner
    package var ownerName: String?
    package var epoch: Int
    /// The number of the last event.
    package var head: Int
    package var publicHead: Int
    package var startedAt: Timestamp
    package var updatedAt: Timestamp
    package var waitingSince: Timestamp?
    package var resolvedAt: Timestamp?
    package var skill: String?
    package var page: String?
    package var pageTitle: String?
    package var intent: String?
    package var mood: Double?
    package var priority: Double?
    package var tags: [String]
    /// The customer has rated it.
    package var isRated = false
    package var previewKind: String?
    /// The beginning of the last message.
    package var preview: String?

    /// The row of a conversation; contact details are the directory's to add.
    package init(_ conversation: Conversation) {
        id = conversation.id
        site = conversation.site
        contact = conversation.contact
        contactEmail = conversation.address
        status = conversation.status
        owner = conversation.owner
        ownerName = conversation.ownerName
        epoch = conversation.epoch
        head = conversation.head
        publicHead = conversation.publicHead
        startedAt = conversation.startedAt
        updatedAt = conversation.activeAt
        waitingSince = conversation.queuedAt
        resolvedAt = conversation.resolvedAt
        skill = conversation.skill
        page = conversation.context?.page ?? conversation.context?.path
        pageTitle = conversation.context?.title
        intent = conversation.lastDecision?.intent
        mood = conversation.lastDecision?.mood
        priority = conversation.lastDecision?.urgency
        tags = conversation.tags
        isRated = conversation.rating != nil
        show(conversation.recent.last { $0.message.author != .system }?.message)
    }

    /// Takes a message over into the preview; what the server says on its own account is no news.
    package mutating func show(_ message: Message?) {
        guard let message, message.author != .system else { return }
        previewKind = message.author.kind
        preview = String(message.outline.prefix(120))
        if case .customer(_, let name?) = message.author { contactName = name }
    }
}

extension ConversationRow {
    /// What the conversations table keeps; the columns it searches by stand beside it.
    package var json: JSON {
        var json: JSON.Object = [
            "id": .string(id.description), "site": .string(site.description),
            "contact": .string(contact.description), "status": .string(status.rawValue),
            "owner": .string(owner.kind), "epoch": .int(Int64(epoch)),
            "head": .int(Int64(head)), "public_head": .int(Int64(publicHead)),
            "started": .int(startedAt.milliseconds), "updated": .int(updatedAt.milliseconds),
            "tags": .array(tags.map(JSON.string)),
        ]
        json["agent"] = (owner.agent?.description).map(JSON.string)
        json["owner_name"] = ownerName.map(JSON.string)
        json["contact_name"] = contactName.map(JSON.string)
        json["contact_email"] = contactEmail.map(JSON.string)
        json["waiting"] = waitingSince.map { .int($0.milliseconds) }
        json["resolved"] = resolvedAt.map { .int($0.milliseconds) }
        json["skill"] = skill.map(JSON.string)
        json["page"] = page.map(JSON.string)
        json["title"] = pageTitle.map(JSON.string)
        json["intent"] = intent.map(JSON.string)
        json["mood"] = mood.map(JSON.double)
        json["priority"] = priority.map(JSON.double)
        if isRated { json["rated"] = true }
        json["preview_kind"] = previewKind.map(JSON.string)
        json["preview"] = preview.map(JSON.string)
        return .object(json)
    }

    package init?(json: JSON) {
        guard let id = json["id"]?.stringValue.flatMap({ ConversationID($0) }),
            let site = json["site"]?.stringValue.flatMap({ SiteID($0) }),
            let contact = json["contact"]?.stringValue.flatMap({ ContactID($0) }),
            let status = json["status"]?.stringValue.flatMap(Status.init(rawValue:)),
            let kind = json["owner"]?.stringValue,
            let owner = Owner(kind: kind, agent: json["agent"]?.stringValue),
            let epoch = json["epoch"]?.intValue, let head = json["head"]?.intValue,
            let publicHead = json["public_head"]?.intValue,
            let started = json.time("started"), let updated = json.time("updated")
        else { return nil }
        self.id = id
        self.site = site
        self.contact = contact
        self.status = status
        self.owner = owner
        self.epoch = epoch
        self.head = head
        self.publicHead = publicHead
        startedAt = started
        updatedAt = updated
        tags = json.strings("tags")
        isRated = json["rated"]?.boolValue ?? false
        ownerName = json["owner_name"]?.stringValue
        contactName = json["contact_name"]?.stringValue
        contactEmail = json["contact_email"]?.stringValue
        waitingSince = json.time("waiting")
        resolvedAt = json.time("resolved")
        skill = json["skill"]?.stringValue
        page = json["page"]?.stringValue
        pageTitle = json["title"]?.stringValue
        intent = json["intent"]?.stringValue
        mood = json["mood"]?.doubleValue
        priority = json["priority"]?.doubleValue
        previewKind = json["preview_kind"]?.stringValue
        preview = json["preview"]?.stringValue
    }
}
