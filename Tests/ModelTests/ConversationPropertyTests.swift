import JSONCoding
import Model
import Testing

/// Random interleavings of everybody who can act on a conversation.
struct ConversationPropertyTests {
    @Test(arguments: 0..<150)
    func `no interleaving makes a gap, a duplicate, two owners or a bot after a person`(
        seed: UInt64
    ) throws {
        var random = SplitMix(state: seed)
        var world = ConversationWorld()
        var pending: [Command.Conclusion] = []
        var sent: [String] = []
        for _ in 0..<120 {
            world.now = world.now + .milliseconds(Int.random(in: 0...20_000, using: &random))
            step(&world, &pending, &sent, using: &random)
        }
        check(world)
    }

    private func step(
        _ world: inout ConversationWorld,
        _ pending: inout [Command.Conclusion],
        _ sent: inout [String],
        using random: inout SplitMix
    ) {
        let people = [ConversationWorld.ann, ConversationWorld.bea]
        let person = people[Int.random(in: 0...1, using: &random)]
        let other = people[Int.random(in: 0...1, using: &random)]
        let anySeen = Int.random(in: 0...world.state.head, using: &random)
        switch Int.random(in: 0...19, using: &random) {
        case 0...3:
            let clientID = world.clientID()
            sent.append(clientID)
            try? world.post("message", clientID: clientID)
        case 4:
            // A reconnecting client sends what it is not sure of again.
            if let again = sent.randomElement(using: &random) {
                try? world.post("message", clientID: again)
            }
        case 5, 6: pending.append(world.answer())
        case 7, 8:
            // The bot's thought may be committed much later, or never.
            if let thought = pending.randomElement(using: &random) {
                world.attempt(.conclude(thought))
            }
        case 9: world.attempt(.requestPerson(notice: world.notice()))
        case 10: world.attempt(.offer(to: person, expires: world.now + .seconds(30), why: []))
        case 11: world.attempt(.accept(person))
        case 12: world.attempt(.decline(person.id, reason: nil))
        case 13: world.attempt(.expireOffer(due: world.now))
        case 14, 15: world.attempt(world.replying("reply", by: person, seen: anySeen))
        case 16: world.attempt(.takeOver(person))
        case 17: world.attempt(.transfer(by: person, to: other, note: nil))
        case 18: world.attempt(.returnToBot(by: person, instruction: nil))
        default:
            world.attempt(
                .setStatus(
                    by: person,
                    Status.allCases.randomElement(using: &random) ?? .open,
                    until: world.now + .seconds(60)
                )
            )
            world.attempt(.idle(after: .seconds(3600), due: world.now))
            world.attempt(.wake)
        }
    }

    private func check(_ world: ConversationWorld) {
        var owner = Owner.bot
        var epoch = 1
        var lastPublic = 0
        var seen: Set<String> = []
        for (index, numbered) in world.log.enumerated() {
            #expect(numbered.sequence == index + 1)
            #expect(numbered.publicPredecessor == lastPublic)
            if numbered.event.isPublic { lastPublic = numbered.sequence }
            switch numbered.event {
            case .changed(let change):
                #expect(change.epoch == (change.owner == owner ? epoch : epoch + 1))
                (owner, epoch) = (change.owner, change.epoch)
            case .message(let message):
                if let clientID = message.clientID {
                    #expect(seen.insert(message.author.kind + clientID).inserted)
                }
                switch message.author {
                case .bot: #expect(owner == .bot)
                case .agent(let id, _): #expect(owner == .agent(id))
                default: break
                }
            default: break
            }
        }
        let replayed = Conversation(
            id: world.state.id,
            replaying: world.log.map { Self.stored($0.event) }
        )
        #expect(replayed == world.state)
    }

    /// An event after a journey through the log.
    private static func stored(_ event: Event) -> Event {
        guard let json = try? JSON(parsing: event.payload),
            let read = Event(kind: event.kind, payload: json)
        else { return event }
        #expect(read == event)
        return read
    }
}

/// A small generator, so that a failing seed can be run again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
