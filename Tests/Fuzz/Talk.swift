import Gateway
import JSONCoding
import MaitredTesting
import Model

/// What one input has people say, and what has to hold in the end.
///
/// Of a line, the first letter is who speaks: `a` and `b` are customers, `A` an agent, `S` a supervisor,
/// each connected when first needed and again after being hung up on; `n` and `N` are newcomers to the
/// widget's and the console's socket, whose first frame it is. The rest is the frame, in which `$c` and
/// the like stand for what only the server knows (``Talk/value(of:)``). `&` before the letter: nobody
/// waits for the answer. `x` hangs up on whom it names; `t` lets so many seconds pass.
struct Talk {
    private static let longestPause = 9999

    private let office: Office
    private var sockets: [UInt8: Socket] = [:]
    /// Sockets that nobody speaks on any more, and newcomers'.
    private var others: [Socket] = []
    private var visitors: [UInt8: Office.Visitor] = [:]

    init(in office: Office) { self.office = office }

    mutating func carryOut(_ line: [UInt8]) async {
        var rest = line[...]
        let isWaitedFor = rest.first != UInt8(ascii: "&")
        if !isWaitedFor { rest.removeFirst() }
        guard let who = rest.popFirst() else { return }
        switch who {
        case UInt8(ascii: "a"), UInt8(ascii: "b"), UInt8(ascii: "A"), UInt8(ascii: "S"):
            let socket = await socket(of: who)
            await socket.say(await filled(rest), isWaitedFor: isWaitedFor)
        case UInt8(ascii: "n"), UInt8(ascii: "N"):
            let isCustomer = who == UInt8(ascii: "n")
            let socket = Socket(
                office.server.connect(
                    from: isCustomer ? LoopbackServer.origin : LoopbackServer.publicURL
                ),
                isCustomer ? .customer : .agent
            )
            others.append(socket)
            await socket.greet(await filled(rest))
        case UInt8(ascii: "x"):
            if let gone = rest.first.flatMap({ sockets.removeValue(forKey: $0) }) {
                gone.hangUp()
                others.append(gone)
            }
        case UInt8(ascii: "t"):
            let seconds = Int(String(decoding: rest, as: UTF8.self)) ?? 1
            office.server.clock.advance(by: .seconds(min(max(seconds, 0), Self.longestPause)))
        default: break
        }
    }

    /// Hears everybody out and looks at what has been kept.
    mutating func end() async {
        let all = others + sockets.values
        for socket in all { await socket.hearOut() }
        // What nobody waited for may come to pass still, but is not heard any more.
        for socket in all { socket.hangUp() }
        var conversations: [ConversationID] = []
        for visitor in visitors.values {
            let theirs = await Records(office.server).conversations(of: visitor.contact)
            let names = Set(theirs.map(\.description))
            for socket in all where socket.visitor == visitor.contact { socket.check(names) }
            conversations += theirs
        }
        for socket in all { socket.checkFrames() }
        for id in conversations { await Records(office.server).check(id) }
        await office.clear(conversations)
    }

    // MARK: - People

    private mutating func socket(of who: UInt8) async -> Socket {
        if let socket = sockets[who] {
            if !socket.isClosed { return socket }
            others.append(socket)
        }
        let isCustomer = who == UInt8(ascii: "a") || who == UInt8(ascii: "b")
        let socket: Socket
        if isCustomer { socket = await customer(who) } else { socket = await member(who) }
        sockets[who] = socket
        return socket
    }

    private mutating func customer(_ who: UInt8) async -> Socket {
        let visitor = await office.visitor(again: visitors[who])
        visitors[who] = visitor
        let connection = office.server.connect(from: LoopbackServer.origin)
        let socket = Socket(connection, .customer, visitor.contact)
        await socket.greet(
            JSON.object([
                "t": "hello", "id": "hello", "d": ["token": .string(visitor.token)],
            ]).bytes()
        )
        return socket
    }

    private func member(_ who: UInt8) async -> Socket {
        let member = office.team[who == UInt8(ascii: "A") ? 0 : 1]
        let connection = office.server.connect(from: LoopbackServer.publicURL)
        let socket = Socket(connection, .agent)
        let ticket = await office.ticket(member)
        await socket.greet(
            JSON.object([
                "t": "hello", "id": "hello", "d": ["ticket": .string(ticket)],
            ]).bytes()
        )
        return socket
    }

    // MARK: - Words of the server's own

    private func filled(_ frame: ArraySlice<UInt8>) async -> [UInt8] {
        var filled: [UInt8] = []
        var rest = frame
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "$"), let name = rest.first,
                let word = await value(of: name)
            {
                rest.removeFirst()
                filled += Array(word.utf8)
            } else {
                filled.append(byte)
            }
        }
        return filled
    }

    /// What a name stands for: the conversation of one customer and of the other, the last message
    /// and number of the first one's, their tokens, the ids of the team, a ticket.
    private func value(of name: UInt8) async -> String? {
        let (ada, bob) = (UInt8(ascii: "a"), UInt8(ascii: "b"))
        return switch name {
        case UInt8(ascii: "c"): sockets[ada]?.last("c", nil)
        case UInt8(ascii: "o"): sockets[bob]?.last("c", nil)
        case UInt8(ascii: "m"): sockets[ada]?.last("d", "m")
        case UInt8(ascii: "s"): sockets[ada]?.last("s", nil)
        case UInt8(ascii: "k"): visitors[ada]?.token
        case UInt8(ascii: "l"): visitors[bob]?.token
        case UInt8(ascii: "A"): office.team[0].id.description
        case UInt8(ascii: "S"): office.team[1].id.description
        case UInt8(ascii: "i"): await office.ticket(office.team[0])
        default: nil
        }
    }
}
