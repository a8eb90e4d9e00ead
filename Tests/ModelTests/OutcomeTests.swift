import Model
import Testing

/// What a conversation's history says about the assistant's answers.
struct OutcomeTests {
    /// A history in the making.
    private struct History {
        var events: [Event] = []
        private let contact = ContactID.make(at: Timestamp(milliseconds: 1))
        private let ann = AgentID.make(at: Timestamp(milliseconds: 2))
        private var now: Timestamp { Timestamp(milliseconds: Int64(events.count) * 1000) }

        init() {
            events = [
                .started(
                    Event.Started(
                        site: .make(at: Timestamp(milliseconds: 3)),
                        contact: contact,
                        clientID: nil,
                        at: Timestamp(milliseconds: 0)
                    )
                )
            ]
        }

        mutating func customer(_ text: String, choice: String? = nil) {
            var message = Message(
                id: .make(at: now),
                author: .customer(contact, name: nil),
                text: text,
                at: now
            )
            message.choice = choice
            events.append(.message(message))
        }

        mutating func agent(_ text: String, suggestion: Message.Suggestion? = nil) {
            var message = Message(
                id: .make(at: now),
                author: .agent(ann, name: "Ann"),
                text: text,
                at: now
            )
            message.suggestion = suggestion
            events.append(.message(message))
        }

        mutating func decided(
            _ action: Decision.Action,
            _ intent: String,
            rule: String = "confident"
        ) {
            var decision = Decision(
                id: .make(at: now),
                action: action,
                rule: rule,
                seen: events.count,
                at: now
            )
            decision.intent = intent
            events.append(.decided(decision))
        }

        mutating func change(_ status: Status, _ code: String, byCustomer: Bool = false) {
            let owner: Owner =
                switch status {
                case .queued: .queue
                case .resolved: .nobody
                case .open: .agent(ann)
                default: .bot
                }
            events.append(
                .changed(
                    Event.Change(
                        status: status,
                        owner: owner,
                        epoch: 2,
                        reason: Reason(code, ""),
                        by: byCustomer ? .customer(contact, name: nil) : .system,
                        at: now
                    )
                )
            )
        }

        mutating func rated(_ score: Int) {
            events.append(.rated(Event.Rating(score: score, comment: nil, at: now)))
        }

        /// The customer's thumb on the last answer.
        mutating func judged(_ isHelpful: Bool) {
            for case .decided(let decision) in events.reversed() {
                events.append(
                    .judged(
                        Event.Judgement(
                            message: .make(at: now),
                            decision: decision.id,
                            isHelpful: isHelpful,
                            at: now
                        )
                    )
                )
                return
            }
        }

        mutating func tagged(_ tags: [String], remove: [String] = []) {
            events.append(
                .tagged(
                    Event.Tagging(add: tags, remove: remove, by: .agent(ann, name: "Ann"), at: now)
                )
            )
        }

        var numbered: [NumberedEvent] {
            events.enumerated().map {
                NumberedEvent(sequence: $0.offset + 1, publicPredecessor: 0, event: $0.element)
            }
        }

        /// Each outcome as `rule verdict intent`.
        var outcomes: [String] { Outcome.outcomes(in: numbered).map(\.line) }
    }

    private func answered(_ text: String = "how do I export", _ intent: String = "export")
        -> History
    {
        var history = History()
        history.customer(text)
        history.decided(.answer, intent)
        return history
    }

    @Test func `stars for the assistant alone accept or refuse what it answered`() {
        for (stars, outcomes) in [
            (5, ["rated accepted export"]), (4, ["rated accepted export"]), (3, []),
            (2, ["rated refused export"]), (1, ["rated refused export"]),
        ] {
            var history = answered()
            history.rated(stars)
            #expect(history.outcomes == outcomes)
        }
    }

    @Test func `a thumb says of one answer whether it helped, and may turn`() {
        var history = answered()
        history.judged(true)
        #expect(history.outcomes == ["thumbs accepted export"])
        history.judged(false)
        #expect(history.outcomes == ["thumbs accepted export", "thumbs refused export"])
    }

    @Test func `stars for a conversation with a person say nothing about the assistant`() {
        var history = answered()
        history.change(.queued, "asked_for_person", byCustomer: true)
        history.agent("Here is how.")
        history.rated(5)
        #expect(history.outcomes == ["asked_for_person refused export"])
    }

    @Test func `whoever ends the conversation after an answer has accepted it`() {
        var history = answered()
        history.change(.resolved, "customer_ended", byCustomer: true)
        #expect(history.outcomes == ["ended accepted export"])
    }

    @Test func `walking away teaches nothing`() {
        var history = answered()
        history.change(.resolved, "idle")
        #expect(history.outcomes == ["idle silent export"])
    }

    @Test func `asking for a person or the same thing again refuses the answer`() {
        for rule in ["asked_for_person", "repeated"] {
            var history = answered()
            history.customer("no, really")
            history.decided(.handOff, "export", rule: rule)
            #expect(history.outcomes == ["\(rule) refused export"])
        }
        var button = answered()
        button.change(.queued, "asked_for_person", byCustomer: true)
        #expect(button.outcomes == ["asked_for_person refused export"])
    }

    @Test func `a question of another kind says nothing about the last answer`() {
        var history = answered()
        history.customer("and who is on duty")
        history.decided(.handOff, "hours", rule: "by_definition")
        #expect(history.outcomes.isEmpty)
    }

