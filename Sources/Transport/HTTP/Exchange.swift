/// One request and its answer on a connection; lives on its loop.
final class Exchange {
    enum Stage {
        /// The body is arriving. Goes to `waiting`.
        case receiving
        /// The application has the request. Goes to `answering`.
        case waiting(Task<Void, Never>)
        /// The response is being written. Goes to `over`.
        case answering(Answer)
        /// Whatever libwebsockets still says of this request is ignored: it repeats itself.
        case over
    }

    /// A response on its way out.
    struct Answer {
        let head: [UInt8]
        let body: [UInt8]
        var written = 0
        let closes: Bool

        var count: Int { head.count + body.count }
    }

    let number: UInt64
    let head: RequestHead
    let expectedBytes: Int
    var body: [UInt8] = []
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
        if case .waiting(let task) = stage { task.cancel() }
        stage = .over
    }
}
