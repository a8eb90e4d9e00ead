import Foundation
import Synchronization

// What `run` begins with: with --race there is one, which has to be reported. A mutex that two want must
// not be taken for one.

nonisolated(unsafe) var unguarded = 0
let guarded = Mutex(0)
let ended = DispatchGroup()

for _ in 0..<2 {
    ended.enter()
    Thread.detachNewThread {
        for _ in 0..<10_000 {
            guarded.withLock { $0 += 1 }
            if CommandLine.arguments.contains("--race") { unguarded += 1 }
        }
        ended.leave()
    }
}
ended.wait()
