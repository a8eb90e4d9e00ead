/// Puts the pieces of a message together, within a limit.
package struct MessageAssembler {
    package enum Outcome: Equatable {
        case incomplete
        case message([UInt8])
        case tooBig
    }

    private var partial: [UInt8] = []

    package init() {}

    /// Takes the next piece.
    ///
    /// - Parameters:
    ///   - piece: Payload bytes, copied.
    ///   - remaining: Bytes of the same frame that are still to come.
    ///   - isFinal: The frame is the last of its message.
    ///   - limit: The largest message allowed.
    /// - Returns: The message, once it is whole.
    package mutating func add(
        _ piece: UnsafeRawBufferPointer,
        remaining: Int,
        isFinal: Bool,
        limit: Int
    ) -> Outcome {
        // The frame's own header says what is coming: no need to wait for it.
        guard partial.count + piece.count <= limit, remaining <= limit - partial.count - piece.count
        else {
            partial = []
            return .tooBig
        }
        let isWhole = isFinal && remaining == 0
        if partial.isEmpty, isWhole { return .message([UInt8](piece)) }
        partial.append(contentsOf: piece)
        guard isWhole else { return .incomplete }
        let message = partial
        partial = []
        return .message(message)
    }
}
