import JSONCoding

/// Values that nobody foresees, the same ones each time.
struct NonsenseMaker {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(1, limit)))
    }

    private static let names = [
        "input", "conversation", "contact", "email", "id", "key", "text", "data", "name", "amount",
        "headers", "body", "payload", "by", "from", "page", "order", "",
    ]
    private static let texts = [
        "", "a", "\u{0}", "💣", "{{secret:api_key}}", "../../etc/passwd", "-1", "NaN",
        "'; DROP TABLE x;--", "\u{202E}abc", String(repeating: "x", count: 5000),
    ]

    mutating func value(depth: Int) -> JSON {
        switch next(depth > 0 ? 9 : 6) {
        case 0: return .null
        case 1: return .bool(next(2) == 0)
        case 2: return .int([0, -1, 1, Int64.max, Int64.min, 1 << 53][next(6)])
        case 3: return .double([0.5, -0.0, 1e308, 1e-308][next(4)])
        case 4, 5: return .string(Self.texts[next(Self.texts.count)])
        case 6: return .array((0..<next(4)).map { _ in value(depth: depth - 1) })
        default:
            var object = JSON.Object()
            for _ in 0..<next(6) {
                object[Self.names[next(Self.names.count)]] = value(depth: depth - 1)
            }
            return .object(object)
        }
    }

    // MARK: - Actions

    private static let addresses = [
        "https://example.com", "http://[::1]:1/", "https://a:b@example.com/%00?q=%F0%9F%92%A3#",
    ]
    private static let mailboxes = ["a@b", "'\"@example.com", "\u{202E}💣@x", "%s%n@%d"]

    /// An action as a plugin is told of it, with an input that its schema lets through.
    mutating func order(_ schema: ConfigSchema) -> JSON {
        var order: JSON.Object = [
            "input": .object(form(schema)), "key": "run_nonsense",
            "by": ["kind": next(2) == 0 ? "agent" : "bot", "name": .string(anyText())],
        ]
        if next(2) == 0 { order["conversation"] = .string(anyText()) }
        if next(2) == 0 {
            order["contact"] = [
                "id": "con_nonsense", "verified": .bool(next(2) == 0),
                "email": .string(anyText()), "name": .string(anyText()),
            ]
        }
        return .object(order)
    }

    private mutating func anyText() -> String { Self.texts[next(Self.texts.count)] }

    /// A form that a schema accepts, filled in by nobody who means it.
    private mutating func form(_ schema: ConfigSchema) -> JSON.Object {
        var form = JSON.Object()
        for field in schema.fields where field.isRequired || next(2) == 0 {
            form[field.name] = value(of: field.kind)
        }
        return form
    }

    private mutating func value(of kind: ConfigSchema.Kind) -> JSON {
        switch kind {
        case .text(let format, let limit): return .string(text(format, limit))
        case .choice(let choices): return .string(choices[next(choices.count)])
        case .integer(let range):
            let edges = [range.lowerBound, range.upperBound, 0, 1, -1].filter { range.contains($0) }
            return .int(Int64(edges[next(edges.count)]))
        case .number(let range):
            let edges = [range.lowerBound, range.upperBound, 0, 0.5, -0.5].filter {
                range.contains($0)
            }
            return .double(edges[next(edges.count)])
        case .boolean: return .bool(next(2) == 0)
        case .list(let item, let limit):
            return .array((0..<next(min(limit, 4) + 1)).map { _ in value(of: item) })
        case .object(let schema): return .object(form(schema))
        }
    }

    private mutating func text(_ format: ConfigSchema.Format?, _ limit: Int) -> String {
        switch format {
        case .uri: return Self.addresses[next(Self.addresses.count)]
        case .email: return Self.mailboxes[next(Self.mailboxes.count)]
        case .file: return "../../etc/passwd"
        case .secret, .multiline, .duration, nil:
            return String(String.UnicodeScalarView(anyText().unicodeScalars.prefix(limit)))
        }
    }
}
