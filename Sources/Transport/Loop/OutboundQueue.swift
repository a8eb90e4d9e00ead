/// The frames waiting for one client: bounded, droppable ones give way first.
package struct OutboundQueue {
    /// What became of an appended frame.
    package enum Outcome: Equatable {
        case queued
        /// Droppable frames were given up, the new one perhaps among them.
        case dropped(Int)
        /// Nothing droppable is left and the limit is reached: the client is too slow.
        case overflow
    }

    package struct Frame {
        package let bytes: [UInt8]
        package let isDroppable: Bool
        /// Counts against the limits.
        package let isCounted: Bool
    }

    private var frames: [Frame] = []
    private var head = 0
    private var countedFrames = 0
    private var countedBytes = 0
    /// Of replayed frames, which do not count against the limits.
    package private(set) var uncountedBytes = 0

    package init() {}

    package var isEmpty: Bool { head == frames.count }

    /// The next frame to send.
    package var first: Frame? { isEmpty ? nil : frames[head] }

    /// True when the limits leave no room for another frame of that size.
    package func isFull(for size: Int, frames limit: Int, bytes byteLimit: Int) -> Bool {
        countedFrames >= limit || countedBytes + size > byteLimit
    }

    package mutating func append(
        _ bytes: [UInt8],
        droppable: Bool,
        frames limit: Int,
        bytes byteLimit: Int
    ) -> Outcome {
        guard isFull(for: bytes.count, frames: limit, bytes: byteLimit) else {
            push(Frame(bytes: bytes, isDroppable: droppable, isCounted: true))
            return .queued
        }
        if droppable { return .dropped(1) }
        let dropped = dropDroppable()
        guard !isFull(for: bytes.count, frames: limit, bytes: byteLimit) else { return .overflow }
        push(Frame(bytes: bytes, isDroppable: false, isCounted: true))
        return .dropped(dropped)
    }

    /// Appends frames that the sender has bounded.
    package mutating func append(uncounted batch: [[UInt8]]) {
        for bytes in batch {
            uncountedBytes += bytes.count
            push(Frame(bytes: bytes, isDroppable: false, isCounted: false))
        }
    }

    package mutating func removeFirst() {
        let frame = frames[head]
        if frame.isCounted {
            countedFrames -= 1
            countedBytes -= frame.bytes.count
        } else {
            uncountedBytes -= frame.bytes.count
        }
        head += 1
        if head == frames.count {
            // An idle connection keeps no storage for frames.
            frames = []
            head = 0
        } else if head >= 64, head * 2 >= frames.count {
            frames.removeFirst(head)
            head = 0
        }
    }

    package mutating func removeAll() {
        self = OutboundQueue()
    }

    private mutating func push(_ frame: Frame) {
        frames.append(frame)
        guard frame.isCounted else { return }
        countedFrames += 1
        countedBytes += frame.bytes.count
    }

    private mutating func dropDroppable() -> Int {
        let kept = frames[head...].filter { !$0.isDroppable }
        let dropped = frames.count - head - kept.count
        guard dropped > 0 else { return 0 }
        frames = kept
        head = 0
        countedFrames = kept.count { $0.isCounted }
        countedBytes = kept.reduce(0) { $0 + ($1.isCounted ? $1.bytes.count : 0) }
        return dropped
    }
}
