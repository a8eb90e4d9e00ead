extension Conversation {
    /// Takes a committed event over and returns it with its number.
    @discardableResult
    package mutating func apply(_ event: Event) -> NumberedEvent {
        head += 1
        let numbered = NumberedEvent(
            sequence: head,
            publicPredecessor: publicHead,
            event: event
        )
        if event.isPublic { publicHead = head }
        switch event {
        case .started(let start):
            site = start.site
            contact = start.contact
            startedAt = start.at
            activeAt = start.at
        case .message(let message): applyMessage(message)
        case .changed(let change): applyChange(change)
        case .noted(let note): remember(note)
        case .context(let context, let time): applyContext(context, at: time)
        case .decided(let decision):
            decisions.append(decision)
            if decisions.count > Self.recentLimit { decisions.removeFirst() }
            answeredUpTo = max(answeredUpTo, decision.seen)
        case .offered(let offer): self.offer = offer
        case .offerEnded(let end): applyOfferEnd(end)
        case .facts(let sheet): facts[sheet.source] = sheet
        case .rated(let rating): self.rating = rating
        case .judged(let judgement): judgements[judgement.message] = judgement.isHelpful
        case .addressLeft(let email, _): address = email
        case .tagged(let tagging):
            tags.removeAll { tagging.remove.contains($0) || tagging.add.contains($0) }
            tags += tagging.add
        case .tracked: trackedCount += 1
        case .acted(let act): runs.insert(act.run)
        case .progressed(let progress): applyProgress(progress)
        }
        return numbered
    }

    private mutating func applyMessage(_ message: Message) {
        remember(message)
        recent.append(Spoken(sequence: head, message: message))
        if recent.count > 2 * Self.recentLimit { recent.removeFirst(Self.recentLimit) }
        activeAt = message.at
        switch message.author {
        case .customer:
            lastCustomerMessage = head
            lastCustomerMessageAt = message.at
            channel = message.channel
        case .agent(let id, _):
            lastAgentMessage = (head, id)
            answeredUpTo = head
            automatedReplies = 0
        case .bot:
            automatedReplies += 1
        case .system: break
        }
    }

    /// Keeps the client's id of a message or note, so that a repeat is recognised.
    private mutating func remember(_ message: Message) {
        guard let clientID = message.clientID else { return }
        let agent: AgentID? = if case .agent(let id, _) = message.author { id } else { nil }
        receipts[ClientKey(agent: agent, clientID: clientID)] =
            Receipt(message: message.id, sequence: head)
    }

    private mutating func applyChange(_ change: Event.Change) {
        let wasQueued = status == .queued
        let before = owner
        status = change.status
        owner = change.owner
        ownerName = change.ownerName
        epoch = change.epoch
        reason = change.reason
        skill = change.skill
        activeAt = change.at
        snoozedUntil = change.status == .snoozed ? change.until : nil
        resolvedAt = change.status == .resolved ? change.at : nil
        if change.status == .queued {
            if !wasQueued { queuedAt = change.at }
            // Who has just passed it on is not the one to ask first.
            if let agent = before.agent { passedOver.insert(agent) }
        } else {
            queuedAt = nil
            passedOver = []
            passedAt = nil
            offer = nil
        }
        if change.status == .bot {
            automatedReplies = 0
        } else if change.status == .resolved {
            answeredUpTo = head
        }
    }

    private mutating func applyContext(_ context: PageContext, at time: Timestamp) {
        if context.isElsewhere(than: self.context) {
            trail.append(PageVisit(context, at: time))
            if trail.count > Self.trailLimit { trail.removeFirst() }
        }
        self.context = context
    }

    private mutating func applyOfferEnd(_ end: Event.OfferEnd) {
        offer = nil
        guard end.outcome == .declined || end.outcome == .expired else { return }
        passedOver.insert(end.agent)
        passedAt = end.at
    }
}
