import Foundation
import Synchronization

// What `run` begins with: with --race there is one, which has to be reported. A mutex that two want, and
// what a queue hands over, must not be taken for one.

final class Parcel: @unchecked Sendable { var count = 0 }

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
let queue = DispatchQueue(label: "control")
for _ in 0..<100 {
    let parcel = Parcel()
    parcel.count = 1
    ended.enter()
    queue.async {
        parcel.count += 1
        ended.leave()
    }
}
let parcels = (0..<8).map { _ in Parcel() }
DispatchQueue.concurrentPerform(iterations: parcels.count) { parcels[$0].count += 1 }
ended.wait()
