/// When a team is there: spans of the week in its time zone, and days on which it is not.
package struct OpeningHours: Hashable, Sendable {
    /// A part of one day.
    package struct Span: Hashable, Sendable {
        /// 1 is Monday, 7 Sunday (ISO 8601).
        package var weekday: Int
        /// Minutes since midnight; `end` is at most 1,440 and not part of the span.
        package var start: Int
        package var end: Int

        package init(weekday: Int, start: Int, end: Int) {
            self.weekday = weekday
            self.start = start
            self.end = end
        }
    }

    /// As the time zone database names it: `Europe/Berlin`.
    package var timeZone: String
    package var spans: [Span]
    /// Days on which nobody is there, as `2026-12-25`.
    package var closedOn: [String]
    /// The site's own words for them.
    package var text: String?

    package init(
        timeZone: String,
        spans: [Span],
        closedOn: [String] = [],
        text: String? = nil
    ) {
        self.timeZone = timeZone
        self.spans = spans
        self.closedOn = closedOn
        self.text = text
    }
}

extension OpeningHours {
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Reads `mon-fri 09:00-17:30`; days may be one, or several with commas.
    ///
    /// What ends before it begins ends on the next day. Nil for anything else.
    package static func spans(_ text: String) -> [Span]? {
        let words = text.lowercased().split(separator: " ")
        guard words.count == 2, let days = weekdays(words[0]) else { return nil }
        let times = words[1].split(separator: "-", omittingEmptySubsequences: false)
        guard times.count == 2, let start = minutes(times[0]), let end = minutes(times[1]),
            start != end, start < 1440
        else { return nil }
        return days.flatMap { day in
            if start < end { return [Span(weekday: day, start: start, end: end)] }
            let evening = Span(weekday: day, start: start, end: 1440)
            return end == 0
                ? [evening] : [evening, Span(weekday: day % 7 + 1, start: 0, end: end)]
        }
    }

    private static func weekdays(_ text: Substring) -> [Int]? {
        var found: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { days.firstIndex(of: String($0.prefix(3))) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends.last ?? first
            else { return nil }
            found += (0...((last - first + 7) % 7)).map { (first + $0) % 7 + 1 }
        }
        return found
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...24).contains(hour), (0...59).contains(minute),
            hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}
