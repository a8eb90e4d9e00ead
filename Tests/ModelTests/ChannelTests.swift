import JSONCoding
import Model
import Testing

/// Customers who write from elsewhere than a widget.
struct ChannelTests {
    private let sms = Message.Origin(plugin: "com.example.sms", name: "SMS")
    private let mail = Message.Origin(plugin: "com.example.mail", name: "Mail")

    private func write(
        _ text: String,
        from origin: Message.Origin?,
        replyTo address: String? = nil,
        in world: inout ConversationWorld
    ) throws {
        let post = Command.Post(
            id: .make(at: world.now),
            clientID: world.clientID(),
            text: text,
            origin: origin,
            replyTo: address
        )
        try world.run(.post(post))
    }

    @Test func `an answer goes to where the customer wrote from last`() throws {
        var world = ConversationWorld()
        try write("Hello", from: sms, replyTo: "+49151", in: &world)
        try world.run(.conclude(world.answer()))
        #expect(world.state.lastMessage?.channel?.plugin == sms)
        #expect(world.state.lastMessage?.channel?.address == "+49151")
        try write("Are you there?", from: sms, in: &world)
        try world.run(.requestPerson(notice: world.notice()))
        #expect(world.state.lastMessage?.channel?.address == "+49151")
        try world.post("Now I am on your site")
        try world.run(.takeOver(ConversationWorld.ann))
        #expect(world.state.channel == nil)
        try write("And now I write a letter", from: mail, replyTo: "ada@example.com", in: &world)
        let reply = Command.Reply(
            id: .make(at: world.now),
            clientID: world.clientID(),
            by: ConversationWorld.ann,
            text: "Good",
            seen: world.state.head
        )
        try world.run(.reply(reply))
        #expect(world.state.lastMessage?.channel?.plugin == mail)
    }

    @Test func `what a channel itself says does not come back to it`() throws {
        var world = ConversationWorld()
        try write("Hello", from: sms, replyTo: "+49151", in: &world)
        for (origin, isSent) in [(sms, false), (mail, true)] {
            let told = Command.Told(
                id: .make(at: world.now),
                clientID: world.clientID(),
                origin: origin,
                text: "Your parcel is on its way",
                isNote: false
            )
            try world.run(.tell(told))
            #expect((world.state.lastMessage?.channel != nil) == isSent)
        }
    }

    @Test func `a person's answer that the channel brings goes out there all the same`() throws {
        var world = ConversationWorld()
        try write("Hello", from: sms, replyTo: "+49151", in: &world)
        try world.run(.takeOver(ConversationWorld.ann))
        let reply = Command.Reply(
            id: .make(at: world.now),
            clientID: world.clientID(),
            by: ConversationWorld.ann,
            text: "Good morning",
            seen: world.state.head,
            origin: sms
        )
        #expect(!world.state.hasSaid(reply))
        try world.run(.reply(reply))
        #expect(world.state.hasSaid(reply))
        #expect(world.state.lastMessage?.origin == sms)
        #expect(world.state.lastMessage?.channel?.address == "+49151")
    }

    @Test func `a conversation that is read from its log knows the channel`() throws {
        var world = ConversationWorld()
        try write("Hello", from: sms, replyTo: "+49151", in: &world)
        try world.run(.conclude(world.answer()))
        let read = try world.log.map { numbered in
            let json = try JSON(parsing: numbered.event.payload)
            return try #require(Event(kind: numbered.event.kind, payload: json))
        }
        #expect(Conversation(id: world.state.id, replaying: read) == world.state)
    }
}
