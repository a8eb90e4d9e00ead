import HTTPTypes
import Synchronization
import Transport

/// The gateway, for endpoints that are made before it is.
final class GatewayReference: Sendable {
    private struct Box: Sendable {
        weak var gateway: Gateway?
    }

    private let box = Mutex(Box())

    var gateway: Gateway? { box.withLock(\.gateway) }

    func set(_ gateway: Gateway) { box.withLock { $0.gateway = gateway } }

    /// The gateway; a request that arrives while the process ends is refused.
    func get() throws(Problem) -> Gateway {
        guard let gateway else {
            throw Problem(.serviceUnavailable, code: WireError.overloaded.code)
        }
        return gateway
    }
}
