import Desk
import JSONCoding
import Model

/// Committed events as frames.
enum EventFrame {
    /// What customers see of an event; nil for what is the team's alone.
    static func forCustomer(
        _ published: Publication<NumberedEvent>,
        in id: ConversationID
    ) -> [UInt8]? {
        let event = published.content
        guard event.event.isPublic else { return nil }
        if case .changed(let change) = event.event {
            return ServerFrame.convUpd(
                c: id.description,
                s: event.sequence,
                p: event.publicPredecessor,
                Sent.ConvUpd(change.asCustomersSeeIt)
            )
        }
        return frame(published, in: id, after: event.publicPredecessor)
    }

    static func forTeam(_ published: Publication<NumberedEvent>, in id: ConversationID) -> [UInt8] {
        frame(published, in: id, after: published.content.sequence - 1)
    }

    /// What is written out for the next receiver too is the same for customers and team but for `p`; the
    /// team's own events, and changes as the team sees them, are written for the team alone.
    private static func frame(
        _ published: Publication<NumberedEvent>,
        in id: ConversationID,
        after predecessor: Int
    ) -> [UInt8] {
        let numbered = published.content
        let envelope = ServerEnvelope(c: id.description, s: numbered.sequence, p: predecessor)
        func frame(_ type: String, _ data: () -> [UInt8]) -> [UInt8] {
            envelope.frame(type, written: published.written(by: data))
        }
        return switch numbered.event {
        case .started(let start): frame("conv.upd") { Sent.ConvUpd(start).json() }
        case .changed(let change): frame("conv.upd") { Sent.ConvUpd(change).json() }
        case .message(let message): frame("msg.new") { Sent.MsgNew(message).json() }
        case .noted, .context, .decided, .offered, .offerEnded, .facts, .rated, .judged,
            .addressLeft, .tagged, .tracked, .acted, .progressed:
            frame("event.new") { teamEvent(numbered.event).json() }
        }
    }

    private static func teamEvent(_ event: Event) -> Sent.EventNew {
        switch event {
        case .noted(let note):
            Sent.EventNew(
                at: note.at.description,
                .note(
                    Sent.NoteEvent(
                        m: note.id.description,
                        cid: note.clientID,
                        from: Sent.Author(of: note),
                        text: note.text
                    )
                )
            )
        case .context(let context, let time):
            Sent.EventNew(at: time.description, .context(Sent.ContextEvent(context)))
        case .decided(let decision):
            Sent.EventNew(at: decision.at.description, .decided(Sent.DecidedEvent(decision)))
        case .offered(let offer):
            Sent.EventNew(
                at: offer.at.description,
                .offered(
                    Sent.OfferedEvent(
                        agent: Sent.AgentName(id: offer.agent.description, name: offer.name),
                        expiresAt: offer.expires.description,
                        why: offer.why
                    )
                )
            )
        case .offerEnded(let end):
            Sent.EventNew(
                at: end.at.description,
                .offerEnded(
                    Sent.OfferEndedEvent(
                        agent: Sent.AgentName(id: end.agent.description, name: end.name),
                        outcome: end.outcome.rawValue,
                        reason: end.reason
                    )
                )
            )
        case .facts(let sheet):
            Sent.EventNew(
                at: sheet.at.description,
                .facts(
                    Sent.FactsEvent(source: sheet.source, title: sheet.title, facts: sheet.facts)
                )
            )
        case .judged(let judgement):
            Sent.EventNew(
                at: judgement.at.description,
                .feedback(
                    Sent.FeedbackEvent(
                        m: judgement.message.description,
                        helpful: judgement.isHelpful
                    )
                )
            )
        case .rated(let rating):
            Sent.EventNew(
                at: rating.at.description,
                .csat(Sent.CsatEvent(score: rating.score, comment: rating.comment))
            )
        case .addressLeft(let email, let time):
            Sent.EventNew(at: time.description, .address(Sent.AddressEvent(email: email)))
        case .tagged(let tagging):
            Sent.EventNew(
                at: tagging.at.description,
                .tagged(
                    Sent.TaggedEvent(
                        add: tagging.add,
                        remove: tagging.remove,
                        by: Sent.Author(tagging.by)
                    )
                )
            )
        case .tracked(let tracked):
            Sent.EventNew(
                at: tracked.at.description,
                .tracked(
                    Sent.TrackedEvent(
                        name: tracked.name,
                        data: tracked.data.isEmpty ? nil : tracked.data
                    )
                )
            )
        case .acted(let act):
            Sent.EventNew(
                at: act.at.description,
                .action(
                    Sent.ActionEvent(
                        run: act.run,
                        plugin: act.plugin,
                        action: act.action,
                        title: act.title,
                        state: act.state,
                        summary: act.summary,
                        by: Sent.Author(acting: act.by),
                        input: act.input.objectValue
                    )
                )
            )
        case .progressed(let progress):
            Sent.EventNew(
                at: progress.at.description,
                .workflow(
                    Sent.WorkflowEvent(
                        run: progress.id,
                        workflow: progress.workflow,
                        title: progress.title,
                        state: progress.state.rawValue,
                        step: progress.step,
                        waitsFor: progress.wait?.rawValue,
                        action: progress.call?.action,
                        input: progress.inputToShow,
                        slots: progress.slotsToShow
                    )
                )
            )
        case .started, .message, .changed:
            preconditionFailure("public events have frames of their own")
        }
    }

    static func typing(_ author: Author, _ isOn: Bool, in id: ConversationID) -> [UInt8] {
        let sent = Sent.Author(author)
        return ServerFrame.typing(
            c: id.description,
            Sent.Typing(
                who: sent.id ?? sent.kind,
                on: isOn,
                kind: sent.kind,
                name: sent.name
            )
        )
    }

    static func read(_ author: Author, _ upTo: Int, in id: ConversationID) -> [UInt8] {
        let sent = Sent.Author(author)
        return ServerFrame.read(
            c: id.description,
            Sent.Read(who: sent.id ?? sent.kind, kind: sent.kind, upto: upTo)
        )
    }
}

extension Event.Change {
    /// The change without what the team says to itself: why, an instruction, a note to a colleague.
    fileprivate var asCustomersSeeIt: Event.Change {
        var change = self
        change.reason = reason.map { Reason($0.code, Self.sentence(for: status)) }
        return change
    }

    private static func sentence(for status: Status) -> String {
        switch status {
        case .bot: "The assistant answers."
        case .queued: "Waiting for a person."
        case .open: "A person is here."
        case .pending, .snoozed: "Waiting for your answer."
        case .resolved: "This conversation has ended."
        }
    }
}
