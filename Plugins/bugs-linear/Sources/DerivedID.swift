// SPDX-License-Identifier: Apache-2.0

/// Ids that come out the same whenever the same is to be made.
enum DerivedID {
    /// A UUID in the form of version 4, which is what Linear takes, from the parts of a name.
    static func uuid(_ parts: String...) -> String {
        let name = parts.joined(separator: "\u{1F}")
        // The offset basis of FNV-1a, and any other for the second half.
        let high = hash(name, from: 0xCBF2_9CE4_8422_2325) & ~0xF000 | 0x4000
        let low = hash(name, from: 0x9AE1_6A3B_2F90_404F) & ~(3 << 62) | 2 << 62
        let digits = Array(hexadecimal(high) + hexadecimal(low))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
            .joined(separator: "-")
    }

    /// FNV-1a, its bits mixed once more so that they all depend on the last byte.
    private static func hash(_ text: String, from basis: UInt64) -> UInt64 {
        var hash = basis
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
