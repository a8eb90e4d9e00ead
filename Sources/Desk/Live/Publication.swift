import Synchronization

/// A committed event, or a row of the list, on its way to everyone who may see it.
///
/// What the first of them makes of it to pass it on serves the others: it is written out once, however
/// many listen.
package final class Publication<Content: Sendable>: Sendable {
    package let content: Content
    private let text = Mutex<[UInt8]?>(nil)

    package init(_ content: Content) { self.content = content }

    /// The content written out: by `write` the first time, the same bytes from then on.
    ///
    /// Any thread; one writes while the others wait. All have to write the same.
    package func written(by write: () -> [UInt8]) -> [UInt8] {
        text.withLock { text in
            if let text { return text }
            let written = write()
            text = written
            return written
        }
    }
}
