import Foundation
import JSONCoding
import Model

/// How facts are written in answers.
enum FactText {
    /// The forms a template may ask for, as in `{{date(renewal_date)}}`.
    enum Form: String, CaseIterable {
        /// `2027-03-01` as `1 March 2027`.
        case date
        /// `48000` as `48,000`.
        case number
        /// Minor units: `1250` as `12.50`.
        case money
        case lowercased
        case uppercased
        case capitalized
    }

    /// Characters of one fact at most.
    private static let maximumLength = 200
    /// Elements of a list that are named at most.
    private static let maximumCount = 20

    /// One line, of bounded length, without control and invisible formatting characters.
    static func plain(_ json: JSON) -> String {
        let text =
            switch json {
            case .string(let text): text
            case .int(let value): "\(value)"
            case .double(let value): value == value.rounded() ? grouped(value) : "\(value)"
            case .bool(let flag): flag ? "yes" : "no"
            case .array(let values):
                values.prefix(maximumCount).map(plain).formatted(
                    .list(type: .and).locale(Locale(identifier: "en_GB"))
                )
            case .null, .object: ""
            }
        let words = text.split { $0.isWhitespace || $0.isNewline }
        let line = String.UnicodeScalarView(
            words.joined(separator: " ").unicodeScalars.filter { scalar in
                scalar.properties.generalCategory != .control
                    && scalar.properties.generalCategory != .format
            }
        )
        let cleaned = SlotText.cleaned(String(line))
        return cleaned.count > maximumLength ? cleaned.prefix(maximumLength) + "…" : cleaned
    }

    static func formed(_ json: JSON, _ form: Form) -> String {
        let text = plain(json)
        switch form {
        case .date: return date(text) ?? text
        case .money:
            let value = json.doubleValue ?? Double(text)
            return value.map { ($0 / 100).formatted(moneyStyle) } ?? text
        case .number:
            return (json.doubleValue ?? Double(text)).map(grouped) ?? text
        case .lowercased: return text.lowercased()
        case .uppercased: return text.uppercased()
        case .capitalized: return text.prefix(1).uppercased() + text.dropFirst()
        }
    }

    private static let moneyStyle = FloatingPointFormatStyle<Double>.number
        .grouping(.automatic).precision(.fractionLength(2)).locale(Locale(identifier: "en_GB"))

    private static func grouped(_ value: Double) -> String {
        value.formatted(
            .number.grouping(.automatic).precision(.fractionLength(0...2))
                .locale(Locale(identifier: "en_GB"))
        )
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    private static func date(_ text: String) -> String? {
        let day = String(text.prefix(10))
        guard Timestamp(day + "T00:00:00Z") != nil else { return nil }
        let parts = day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
    }
}
