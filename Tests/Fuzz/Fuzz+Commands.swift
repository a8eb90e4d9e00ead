import Dispatch

extension Fuzz {
    /// Frames of customers and of the team, one after the other, to a whole server.
    ///
    /// A line says who speaks, and then the frame: see ``Talk``.
    @Sendable
    static func carryOutCommands(_ bytes: UnsafeRawBufferPointer) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 23).map { Array($0) }
        finish {
            var talk = Talk(in: await Office.next())
            for line in lines { await talk.carryOut(line) }
            await talk.end()
        }
    }

    /// Has something done that waits, while libFuzzer's thread waits for it.
    static func finish(_ work: @escaping @Sendable () async -> Void) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            await work()
            done.signal()
        }
        done.wait()
    }
}
