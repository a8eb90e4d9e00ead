import Model
import Synchronization

/// A committed event on its way to everyone who may see it.
///
/// What the first of them makes of it to pass it on serves the others: a message is written out once,
/// however many listen.
package final class Publication: Sendable {
    package let event: NumberedEvent
    private let text = Mutex<[UInt8]?>(nil)

    package init(_ event: NumberedEvent) { self.event = event }

    /// The event written out: by `write` the first time, the same bytes from then on.
    package func written(by write: () -> [UInt8]) -> [UInt8] {
        text.withLock { text in
            if let text { return text }
            let written = write()
            text = written
            return written
        }
    }
}
