/// A JSON value: the one form in which documents from outside travel through the server.
///
/// Parsing is strict (RFC 8259, UTF-8, bounded depth) and done by simdjson; see ``JSON/init(parsing:)``.
/// Writing is done by ``JSONWriter``.
///
/// ## Topics
/// - ``JSON/Object``
/// - ``JSONWriter``
/// - ``JSONFailure``
package enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(Object)
}

extension JSON {
    /// The value under a key of an object; nil for other kinds and absent keys.
    package subscript(key: String) -> JSON? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    package var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// An integer; doubles without a fraction count.
    package var intValue: Int? {
        switch self {
        case .int(let value): Int(value)
        case .double(let value): Self.whole(value)
        default: nil
        }
    }

    /// What `Int(exactly:)` does, without its call into libm, which nothing else here links.
    private static func whole(_ value: Double) -> Int? {
        guard value.magnitude < 0x1p63 else { return nil }
        let whole = Int(value)
        return Double(whole) == value ? whole : nil
    }

    package var doubleValue: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    package var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var arrayValue: [JSON]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    package var objectValue: Object? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    package var isNull: Bool { self == .null }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Object(elements))
    }
    package init(nilLiteral: ()) { self = .null }
}
