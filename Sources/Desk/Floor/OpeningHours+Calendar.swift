import Foundation
import Model

/// Opening hours on the calendar: summer time, holidays and all.
extension OpeningHours {
    /// How far ahead the next opening is looked for.
    private static let horizon = 60

    /// Whether a time zone is one that this machine knows.
    package static func isTimeZone(_ name: String) -> Bool { TimeZone(identifier: name) != nil }

    package func isOpen(at time: Timestamp) -> Bool {
        guard let calendar else { return false }
        let moment = Date(time)
        let parts = calendar.dateComponents([.hour, .minute], from: moment)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        return openSpans(on: moment, calendar).contains { ($0.start..<$0.end).contains(minute) }
    }

    /// When it opens next after a time; nil when it is open, or not within two months.
    package func opens(after time: Timestamp) -> Timestamp? {
        guard let calendar, !isOpen(at: time) else { return nil }
        let moment = Date(time)
        let today = calendar.startOfDay(for: moment)
        for ahead in 0..<Self.horizon {
            guard let day = calendar.date(byAdding: .day, value: ahead, to: today) else { continue }
            let starts = openSpans(on: day, calendar).map(\.start).sorted().compactMap { start in
                calendar.date(
                    bySettingHour: start / 60,
                    minute: start % 60,
                    second: 0,
                    of: day
                )
            }
            if let next = starts.first(where: { $0 > moment }) { return Timestamp(next) }
        }
        return nil
    }

    private var calendar: Calendar? {
        guard let zone = TimeZone(identifier: timeZone) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    private func openSpans(on day: Date, _ calendar: Calendar) -> [Span] {
        let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: day)
        // Foundation's week begins on Sunday, with 1.
        let weekday = ((parts.weekday ?? 1) + 5) % 7 + 1
        let name = [parts.year ?? 0, parts.month ?? 0, parts.day ?? 0]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
        return closedOn.contains(name) ? [] : spans.filter { $0.weekday == weekday }
    }
}

extension Date {
    fileprivate init(_ time: Timestamp) {
        self.init(timeIntervalSince1970: Double(time.milliseconds) / 1000)
    }
}

extension Timestamp {
    fileprivate init(_ date: Date) {
        self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }
}
