// SPDX-License-Identifier: Apache-2.0

/// An amount in whole minor units.
///
/// Shopify writes decimals, `"89.0"`, whatever number of digits the currency has.
struct Money: Sendable, Equatable, CustomStringConvertible {
    let minor: Int
    /// As in ISO 4217.
    let currency: String

    init(minor: Int, currency: String) {
        self.minor = minor
        self.currency = currency
    }

    /// Nil when the text is no decimal, or is finer than the currency.
    init?(decimal text: String, currency: String) {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let digits = Self.digits(of: currency)
        guard let whole = parts.first, (1...2).contains(parts.count) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.dropFirst(digits).allSatisfy({ $0 == "0" }) else { return nil }
        let kept = String(fraction.prefix(digits))
        let text = whole + kept + String(repeating: "0", count: digits - kept.count)
        guard !whole.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }),
            let minor = Int(text)
        else { return nil }
        self.init(minor: isNegative ? -minor : minor, currency: currency)
    }

    /// As Shopify reads it.
    var decimal: String {
        let digits = Self.digits(of: currency)
        let text = String(minor.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let point = digits == 0 ? "" : "."
        return (minor < 0 ? "-" : "") + padded.dropLast(digits) + point + padded.suffix(digits)
    }

    var description: String { "\(decimal) \(currency)" }

    /// Digits behind the point in ISO 4217.
    private static func digits(of currency: String) -> Int {
        switch currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
            "VUV", "XAF", "XOF", "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }
}

extension Money: Decodable {
    private enum Keys: String, CodingKey { case amount, currencyCode }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let text = try container.decode(String.self, forKey: .amount)
        let currency = try container.decode(String.self, forKey: .currencyCode)
        guard let money = Money(decimal: text, currency: currency) else {
            throw DecodingError.dataCorruptedError(
                forKey: .amount,
                in: container,
                debugDescription: "not an amount of \(currency)"
            )
        }
        self = money
    }
}

/// An amount in the currency the customer paid in, the only one that refunds may be made in
/// when it differs from the shop's.
struct MoneyBag: Decodable, Sendable {
    let presentmentMoney: Money
}
