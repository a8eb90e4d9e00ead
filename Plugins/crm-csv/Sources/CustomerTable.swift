// SPDX-License-Identifier: Apache-2.0

package import MaitredPluginKit

/// The customers of a file, by key.
package struct CustomerTable: Sendable {
    package static let rowLimit = 100_000
    private static let valueLimit = 300

    private let names: [String]
    private let shown: [Int]
    private var rows: [String: [String]] = [:]

    /// How many customers there are.
    package var count: Int { rows.count }

    /// Reads a whole file; of lines with the same key, the last counts.
    ///
    /// - Parameters:
    ///   - reader: At the header line.
    ///   - keyColumn: The column that says whose line it is.
    ///   - columns: The columns to show; all but the key when empty.
    /// - Throws: The first fault, with its line.
    package init(
        _ reader: consuming CSVReader,
        keyColumn: String,
        columns: [String]
    ) throws(CRMFailure) {
        guard let header = try reader.next() else { throw .empty }
        names = header.map(Self.trimmed)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw .repeatedColumn(name)
        }
        let key = try Self.column(keyColumn, in: names)
        if columns.isEmpty {
            shown = names.indices.filter { $0 != key }
        } else {
            var chosen: [Int] = []
            for name in columns { chosen.append(try Self.column(name, in: names)) }
            shown = chosen
        }
        while let row = try reader.next() {
            guard row.count == names.count else {
                let fault = CRMFailure.Fault.fieldCount(row.count, expected: names.count)
                throw .malformed(line: reader.line, fault)
            }
            let identity = Self.normalised(row[key])
            guard !identity.isEmpty else { continue }
            rows[identity] = row
            if rows.count > Self.rowLimit { throw .tooManyLines }
        }
    }

    /// What the file says about a contact; nil when it does not know the key.
    package func facts(of key: String, title: String) -> Facts? {
        guard let row = rows[Self.normalised(key)] else { return nil }
        var facts = Facts(title: title)
        for column in shown {
            let text = Self.trimmed(row[column])
            if !text.isEmpty { facts[names[column]] = Self.value(text) }
        }
        return facts.isEmpty ? nil : facts
    }

    private static func column(_ name: String, in names: [String]) throws(CRMFailure) -> Int {
        guard let index = names.firstIndex(of: name) else { throw .missingColumn(name) }
        return index
    }

    /// Addresses are compared without regard to case.
    private static func normalised(_ key: String) -> String { trimmed(key).lowercased() }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    /// A number only when nothing is lost: `007` and `+49 30` stay as they are.
    private static func value(_ text: String) -> Facts.Value {
        if let integer = Int(text), String(integer) == text { return .integer(integer) }
        let plain = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
        if plain, text.first != "0" || text.hasPrefix("0."), !text.hasSuffix("."),
            text.utf8.count <= 15, let number = Double(text), text.first != "."
        {
            return .number(number)
        }
        switch text.lowercased() {
        case "true": return .flag(true)
        case "false": return .flag(false)
        default: return .text(String(text.prefix(valueLimit)))
        }
    }
}
