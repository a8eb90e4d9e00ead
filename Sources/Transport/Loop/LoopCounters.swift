internal import Synchronization

/// One loop's part of ``TransportCounters``, written by that loop and read by anyone.
final class LoopCounters: Sendable {
    /// Sockets given to the loop, counted by the acceptor at once so that the next goes elsewhere.
    let connections = Atomic<Int>(0)
    let webSockets = Atomic<Int>(0)
    let accepted = Atomic<Int>(0)
    let limited = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let messagesReceived = Atomic<Int>(0)
    let framesSent = Atomic<Int>(0)
    let bytesReceived = Atomic<Int>(0)
    let bytesSent = Atomic<Int>(0)
    let framesDropped = Atomic<Int>(0)
    let slowConsumers = Atomic<Int>(0)
    let heartbeatsLost = Atomic<Int>(0)

    func add(to total: inout TransportCounters) {
        total.connections += connections.load(ordering: .relaxed)
        total.webSockets += webSockets.load(ordering: .relaxed)
        total.accepted += accepted.load(ordering: .relaxed)
        total.limited += limited.load(ordering: .relaxed)
        total.requests += requests.load(ordering: .relaxed)
        total.messagesReceived += messagesReceived.load(ordering: .relaxed)
        total.framesSent += framesSent.load(ordering: .relaxed)
        total.bytesReceived += bytesReceived.load(ordering: .relaxed)
        total.bytesSent += bytesSent.load(ordering: .relaxed)
        total.framesDropped += framesDropped.load(ordering: .relaxed)
        total.slowConsumers += slowConsumers.load(ordering: .relaxed)
        total.heartbeatsLost += heartbeatsLost.load(ordering: .relaxed)
    }
}
