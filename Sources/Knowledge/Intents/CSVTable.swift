/// What is wrong with a CSV file.
package enum CSVFault: Error, Hashable, CustomStringConvertible {
    case empty
    case unclosedQuote(line: Int)
    case textAfterQuote(line: Int)
    case tooManyRows(limit: Int)
    case wrongWidth(line: Int, columns: Int, expected: Int)
    case missingColumn(String)

    package var line: Int? {
        switch self {
        case .unclosedQuote(let line), .textAfterQuote(let line), .wrongWidth(let line, _, _): line
        case .missingColumn: 1
        case .empty, .tooManyRows: nil
        }
    }

    package var description: String {
        switch self {
        case .empty: "there is no header"
        case .unclosedQuote: "a quoted field is not closed"
        case .textAfterQuote: "there is text after a closing quote"
        case .tooManyRows(let limit): "there are more than \(limit) rows"
        case .wrongWidth(_, let columns, let expected):
            "the row has \(columns) fields, the header \(expected)"
        case .missingColumn(let name): "the header has no column '\(name)'"
        }
    }
}

/// A CSV file as RFC 4180 has it: a header, then rows of as many fields.
package struct CSVTable: Sendable {
    package struct Row: Sendable {
        package var line: Int
        package var fields: [String]
    }

    package let header: [String]
    package let rows: [Row]

    /// - Throws: ``CSVFault`` with the line of the first fault.
    package init(_ text: String, maximumRows: Int = 200_000) throws(CSVFault) {
        var reader = CSVReader(text)
        guard let header = try reader.next() else { throw .empty }
        var rows: [Row] = []
        while let row = try reader.next() {
            guard row.fields.count == header.fields.count else {
                throw .wrongWidth(
                    line: row.line,
                    columns: row.fields.count,
                    expected: header.fields.count
                )
            }
            guard rows.count < maximumRows else { throw .tooManyRows(limit: maximumRows) }
            rows.append(row)
        }
        self.header = header.fields.map(\.trimmed)
        self.rows = rows
    }

    package func column(_ name: String) throws(CSVFault) -> Int {
        guard let column = header.firstIndex(of: name) else { throw .missingColumn(name) }
        return column
    }
}

/// Reads rows one by one; empty lines are passed over.
private struct CSVReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ text: String) {
        let withoutMark = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        bytes = Array(withoutMark.utf8)
    }

    mutating func next() throws(CSVFault) -> CSVTable.Row? {
        skipEmptyLines()
        guard position < bytes.count else { return nil }
        let first = line
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard position < bytes.count else { break }
            let separator = bytes[position]
            position += 1
            if separator == UInt8(ascii: ",") { continue }
            if separator == UInt8(ascii: "\r"), position < bytes.count,
                bytes[position] == UInt8(ascii: "\n")
            {
                position += 1
            }
            line += 1
            break
        }
        return CSVTable.Row(line: first, fields: fields)
    }

    private mutating func skipEmptyLines() {
        while position < bytes.count, isLineEnd(bytes[position]) {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    private mutating func field() throws(CSVFault) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: ","),
                !isLineEnd(bytes[position])
            {
                position += 1
            }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        return try quoted()
    }

    private mutating func quoted() throws(CSVFault) -> String {
        let opened = line
        position += 1
        var field: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                field.append(byte)
                continue
            }
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                field.append(byte)
                position += 1
                continue
            }
            let isEnd =
                position == bytes.count || bytes[position] == UInt8(ascii: ",")
                || isLineEnd(bytes[position])
            guard isEnd else { throw .textAfterQuote(line: line) }
            return String(decoding: field, as: UTF8.self)
        }
        throw .unclosedQuote(line: opened)
    }

    private func isLineEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
