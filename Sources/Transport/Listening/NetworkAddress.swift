internal import CLibWebSockets
internal import Glibc

/// An IPv4 or IPv6 address, without a port.
package struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    /// IPv6, or IPv4 mapped into it (::ffff:a.b.c.d), in network order.
    private let high: UInt64
    private let low: UInt64

    /// Somebody behind a proxy that has not said who: `::`.
    package static let unknown = NetworkAddress(high: 0, low: 0)
    package static let loopback = NetworkAddress(ipv4: 0x7f00_0001)

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private init(ipv4: UInt32) {
        self.init(high: 0, low: 0xffff_0000_0000 | UInt64(ipv4))
    }

    /// Parses a numeric address; brackets around IPv6 and a port after them or after IPv4 are
    /// ignored, as proxies write both.
    package init?(_ text: some StringProtocol) {
        var text = text.drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            text = text[..<colon]
        }
        guard text.utf8.count < 64 else { return nil }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, String(text), &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, String(text), &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }

    init(_ address: in6_addr) {
        self = withUnsafeBytes(of: address) { bytes in
            NetworkAddress(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    /// The peer that `accept` filled in; nil for families other than IP.
    init?(_ storage: sockaddr_storage) {
        let address: NetworkAddress? = withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let four = bytes.loadUnaligned(as: sockaddr_in.self)
                return NetworkAddress(ipv4: UInt32(bigEndian: four.sin_addr.s_addr))
            case AF_INET6:
                return NetworkAddress(bytes.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
            default: return nil
            }
        }
        guard let address else { return nil }
        self = address
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    package var isLoopback: Bool {
        isIPv4 ? (low >> 24) & 0xff == 127 : high == 0 && low == 1
    }

    /// Whom limits count this address as: itself, but one of IPv6 as its first 64 bits.
    ///
    /// A single line has as many addresses of IPv6 as there are behind those (RFC 6177), and would else
    /// have as many times what an address may. Addresses of IPv4 that were translated count as themselves
    /// (RFC 6052: all of them have the same first 96 bits).
    package var line: NetworkAddress {
        isIPv4 || isLoopback || isTranslated ? self : prefix(64)
    }

    /// Whether it is 64:ff9b::/96.
    private var isTranslated: Bool { high == 0x0064_ff9b << 32 && low >> 32 == 0 }

    /// The address with everything after its first `bits` (of 128) cleared.
    func prefix(_ bits: Int) -> NetworkAddress {
        let top: UInt64 = bits >= 64 ? .max : bits <= 0 ? 0 : ~(.max >> UInt64(bits))
        let bottom: UInt64 = bits >= 128 ? .max : bits <= 64 ? 0 : ~(.max >> UInt64(bits - 64))
        return NetworkAddress(high: high & top, low: low & bottom)
    }

    package var description: String {
        if isIPv4 {
            return (0..<4).map { String((low >> (24 - UInt64($0) * 8)) & 0xff) }
                .joined(separator: ".")
        }
        var address = in6_addr()
        withUnsafeMutableBytes(of: &address) { bytes in
            bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard
                let base = buffer.baseAddress,
                inet_ntop(AF_INET6, &address, base, socklen_t(buffer.count)) != nil
            else { return "?" }
            return String(cString: base)
        }
    }
}
