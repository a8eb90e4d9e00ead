/// Names a channel on its loop; never reused, so that late mail finds nobody.
struct ChannelID: Sendable, Hashable {
    let slot: UInt32
    let generation: UInt32
}

/// One adopted socket, from its adoption to its end; lives on its loop.
final class Channel {
    enum Phase {
        /// Nothing whole has arrived, or the last exchange is over.
        case idle
        case exchange(Exchange)
        /// The handshake is being answered.
        case upgrading(
            NetworkAddress,
            @Sendable (WebSocketConnection) -> any WebSocketSession
        )
        case webSocket(WebSocketState)
    }

    let id: ChannelID
    let peer: NetworkAddress
    /// Nil until libwebsockets has adopted the socket.
    var handle: LoopHandle?
    var phase = Phase.idle
    /// A first request has arrived.
    var isSettled = false

    init(id: ChannelID, peer: NetworkAddress) {
        self.id = id
        self.peer = peer
    }

    var webSocket: WebSocketState? {
        guard case .webSocket(let state) = phase else { return nil }
        return state
    }

    var exchange: Exchange? {
        guard case .exchange(let exchange) = phase else { return nil }
        return exchange
    }
}

/// The channels of a loop by slot, so that finding one is an index and a comparison.
struct ChannelTable {
    private var channels: [Channel?] = []
    private var generations: [UInt32] = []
    private var free: [UInt32] = []

    private(set) var count = 0

    var all: some Sequence<Channel> { channels.lazy.compactMap(\.self) }

    mutating func insert(peer: NetworkAddress) -> Channel {
        let slot: UInt32
        if let reused = free.popLast() {
            slot = reused
        } else {
            slot = UInt32(channels.count)
            channels.append(nil)
            generations.append(0)
        }
        let channel = Channel(
            id: ChannelID(slot: slot, generation: generations[Int(slot)]),
            peer: peer
        )
        channels[Int(slot)] = channel
        count += 1
        return channel
    }

    func find(_ id: ChannelID) -> Channel? {
        guard let channel = at(Int(id.slot)), channel.id == id else { return nil }
        return channel
    }

    func at(_ slot: Int) -> Channel? {
        channels.indices.contains(slot) ? channels[slot] : nil
    }

    mutating func remove(_ id: ChannelID) -> Channel? {
        guard let channel = find(id) else { return nil }
        channels[Int(id.slot)] = nil
        generations[Int(id.slot)] &+= 1
        free.append(id.slot)
        count -= 1
        return channel
    }
}