    @Test func `coming back for the same matter takes an acceptance back`() {
        var history = answered()
        history.change(.resolved, "customer_ended", byCustomer: true)
        history.change(.bot, "reopened", byCustomer: true)
        history.customer("the export is empty")
        history.decided(.handOff, "export", rule: "not_sure")
        #expect(
            history.outcomes == [
                "ended accepted export", "reopened refused export", "not_sure unanswered export",
            ]
        )
    }

    @Test func `coming back for another matter, or to say thanks, does not`() {
        var history = answered()
        history.change(.resolved, "customer_ended", byCustomer: true)
        history.change(.bot, "reopened", byCustomer: true)
        history.customer("thank you!")
        history.decided(.answer, "thanks")
        #expect(history.outcomes == ["ended accepted export"])
    }

    @Test func `a picked choice is what was meant by the words before`() {
        var history = History()
        history.customer("it is about the money")
        history.decided(.clarify, "invoice", rule: "ambiguous")
        history.customer("Get a refund", choice: "refund")
        history.decided(.handOff, "refund", rule: "sensitive")
        let outcomes = Outcome.outcomes(in: history.numbered)
        #expect(outcomes.map(\.line) == ["chosen meant refund"])
        #expect(outcomes.first?.text == "it is about the money")
    }

    @Test func `choosing a person names no intent`() {
        var history = History()
        history.customer("it is about the money")
        history.decided(.clarify, "invoice", rule: "ambiguous")
        history.customer("Something else", choice: "human")
        history.decided(.handOff, "invoice", rule: "asked_for_person")
        #expect(history.outcomes.isEmpty)
    }

    @Test func `an agent's label is what was meant, and may be corrected`() {
        var history = History()
        history.customer("my thing is broken")
        history.decided(.handOff, "bug", rule: "not_sure")
        history.tagged(["vip", "intent:refund"])
        #expect(history.outcomes == ["not_sure unanswered bug"])
        history.change(.resolved, "resolved")
        history.tagged(["intent:none"])
        #expect(
            history.outcomes == [
                "not_sure unanswered bug", "labelled meant refund", "labelled none bug",
            ]
        )
        #expect(Outcome.outcomes(in: history.numbered).last?.witness == .agent)
    }

    @Test func `a label that is taken back before the conversation moves on was never one`() {
        var history = History()
        history.customer("my thing is broken")
        history.decided(.handOff, "bug", rule: "sensitive")
        history.tagged(["intent:refund"])
        history.tagged([], remove: ["intent:refund"])
        history.change(.resolved, "resolved")
        #expect(history.outcomes.isEmpty)
    }

    @Test func `a label is about the matter, not about the wish for a person`() {
        var history = History()
        history.customer("my thing is broken")
        history.decided(.handOff, "bug", rule: "sensitive")
        history.customer("give me a person")
        history.decided(.handOff, "person", rule: "asked_for_person")
        history.tagged(["intent:repair"])
        history.change(.resolved, "resolved")
        let outcomes = Outcome.outcomes(in: history.numbered)
        #expect(outcomes.map(\.text) == ["my thing is broken"])
    }

    @Test func `a suggestion that was sent names the intent once the conversation moves on`() {
        var history = History()
        history.customer("money back please")
        history.decided(.handOff, "invoice", rule: "not_sure")
        history.change(.queued, "not_sure")
        history.agent("Of course.", suggestion: .init(intent: "refund", isEdited: true))
        #expect(history.outcomes == ["not_sure unanswered invoice"])
        history.change(.resolved, "resolved")
        #expect(history.outcomes.last == "suggestion_edited meant refund")
    }

    @Test func `what is read together is learned together`() {
        var history = History()
        history.customer("hello")
        history.customer("how do I export")
        history.decided(.answer, "export")
        history.rated(5)
        #expect(Outcome.outcomes(in: history.numbered).first?.text == "hello\nhow do I export")
    }

    /// Random histories: whatever comes later, what has been found stays as it is.
    @Test func `a longer history adds outcomes and changes none`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var history = History()
            for _ in 0..<Int.random(in: 3...25, using: &random) {
                switch Int.random(in: 0..<9, using: &random) {
                case 0, 1: history.customer("words")
                case 2: history.decided(.answer, ["export", "refund"].randomElement() ?? "")
                case 3: history.decided(.clarify, "refund", rule: "ambiguous")
                case 4: history.decided(.handOff, "export", rule: "asked_for_person")
                case 5 where Bool.random(using: &random):
                    history.judged(Bool.random(using: &random))
                case 5: history.rated(.random(in: 1...5, using: &random))
                case 6: history.tagged(["intent:\(["export", "none"].randomElement() ?? "")"])
                case 7: history.change(.resolved, ["idle", "customer_ended"].randomElement() ?? "")
                default: history.change(.bot, "reopened")
                }
            }
            let events = history.numbered
            let whole = Outcome.outcomes(in: events)
            for end in events.indices {
                let part = Outcome.outcomes(in: Array(events[...end]))
                #expect(part == whole.filter { $0.sequence <= end + 1 })
            }
        }
    }
}

extension Outcome {
    fileprivate var line: String {
        switch verdict {
        case .meant(let intent): "\(rule) meant \(intent)"
        case .accepted: "\(rule) accepted \(decision.intent ?? "")"
        case .refused: "\(rule) refused \(decision.intent ?? "")"
        case .noneOfThem: "\(rule) none \(decision.intent ?? "")"
        case .unanswered: "\(rule) unanswered \(decision.intent ?? "")"
        case .silent: "\(rule) silent \(decision.intent ?? "")"
        }
    }
}
