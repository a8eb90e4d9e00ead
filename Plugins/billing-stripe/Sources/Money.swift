// SPDX-License-Identifier: Apache-2.0

/// An amount as Stripe counts it: whole minor units of a currency.
struct Money: Sendable, Hashable {
    let amount: Int
    /// ISO 4217 in lower case.
    let currency: String

    init(_ amount: Int, _ currency: String) {
        self.amount = amount
        self.currency = currency
    }

    /// `12.50 EUR`, `500 JPY`.
    var text: String {
        let digits = Self.digits(currency)
        let code = currency.uppercased()
        guard digits > 0 else { return "\(amount) \(code)" }
        let unit = Self.unit(digits)
        let (whole, rest) = amount.magnitude.quotientAndRemainder(dividingBy: unit)
        let cents = String(rest)
        let zeros = String(repeating: "0", count: max(0, digits - cents.utf8.count))
        return "\(amount < 0 ? "-" : "")\(whole).\(zeros)\(cents) \(code)"
    }

    /// In units, for comparisons by rules; never for sums.
    var units: Double { Double(amount) / Double(Self.unit(Self.digits(currency))) }

    private static func unit(_ digits: Int) -> UInt { digits == 0 ? 1 : digits == 2 ? 100 : 1000 }

    /// ISK and UGX have no minor unit, but Stripe counts them in hundredths.
    /// https://docs.stripe.com/currencies#special-cases
    private static func digits(_ currency: String) -> Int {
        switch currency.lowercased() {
        case "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv",
            "xaf", "xof", "xpf":
            0
        case "bhd", "jod", "kwd", "omr", "tnd": 3
        default: 2
        }
    }
}
