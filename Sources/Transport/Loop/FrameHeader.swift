/// The header of an unmasked WebSocket text frame (RFC 6455, section 5.2).
enum FrameHeader {
    static let maximumBytes = 10

    /// Writes a whole ping; returns its length.
    ///
    /// With a byte of data, which comes back: libwebsockets tells of no pong without.
    static func writePing(to buffer: UnsafeMutablePointer<UInt8>) -> Int {
        buffer[0] = 0x89
        buffer[1] = 1
        buffer[2] = 0x70
        return 3
    }

    /// Writes the header of a whole text message; returns its length.
    static func write(textOf length: Int, to buffer: UnsafeMutablePointer<UInt8>) -> Int {
        buffer[0] = 0x81
        switch length {
        case ..<126:
            buffer[1] = UInt8(length)
            return 2
        case ..<65_536:
            buffer[1] = 126
            buffer[2] = UInt8(length >> 8)
            buffer[3] = UInt8(length & 0xff)
            return 4
        default:
            buffer[1] = 127
            for byte in 0..<8 {
                buffer[2 + byte] = UInt8((length >> (56 - byte * 8)) & 0xff)
            }
            return 10
        }
    }
}
