/// One request and its answer on a connection; lives on its loop.
final class Exchange {
    enum Stage {
        /// The body is arriving. Goes to `waiting`.
        case receiving
        /// The application reads the body while it arrives. Goes to `waiting` or `answering`.
        case streaming(Task<Void, Never>)
        /// The application has the request. Goes to `answering`.
        case waiting(Task<Void, Never>)
        /// The response is being written. Goes to `over` or `lingering`.
        case answering(Answer)
        /// The client has its answer and still sends what nobody wants: until it has done so, or
        /// for a while, the connection stays, because closing it would lose the answer.
        case lingering(until: UInt64)
        /// Whatever libwebsockets still says of this request is ignored: it repeats itself.
        case over
    }

    /// A response on its way out.
    struct Answer {
        /// Empty once it is written.
        var head: [UInt8]
        /// Of a body made on the way, the piece at hand.
        var body: [UInt8]
        /// Bytes of head and body that have been written.
        var written = 0
        var isBegun = false
        /// What makes the rest of the body, and how many bytes that is.
        var source: BodySource?
        var left = 0
        var closes: Bool

        var count: Int { head.count + body.count }
        var hasMore: Bool { source != nil && left > 0 }

        /// Goes on with the next piece; false when it is not what was announced.
        mutating func take(_ piece: [UInt8]) -> Bool {
            guard (1...max(1, left)).contains(piece.count) else { return false }
            left -= piece.count
            (head, body, written) = ([], piece, 0)
            return true
        }
    }

    let number: UInt64
    let head: RequestHead
    let expectedBytes: Int
    var body: [UInt8] = []
    /// Bytes of the body that have arrived.
    var received = 0
    /// The body for an application that reads it in pieces, and how it arrives.
    var stream: BodyStream?
    var pace = BodyPace(least: 0, window: 0, at: 0)
    /// When a body that is held until it is whole must be; in the loop's milliseconds.
    var deadline: UInt64 = .max
    /// The socket is not read until the application has caught up.
    var isPaused = false
    /// The client waits to hear that its body is wanted.
    var awaitsContinue = false
    /// Makes the next piece of the response.
    var fetching: Task<Void, Never>?
    var stage = Stage.receiving

    init(number: UInt64, head: RequestHead, expectedBytes: Int) {
        self.number = number
        self.head = head
        self.expectedBytes = expectedBytes
    }

    var isOver: Bool {
        guard case .over = stage else { return false }
        return true
    }

    /// Ends the exchange because its client is gone.
    func cancel() {
        switch stage {
        case .waiting(let task), .streaming(let task): task.cancel()
        default: break
        }
        stream?.fail(.cut)
        fetching?.cancel()
        stage = .over
    }
}
