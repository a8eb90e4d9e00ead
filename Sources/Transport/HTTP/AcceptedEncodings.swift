/// What a client takes a body in, as `Accept-Encoding` says (RFC 9110, 12.5.3).
///
///     AcceptedEncodings("br, gzip;q=0.8, *;q=0").prefersGzip  // true
struct AcceptedEncodings {
    /// Quality by coding in lower case: 0 means never, 1 is best.
    private let qualities: [Substring: Double]

    /// - Parameter field: The header's value; nil without the header.
    init(_ field: String?) {
        var qualities: [Substring: Double] = [:]
        for part in (field ?? "").lowercased().split(separator: ",") {
            let fields = part.split(separator: ";").map { $0.trimmingSpaces() }
            guard let coding = fields.first, !coding.isEmpty else { continue }
            let weight = fields.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
            // A weight that is none is no wish for the coding.
            qualities[coding == "x-gzip" ? "gzip" : coding] =
                weight.map { Double($0) ?? 0 } ?? 1
        }
        self.qualities = qualities
    }

    /// Whether gzip is taken, and no less gladly than the bytes as they are.
    var prefersGzip: Bool {
        guard let gzip = qualities["gzip"] ?? qualities["*"], gzip > 0 else { return false }
        return gzip >= qualities["identity"] ?? 0
    }
}
