import Glibc

// Blocking sockets, for what reads its bytes from one.
extension Fuzz {
    /// Repeats a system call as long as libFuzzer's alarm clock interrupts it.
    static func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
        var result = call()
        while result < 0, errno == EINTR { result = call() }
        return result
    }

    /// Sends bytes as far as the other end takes them; false when it does not take all.
    @discardableResult
    static func send(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let sent = uninterrupted {
                Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
        }
        return true
    }

    /// Waits for bytes and adds them; false when there are no more.
    static func receive(from descriptor: Int32, into heard: inout [UInt8]) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { buffer in
            let count = uninterrupted { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
            guard count > 0 else { return false }
            heard.append(contentsOf: buffer[..<count])
            return true
        }
    }
}
