/// A moment in milliseconds since 1970 UTC, without leap seconds.
package struct Timestamp: Hashable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func + (left: Timestamp, right: Duration) -> Timestamp {
        left.advanced(by: right)
    }

    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        right.duration(to: left)
    }
}

extension Timestamp: InstantProtocol {
    package func advanced(by duration: Duration) -> Timestamp {
        Timestamp(milliseconds: milliseconds + duration.milliseconds)
    }

    package func duration(to other: Timestamp) -> Duration {
        .milliseconds(other.milliseconds - milliseconds)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Whole microseconds, rounded towards zero.
    package var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC with milliseconds: `2026-11-21T09:30:00.125Z`.
    package var description: String {
        let (days, time) = milliseconds.flooredDivision(by: 86_400_000)
        let (year, month, day) = Self.civil(days: days)
        return String(unsafeUninitializedCapacity: 24) { bytes in
            var position = 0
            func digits(_ value: Int64, _ count: Int, then separator: Character?) {
                var value = value
                for index in stride(from: position + count - 1, through: position, by: -1) {
                    bytes[index] = UInt8(48 + value % 10)
                    value /= 10
                }
                position += count
                if let separator, let ascii = separator.asciiValue {
                    bytes[position] = ascii
                    position += 1
                }
            }
            digits(year, 4, then: "-")
            digits(month, 2, then: "-")
            digits(day, 2, then: "T")
            digits(time / 3_600_000, 2, then: ":")
            digits(time / 60_000 % 60, 2, then: ":")
            digits(time / 1000 % 60, 2, then: ".")
            digits(time % 1000, 3, then: "Z")
            return position
        }
    }

    /// Reads the form that `description` writes, milliseconds optional.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            return Int64(String(decoding: bytes[range], as: UTF8.self))
        }
        guard bytes.last == UInt8(ascii: "Z"), bytes.count == 20 || bytes.count == 24,
            let year = number(0..<4), let month = number(5..<7), (1...12).contains(month),
            let day = number(8..<10), (1...31).contains(day),
            let hour = number(11..<13), (0..<24).contains(hour),
            let minute = number(14..<16), (0..<60).contains(minute),
            let second = number(17..<19), (0..<60).contains(second)
        else { return nil }
        let fraction = bytes.count == 24 ? number(20..<23) : 0
        guard let fraction else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        let seconds = (days * 24 + hour) * 3600 + minute * 60 + second
        self.init(milliseconds: seconds * 1000 + fraction)
    }

    /// Howard Hinnant's `civil_from_days`.
    ///
    /// https://howardhinnant.github.io/date_algorithms.html
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = year.flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let remainder = ((self % divisor) + divisor) % divisor
        return ((self - remainder) / divisor, remainder)
    }
}
