// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a plugin knows about a conversation's contact: named values under a title, in order.
///
///     var facts = Facts(title: "CRM")
///     facts["plan"] = "Business"
///     facts["seats"] = 25
public struct Facts: Sendable, Equatable {
    /// One value.
    public enum Value: Sendable, Equatable {
        case text(String), integer(Int), number(Double), flag(Bool)
    }

    /// Shown above the facts; the plugin's name when nil.
    public var title: String?

    private var members: [Member] = []

    private struct Member: Equatable {
        let name: String
        var value: Value
    }

    /// Makes an empty set of facts.
    public init(title: String? = nil) { self.title = title }

    /// The names, in the order they were first set.
    public var names: [String] { members.map(\.name) }

    /// Whether nothing is known.
    public var isEmpty: Bool { members.isEmpty }

    /// Reads or sets a fact; nil removes it.
    public subscript(name: String) -> Value? {
        get { members.first { $0.name == name }?.value }
        set {
            guard let newValue else { return members.removeAll { $0.name == name } }
            if let index = members.firstIndex(where: { $0.name == name }) {
                members[index].value = newValue
            } else {
                members.append(Member(name: name, value: newValue))
            }
        }
    }
}

extension Facts {
    /// The object the server expects.
    ///
    /// Written by hand because JSONEncoder does not keep the order of members.
    var json: Data {
        get throws {
            var parts: [String] = []
            for member in members {
                parts.append("\(try quoted(member.name)):\(try member.value.json)")
            }
            let title = try self.title.map { "\"title\":\(try quoted($0))," } ?? ""
            return Data("{\(title)\"facts\":{\(parts.joined(separator: ","))}}".utf8)
        }
    }
}

extension Facts.Value {
    fileprivate var json: String {
        get throws {
            switch self {
            case .text(let text): try quoted(text)
            case .integer(let value): String(value)
            case .number(let value): value.isFinite ? String(value) : "null"
            case .flag(let value): value ? "true" : "false"
            }
        }
    }
}

func quoted(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
}

extension Facts.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
    /// Makes a text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// Makes a whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// Makes a number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Makes a flag.
    public init(booleanLiteral value: Bool) { self = .flag(value) }
}
