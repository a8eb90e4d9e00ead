/// Width and height of an image in pixels, as it is shown.
package struct ImageSize: Hashable, Sendable {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Reads the size from the beginning of an image; nil when it is not there or makes no sense.
    package init?(_ bytes: [UInt8], type: String) {
        let size: ImageSize? =
            switch type {
            case "image/png": Self.png(bytes)
            case "image/gif": Self.gif(bytes)
            case "image/webp": Self.webP(bytes)
            case "image/jpeg": Self.jpeg(bytes)
            default: nil
            }
        guard let size, (1...100_000).contains(size.width), (1...100_000).contains(size.height)
        else { return nil }
        self = size
    }

    private static func png(_ bytes: [UInt8]) -> ImageSize? {
        guard bytes.has("IHDR", at: 12), bytes.count >= 24 else { return nil }
        return ImageSize(width: bytes.big(16, 4), height: bytes.big(20, 4))
    }

    private static func gif(_ bytes: [UInt8]) -> ImageSize? {
        guard bytes.count >= 10 else { return nil }
        return ImageSize(width: bytes.little(6, 2), height: bytes.little(8, 2))
    }

    /// RFC 9649: lossy, lossless, or extended.
    private static func webP(_ bytes: [UInt8]) -> ImageSize? {
        guard bytes.count >= 30 else { return nil }
        if bytes.has("VP8X", at: 12) {
            return ImageSize(width: bytes.little(24, 3) + 1, height: bytes.little(27, 3) + 1)
        }
        if bytes.has("VP8L", at: 12), bytes[20] == 0x2F {
            let bits = bytes.little(21, 4)
            return ImageSize(width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
        }
        guard bytes.has("VP8 ", at: 12), bytes.big(23, 3) == 0x9D012A else { return nil }
        return ImageSize(width: bytes.little(26, 2) & 0x3FFF, height: bytes.little(28, 2) & 0x3FFF)
    }

    /// Walks the segments to the frame header; a camera held upright says so in a segment before.
    private static func jpeg(_ bytes: [UInt8]) -> ImageSize? {
        var position = 2
        var isTurned = false
        while position + 9 < bytes.count {
            guard bytes[position] == 0xFF else { return nil }
            let marker = bytes[position + 1]
            if marker == 0xFF {
                position += 1
                continue
            }
            if marker == 1 || (0xD0...0xD7).contains(marker) {
                position += 2
                continue
            }
            let length = bytes.big(position + 2, 2)
            guard length >= 2 else { return nil }
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                let height = bytes.big(position + 5, 2)
                let width = bytes.big(position + 7, 2)
                return isTurned
                    ? ImageSize(width: height, height: width)
                    : ImageSize(width: width, height: height)
            case 0xE1: isTurned = isTurned || turns(bytes, position + 4, length - 2)
            case 0xDA, 0xD9: return nil
            default: break
            }
            position += 2 + length
        }
        return nil
    }

    /// Whether an Exif segment asks for a quarter turn: orientations 5 to 8.
    private static func turns(_ bytes: [UInt8], _ start: Int, _ length: Int) -> Bool {
        guard length >= 14, start + length <= bytes.count, bytes.has("Exif\0\0", at: start) else {
            return false
        }
        let segment = Array(bytes[(start + 6)..<(start + length)])
        let isLittle = segment.has("II", at: 0)
        func number(_ offset: Int, _ count: Int) -> Int {
            isLittle ? segment.little(offset, count) : segment.big(offset, count)
        }
        let directory = number(4, 4)
        guard directory >= 8, directory + 2 <= segment.count else { return false }
        for entry in 0..<number(directory, 2) {
            let place = directory + 2 + entry * 12
            guard place + 12 <= segment.count else { return false }
            if number(place, 2) == 0x0112 { return (5...8).contains(number(place + 8, 2)) }
        }
        return false
    }
}

extension [UInt8] {
    /// Whether ASCII text stands at an offset.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        offset + text.utf8CodeUnitCount <= count
            && (0..<text.utf8CodeUnitCount).allSatisfy { self[offset + $0] == text.utf8Start[$0] }
    }

    /// A number of some bytes, the most significant first; the caller has checked the room.
    func big(_ offset: Int, _ size: Int) -> Int {
        self[offset..<(offset + size)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// A number of some bytes, the least significant first; the caller has checked the room.
    func little(_ offset: Int, _ size: Int) -> Int {
        self[offset..<(offset + size)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
