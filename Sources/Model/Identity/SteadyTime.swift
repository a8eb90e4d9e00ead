/// A moment in milliseconds since some other that nobody knows: it only passes, and cannot be set.
///
/// What is waited for is measured in it. It means nothing to another process, so what is stored or
/// shown is a ``Timestamp``.
package struct SteadyTime: Hashable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func + (left: SteadyTime, right: Duration) -> SteadyTime {
        SteadyTime(milliseconds: left.milliseconds + right.milliseconds)
    }

    package static func - (left: SteadyTime, right: SteadyTime) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }
}

extension SteadyTime: Comparable {
    package static func < (left: SteadyTime, right: SteadyTime) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
