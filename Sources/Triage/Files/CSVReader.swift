import Foundation

/// Reads comma-separated files with quoting as in RFC 4180.
public enum CSVReader {
    /// The most bytes a file may have.
    public static let maximumBytes = 256 << 20

    /// Reads a file with the columns `text` and `intent`, and `page` if it is there; other columns
    /// are ignored.
    ///
    /// An intent that is empty or `oos` means "none of these".
    /// - Parameter url: The file, UTF-8.
    /// - Returns: One example a row, in the order of the file.
    /// - Throws: ``TriageFailure/unreadable(_:)`` or ``TriageFailure/malformedCSV(line:_:)``.
    public static func examples(at url: URL) throws(TriageFailure) -> [Example] {
        let data: Data
        do {
            data = try Data(contentsOf: url, options: .mappedIfSafe)
        } catch {
            throw .unreadable(url.lastPathComponent)
        }
        return try examples(in: [UInt8](data))
    }

    /// Reads examples from the bytes of such a file.
    public static func examples(in bytes: [UInt8]) throws(TriageFailure) -> [Example] {
        let records = try records(in: bytes)
        guard let header = records.first else { return [] }
        guard let text = header.firstIndex(of: "text") else {
            throw .malformedCSV(line: 1, "no column “text”")
        }
        guard let intent = header.firstIndex(of: "intent") else {
            throw .malformedCSV(line: 1, "no column “intent”")
        }
        let page = header.firstIndex(of: "page")
        return records.dropFirst().map { record in
            let context = page.map { record[$0] }.flatMap { $0.isEmpty ? nil : ["page=\($0)"] }
            return Example(text: record[text], intent: record[intent], context: context ?? [])
        }
    }

    /// Splits the bytes of a file into records of equally many fields; empty lines are skipped.
    public static func records(in bytes: [UInt8]) throws(TriageFailure) -> [[String]] {
        guard bytes.count <= maximumBytes else {
            throw .malformedCSV(line: 1, "more than \(maximumBytes) bytes")
        }
        var parser = Parser(bytes: bytes)
        return try parser.parse()
    }
}

/// The state of a reader that runs through the bytes once.
private struct Parser {
    let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark is not part of the first name.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func parse() throws(TriageFailure) -> [[String]] {
        var records: [[String]] = []
        while position < bytes.count {
            let start = line
            let record = try record()
            if record == [""] { continue }
            if let first = records.first, first.count != record.count {
                throw .malformedCSV(
                    line: start,
                    "\(record.count) fields where the first line has \(first.count)"
                )
            }
            records.append(record)
        }
        return records
    }

    private mutating func record() throws(TriageFailure) -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard position < bytes.count else { return fields }
            let separator = bytes[position]
            position += 1
            if separator == 0x2C { continue }
            if separator == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
            line += 1
            return fields
        }
    }

    private mutating func field() throws(TriageFailure) -> String {
        guard position < bytes.count, bytes[position] == 0x22 else {
            let start = position
            while position < bytes.count, ![0x2C, 0x0A, 0x0D].contains(bytes[position]) {
                position += 1
            }
            return try string(bytes[start..<position])
        }
        position += 1
        var content: [UInt8] = []
        while true {
            guard position < bytes.count else {
                throw .malformedCSV(line: line, "a quote is not closed")
            }
            let byte = bytes[position]
            position += 1
            if byte == 0x0A { line += 1 }
            guard byte == 0x22 else {
                content.append(byte)
                continue
            }
            if position < bytes.count, bytes[position] == 0x22 {
                content.append(0x22)
                position += 1
                continue
            }
            guard position == bytes.count || [0x2C, 0x0A, 0x0D].contains(bytes[position]) else {
                throw .malformedCSV(line: line, "text after a closing quote")
            }
            return try string(content[...])
        }
    }

    private func string(_ bytes: ArraySlice<UInt8>) throws(TriageFailure) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw .malformedCSV(line: line, "not UTF-8")
        }
        return string
    }
}
