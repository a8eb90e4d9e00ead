import Foundation
import JSONCoding
import Synchronization

/// Whole lines of JSON on standard output, whoever writes.
package final class LineOutput: Sendable {
    private let lock = Mutex(())

    package init() {}

    package func write(_ json: JSON) {
        lock.withLock { _ in
            // Not through C's streams: flushing those waits for whoever reads standard input.
            FileHandle.standardOutput.write(Data((json.text + "\n").utf8))
        }
    }
}

/// Lines of standard input, read on a thread of its own: waiting for them holds up nobody.
package enum InputLines {
    package static var all: AsyncStream<String> {
        AsyncStream { stream in
            Thread.detachNewThread {
                while let line = readLine() { stream.yield(line) }
                stream.finish()
            }
        }
    }
}
