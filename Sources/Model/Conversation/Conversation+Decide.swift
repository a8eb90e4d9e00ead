import JSONCoding

/// What a command leads to.
package enum Verdict: Hashable, Sendable {
    /// These events, to be committed together. Empty when the command asks for what already is.
    case events([Event])
    /// The client id is known: the first answer again.
    case repeated(Receipt)
}

extension Conversation {
    /// Says what a command leads to in this state.
    ///
    /// Changes nothing.
    ///
    /// A repeated client id is recognised before every other check.
    package func decide(_ command: Command, at time: Timestamp) throws(Refusal) -> Verdict {
        endingWorkflow(addressed(try verdict(on: command, at: time)), at: time)
    }

    private func verdict(on command: Command, at time: Timestamp) throws(Refusal) -> Verdict {
        switch command {
        case .post(let post): try decidePost(post, at: time)
        case .choose(let pick): try decidePick(pick, at: time)
        case .requestPerson(let notice): .events(try requestPerson(notice, at: time))
        case .endByCustomer:
            .events(
                resolve(
                    by: customer,
                    Reason("customer_ended", "The customer ended the conversation."),
                    at: time
                )
            )
        case .see(let context):
            .events(see(context, at: time))
        case .track(let name, let data): .events(track(name, data, at: time))
        case .rate(let score, let comment): .events(try rate(score, comment, at: time))
        case .judge(let message, let isHelpful):
            .events(try judge(message, isHelpful, at: time))
        case .leaveAddress(let email):
            .events(address == email ? [] : [.addressLeft(email: email, at: time)])
        case .conclude(let conclusion): .events(try conclude(conclusion, at: time))
        case .proceed(let step): .events(try proceed(step, at: time))
        case .learnFacts(let source, let title, let facts):
            .events(learn(facts, from: source, title, at: time))
        case .offer(let person, let expires, let why):
            .events(try offer(to: person, expires, why, at: time))
        case .accept(let person): .events(try accept(person, at: time))
        case .decline(let agent, let reason):
            .events(try endOffer(to: agent, .declined, reason, at: time))
        case .expireOffer(let due): .events(try expireOffer(due: due, at: time))
        case .withdrawOffer(let agent, let reason):
            .events(try endOffer(to: agent, .withdrawn, reason, at: time))
        case .reply(let reply): try decideReply(reply, at: time)
        case .note(let note): decideNote(note, at: time)
        case .takeOver(let person): .events(takeOver(person, at: time))
        case .requeue(let person, let skill, let note):
            .events(try requeue(by: person, skill: skill, note: note, at: time))
        case .transfer(let person, let other, let note):
            .events(try transfer(by: person, to: other, note: note, at: time))
        case .setStatus(let person, let status, let until):
            .events(try setStatus(status, until: until, by: person, at: time))
        case .returnToBot(let person, let instruction):
            .events(try returnToBot(by: person, instruction: instruction, at: time))
        case .tag(let person, let add, let remove): .events(tag(by: person, add, remove, at: time))
        case .tell(let told): tell(told, at: time)
        case .label(let add, let remove, let origin):
            .events(label(add, remove, by: origin, at: time))
        case .record(let act): .events(runs.contains(act.run) ? [] : [.acted(act)])
        case .idle(let period, let due):
            .events(try resolveIdle(after: period, due: due, at: time))
        case .wake: .events(try wake(at: time))
        }
    }

    /// The events that begin a conversation with a customer's message.
    package func start(clientID: String?, at time: Timestamp) -> [Event] {
        [.started(Event.Started(site: site, contact: contact, clientID: clientID, at: time))]
    }

    /// The receipt of a message that a customer sent before, if it is here.
    package func receipt(customerClientID clientID: String) -> Receipt? {
        receipts[ClientKey(agent: nil, clientID: clientID)]
    }

    var customer: Author { .customer(contact, name: nil) }

    /// A change of owner: the epoch rises.
    func change(
        _ status: Status,
        _ owner: Owner,
        name: String? = nil,
        _ reason: Reason?,
        by: Author,
        skill: String? = nil,
        until: Timestamp? = nil,
        at time: Timestamp
    ) -> Event {
        let epoch = owner == self.owner ? self.epoch : self.epoch + 1
        return .changed(
            Event.Change(
                status: status,
                owner: owner,
                ownerName: name,
                epoch: epoch,
                reason: reason,
                by: by,
                skill: skill,
                until: until,
                at: time
            )
        )
    }

    /// The event that withdraws a standing offer, when there is one.
    func withdrawal(at time: Timestamp) -> [Event] {
        guard let offer else { return [] }
        return [
            .offerEnded(
                Event.OfferEnd(
                    agent: offer.agent,
                    name: offer.name,
                    outcome: .withdrawn,
                    at: time
                )
            )
        ]
    }
}
