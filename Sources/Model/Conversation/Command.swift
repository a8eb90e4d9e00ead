import JSONCoding

/// Something that somebody wants to happen to a conversation.
///
/// A command carries everything that deciding needs: ids, names and texts made outside, no clocks.
package enum Command: Sendable {
    case post(Post)
    /// A quick reply was picked; its title becomes the customer's message.
    case choose(Pick)
    case requestPerson(notice: Notice)
    case endByCustomer
    case see(PageContext)
    /// Something the customer did in the product.
    case track(name: String, data: JSON.Object)
    case rate(score: Int, comment: String?)
    /// Whether an answer of the assistant helped; the message as the client names it.
    case judge(message: String, isHelpful: Bool)
    case leaveAddress(email: String)

    case conclude(Conclusion)
    /// An action of a workflow has come to its end.
    case proceed(Proceeding)
    case learnFacts(source: String, title: String, facts: JSON.Object)

    case offer(to: Person, expires: Timestamp, why: [String])
    case accept(Person)
    case decline(AgentID, reason: String?)
    /// A deadline has come: whether it has is for the timers to say, not for the time of day.
    case expireOffer(due: Timestamp)
    /// The person cannot answer it: they went away. They may be asked again.
    case withdrawOffer(AgentID, reason: String?)

    case reply(Reply)
    case note(Reply)
    case takeOver(Person)
    case requeue(by: Person, skill: String?, note: String?)
    case transfer(by: Person, to: Person, note: String?)
    case setStatus(by: Person, Status, until: Timestamp?)
    case returnToBot(by: Person, instruction: String?)
    case tag(by: Person, add: [String], remove: [String])

    /// A plugin says something below the conversation, or notes it for the team.
    case tell(Told)
    case label(add: [String], remove: [String], by: Message.Origin)
    /// What came of an action.
    case record(Event.Act)

    case idle(after: Duration, due: Timestamp)
    case wake

    /// An agent as the log and the customer name them.
    package struct Person: Hashable, Sendable {
        package var id: AgentID
        package var name: String

        package init(id: AgentID, name: String) {
            self.id = id
            self.name = name
        }

        package var author: Author { .agent(id, name: name) }
    }

    package struct Post: Sendable {
        package var id: MessageID
        package var clientID: String
        package var name: String?
        package var text: String
        package var choice: String?
        package var uploads = Uploads()
        /// The plugin that took it from the customer elsewhere.
        package var origin: Message.Origin?
        /// Where that plugin is to send answers; nil leaves it as it was.
        package var replyTo: String?

        package init(
            id: MessageID,
            clientID: String,
            name: String? = nil,
            text: String,
            choice: String? = nil,
            origin: Message.Origin? = nil,
            replyTo: String? = nil
        ) {
            self.id = id
            self.clientID = clientID
            self.name = name
            self.text = text
            self.choice = choice
            self.origin = origin
            self.replyTo = replyTo
        }
    }

    package struct Pick: Sendable {
        package var id: MessageID
        package var clientID: String
        package var name: String?
        /// The message that offered the choice, as the client names it.
        package var message: String
        package var choice: String

        package init(
            id: MessageID,
            clientID: String,
            name: String? = nil,
            message: String,
            choice: String
        ) {
            self.id = id
            self.clientID = clientID
            self.name = name
            self.message = message
            self.choice = choice
        }
    }

    package struct Reply: Sendable {
        package var id: MessageID
        package var clientID: String
        package var by: Person
        package var text: String
        /// The last event the writer had seen.
        package var seen: Int
        /// The suggestion it was made from.
        package var suggestion: Message.Suggestion?
        /// The plugin that brought it from where the person wrote it.
        package var origin: Message.Origin?
        package var uploads = Uploads()

        package init(
            id: MessageID,
            clientID: String,
            by: Person,
            text: String,
            seen: Int,
            suggestion: Message.Suggestion? = nil,
            origin: Message.Origin? = nil
        ) {
            self.id = id
            self.clientID = clientID
            self.by = by
            self.text = text
            self.seen = seen
            self.suggestion = suggestion
            self.origin = origin
        }
    }

    /// What goes with a message, and what is known of it: files are looked up before deciding.
    package struct Uploads: Hashable, Sendable {
        package var ids: [UploadID] = []
        package var files: [Attachment] = []

        package init(_ ids: [UploadID] = []) { self.ids = ids }

        /// The files, all of them.
        package func found() throws(Refusal) -> [Attachment] {
            guard files.count == ids.count else { throw .uploadMissing }
            return files
        }
    }

    /// The message that tells a customer that a person is being found, or that nobody is there.
    package struct Notice: Sendable {
        package var id: MessageID
        package var text: String

        package init(id: MessageID, text: String) {
            self.id = id
            self.text = text
        }
    }

    /// What a plugin says.
    package struct Told: Sendable {
        package var id: MessageID
        /// Makes it happen once.
        package var clientID: String?
        package var origin: Message.Origin
        package var text: String
        /// For the team alone.
        package var isNote: Bool

        package init(
            id: MessageID,
            clientID: String?,
            origin: Message.Origin,
            text: String,
            isNote: Bool
        ) {
            self.id = id
            self.clientID = clientID
            self.origin = origin
            self.text = text
            self.isNote = isNote
        }
    }

    /// What the policy decided on a turn, with everything that makes it happen in one append.
    package struct Conclusion: Sendable {
        package enum Effect: Sendable {
            case say(Message)
            case handOff(Reason, skill: String?, notice: Notice)
            case silent
        }

        /// The owner's epoch when the turn was read.
        package var epoch: Int
        package var decision: Decision
        /// Runs of workflows that it begins, moves or ends.
        package var progress: [Progress]
        package var effect: Effect

        package init(
            epoch: Int,
            decision: Decision,
            progress: [Progress] = [],
            effect: Effect
        ) {
            self.epoch = epoch
            self.decision = decision
            self.progress = progress
            self.effect = effect
        }

        /// The same, decided and said at another time than that at which it was thought of.
        package func given(at time: Timestamp) -> Conclusion {
            var given = self
            given.decision.at = time
            for index in given.progress.indices { given.progress[index].at = time }
            if case .say(var message) = effect {
                message.at = time
                given.effect = .say(message)
            }
            return given
        }
    }

    /// How a workflow goes on after an action.
    package struct Proceeding: Sendable {
        /// The owner's epoch when the action was asked for.
        package var epoch: Int
        /// The key of the step that ended.
        package var after: String
        package var progress: Progress
        package var effect: Conclusion.Effect

        package init(
            epoch: Int,
            after: String,
            progress: Progress,
            effect: Conclusion.Effect
        ) {
            self.epoch = epoch
            self.after = after
            self.progress = progress
            self.effect = effect
        }
    }
}

/// Why a command was not carried out.
///
/// Nothing has changed then.
package enum Refusal: Error, Hashable, Sendable {
    /// The speaker is not the owner, or the state does not allow it.
    case conflict(String)
    /// Another agent's message is later than what the writer had seen; its number.
    case staleView(latest: Int)
    /// Resolved for longer than conversations can be reopened.
    case gone
    /// The message does not offer this choice.
    case notOffered
    /// A newer message of the customer or a new owner made the turn void.
    case superseded
    /// An upload is not there any more, somebody else's, or was sent before.
    case uploadMissing
    /// A filter does not let it through, and why.
    case rejected(String)
    /// The timer that fired has been overtaken by events.
    case notDue
}

/// What a repeated client id is answered with: where the first one went.
package struct Receipt: Hashable, Sendable {
    package var message: MessageID
    package var sequence: Int

    package init(message: MessageID, sequence: Int) {
        self.message = message
        self.sequence = sequence
    }
}
