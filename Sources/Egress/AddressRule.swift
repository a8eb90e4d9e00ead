import Glibc

/// Which addresses are on the open internet.
///
/// Asked of the address that is really connected to, so a name that leads elsewhere the second time it
/// is looked up gains nothing. Ranges: RFC 6890 and its registries.
package enum AddressRule {
    /// Whether an address written as text is on the open internet; nil when it is none.
    package static func isPublic(_ text: String) -> Bool? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            return isPublic(ipv4: UInt32(bigEndian: four.s_addr))
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        return withUnsafeBytes(of: six) { isPublic(ipv6: Array($0)) }
    }

    static func isPublic(_ address: UnsafePointer<sockaddr>) -> Bool {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                isPublic(ipv4: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { isPublic(ipv6: Array($0)) }
            }
        default: false
        }
    }

    /// Network and number of leading bits.
    private static let closed4: [(UInt32, Int)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8),
        (0xA9FE_0000, 16), (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24),
        (0xC058_6300, 24),
        (0xC0A8_0000, 16), (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24),
        // Multicast, and what is above it.
        (0xE000_0000, 3),
    ]

    static func isPublic(ipv4 address: UInt32) -> Bool {
        !closed4.contains { network, bits in (address ^ network) >> UInt32(32 - bits) == 0 }
    }

    static func isPublic(ipv6 bytes: [UInt8]) -> Bool {
        let high = bytes.prefix(12)
        let low = bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // Version 4 in disguise: mapped, and translated by NAT64.
        if high.elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
            || high.elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])
        {
            return isPublic(ipv4: low)
        }
        // 6to4 and Teredo carry version 4 addresses that nobody here needs to reach.
        if bytes[0] == 0x20, bytes[1] == 0x02 { return false }
        if bytes.starts(with: [0x20, 0x01]), bytes[2] < 2 { return false }
        // Documentation.
        if bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8]) { return false }
        if bytes.starts(with: [0x3F, 0xFF]), bytes[2] < 0x10 { return false }
        // Global unicast is 2000::/3; everything else is local, reserved or multicast.
        return bytes[0] >> 5 == 1
    }
}
