internal import Synchronization

/// Counts the sockets, unfinished handshakes and WebSockets of each address.
///
/// Used from the acceptor and every loop; an address costs an entry only while it has sockets.
final class AddressLedger: Sendable {
    private struct Entry {
        var sockets = 0
        var handshakes = 0
        var webSockets = 0

        var isEmpty: Bool { sockets == 0 && handshakes == 0 && webSockets == 0 }
    }

    private let webSocketLimit: Int
    private let handshakeLimit: Int
    private let limitsLoopback: Bool
    private let trusted: [AddressRange]
    /// By ``NetworkAddress/line``.
    private let entries = Mutex<[NetworkAddress: Entry]>([:])

    init(_ options: TransportOptions) {
        webSocketLimit = options.connectionsPerAddress
        handshakeLimit = options.handshakesPerAddress
        limitsLoopback = options.limitsLoopback
        trusted = options.trustedProxies
    }

    /// Counts a new socket; false when its address has too many open or unfinished.
    func admit(_ address: NetworkAddress) -> Bool {
        guard isLimited(address) else { return true }
        let line = address.line
        return entries.withLock { entries in
            let entry = entries[line] ?? Entry()
            guard
                entry.handshakes < handshakeLimit,
                entry.sockets < webSocketLimit + handshakeLimit
            else { return false }
            entries[line, default: entry].sockets += 1
            entries[line, default: entry].handshakes += 1
            return true
        }
    }

    /// Notes that a socket has sent its first request.
    func settle(_ address: NetworkAddress) {
        update(address) { $0.handshakes -= 1 }
    }

    /// Forgets a socket, which may never have settled.
    func leave(_ address: NetworkAddress, settled: Bool) {
        update(address) {
            $0.sockets -= 1
            if !settled { $0.handshakes -= 1 }
        }
    }

    /// Counts a WebSocket of a client; false when it has too many.
    func open(_ client: NetworkAddress) -> Bool {
        guard isLimited(client) else { return true }
        let line = client.line
        return entries.withLock { entries in
            guard (entries[line]?.webSockets ?? 0) < webSocketLimit else { return false }
            entries[line, default: Entry()].webSockets += 1
            return true
        }
    }

    /// Forgets a WebSocket counted by ``open(_:)``.
    func close(_ client: NetworkAddress) {
        update(client) { $0.webSockets -= 1 }
    }

    private func isLimited(_ address: NetworkAddress) -> Bool {
        (limitsLoopback || !address.isLoopback) && !trusted.contains(address: address)
    }

    private func update(_ address: NetworkAddress, _ change: (inout Entry) -> Void) {
        guard isLimited(address) else { return }
        let line = address.line
        entries.withLock { entries in
            guard var entry = entries[line] else { return }
            change(&entry)
            entries[line] = entry.isEmpty ? nil : entry
        }
    }
}
