import CSimdJSON

extension JSON {
    /// How many arrays and objects may stand inside each other unless the caller says otherwise.
    package static let defaultDepth = 64

    /// Reads one document from bytes of UTF-8; nothing but white space may follow it.
    ///
    /// Integers of 64 bits become ``int(_:)``, all other numbers ``double(_:)``. Of repeated keys
    /// the first counts. The length is the caller's to bound. Safe from any thread: each has a
    /// parser of its own. Costs about a microsecond for a chat message.
    package init(
        parsing bytes: UnsafeRawBufferPointer,
        depth: Int = JSON.defaultDepth
    ) throws(JSONFailure) {
        var tape = csimdjson_tape(words: nil, strings: nil)
        let depth = min(max(depth, 1), 1024)
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let result = csimdjson_parse(start, bytes.count, depth, &tape)
        guard result == CSIMDJSON_OK, let words = tape.words, let strings = tape.strings else {
            throw JSONFailure(result, depth: depth)
        }
        var reader = TapeReader(words: words, strings: strings, bound: depth)
        self = try reader.document()
    }

    /// Reads one document; see ``init(parsing:depth:)`` for raw bytes.
    package init(parsing bytes: [UInt8], depth: Int = JSON.defaultDepth) throws(JSONFailure) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(JSONFailure) in try JSON(parsing: buffer, depth: depth) }
        }
        self = try result.get()
    }

    /// Reads one document; see ``init(parsing:depth:)`` for raw bytes.
    package init(parsing text: String, depth: Int = JSON.defaultDepth) throws(JSONFailure) {
        var text = text
        let result = text.withUTF8 { buffer in
            Result { () throws(JSONFailure) in
                try JSON(parsing: UnsafeRawBufferPointer(buffer), depth: depth)
            }
        }
        self = try result.get()
    }
}

extension JSONFailure {
    fileprivate init(_ error: csimdjson_error, depth: Int) {
        self =
            switch error {
            case CSIMDJSON_EMPTY: .empty
            case CSIMDJSON_TOO_DEEP: .tooDeep(bound: depth)
            case CSIMDJSON_INVALID_UTF8: .invalidUTF8
            case CSIMDJSON_NUMBER_OUT_OF_RANGE: .numberOutOfRange
            case CSIMDJSON_TOO_LARGE: .tooLarge
            case CSIMDJSON_OUT_OF_MEMORY: .outOfMemory
            default: .malformed
            }
    }
}
