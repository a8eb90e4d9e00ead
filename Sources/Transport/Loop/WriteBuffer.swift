internal import CLibWebSockets

/// The buffer a loop puts frames and responses together in.
///
/// Before its start lies the room that libwebsockets wants for headers of its own.
final class WriteBuffer {
    private(set) var capacity: Int
    private var memory: UnsafeMutablePointer<UInt8>

    init(capacity: Int) {
        self.capacity = capacity
        memory = .allocate(capacity: maitred_lws_pre + capacity)
    }

    deinit {
        memory.deallocate()
    }

    var start: UnsafeMutablePointer<UInt8> { memory + maitred_lws_pre }

    /// Makes room; what the buffer held is lost.
    func grow(to capacity: Int) {
        guard capacity > self.capacity else { return }
        memory.deallocate()
        self.capacity = capacity
        memory = .allocate(capacity: maitred_lws_pre + capacity)
    }

    /// Copies bytes to an offset; the caller has checked the room.
    func copy(_ bytes: ArraySlice<UInt8>, to offset: Int) {
        precondition(offset + bytes.count <= capacity, "a write stays within its buffer")
        bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            (start + offset).update(from: base, count: source.count)
        }
    }
}
