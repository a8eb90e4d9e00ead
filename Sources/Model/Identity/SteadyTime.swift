/// A moment in microseconds since some other that nobody knows: it only passes, and cannot be set.
///
/// What is waited for is measured in it. It means nothing to another process, so what is stored or
/// shown is a ``Timestamp``.
package struct SteadyTime: Hashable, Sendable {
    private let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package init(milliseconds: Int64) { microseconds = milliseconds * 1000 }

    package var milliseconds: Int64 { microseconds / 1000 }

    package static func + (left: SteadyTime, right: Duration) -> SteadyTime {
        SteadyTime(microseconds: left.microseconds + right.microseconds)
    }

    package static func - (left: SteadyTime, right: SteadyTime) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }
}

extension SteadyTime: Comparable {
    package static func < (left: SteadyTime, right: SteadyTime) -> Bool {
        left.microseconds < right.microseconds
    }
}
