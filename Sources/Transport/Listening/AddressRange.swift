/// A block of addresses such as `10.0.0.0/8` or `fd00::/8`; without `/BITS` a single one.
package struct AddressRange: Sendable, Hashable {
    private let base: NetworkAddress
    /// Of 128: IPv4 counts from its place in the mapped range.
    private let bits: Int

    package init(_ text: String) throws(TransportError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = NetworkAddress(first), parts.count <= 2 else {
            throw .addressRange(text)
        }
        let width = address.isIPv4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard let stated = Int(parts[1]), (0...width).contains(stated) else {
                throw .addressRange(text)
            }
            length = stated
        }
        bits = 128 - width + length
        base = address.prefix(bits)
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        address.prefix(bits) == base
    }
}

extension [AddressRange] {
    func contains(address: NetworkAddress) -> Bool {
        contains { $0.contains(address) }
    }

    /// The client a request comes from: the last forwarded address that is no trusted proxy.
    func client(of peer: NetworkAddress, forwardedFor: String?) -> NetworkAddress {
        guard contains(address: peer) else { return peer }
        // A proxy that does not say for whom it asks: whoever that is has no proxy's liberties.
        guard let forwardedFor else { return .unknown }
        var client = peer
        for hop in forwardedFor.split(separator: ",").reversed() {
            guard let address = NetworkAddress(hop) else { break }
            client = address
            guard contains(address: address) else { break }
        }
        return client
    }
}
