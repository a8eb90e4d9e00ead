// SPDX-License-Identifier: Apache-2.0

/// Reads the records of a CSV file (RFC 4180) one after the other.
///
/// Beyond the RFC: lines may end in a bare line feed, a byte order mark is skipped, empty lines are
/// not records, and the delimiter can be chosen.
package struct CSVReader {
    package static let fieldLimit = 4096
    package static let columnLimit = 64

    /// The line on which the latest record began, counted from 1.
    package private(set) var line = 0

    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var position = 0
    private var nextLine = 1

    package init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
        self.bytes = bytes
        self.delimiter = delimiter
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The fields of the next record; nil at the end.
    package mutating func next() throws(CRMFailure) -> [String]? {
        skipEmptyLines()
        guard position < bytes.count else { return nil }
        line = nextLine
        var fields: [String] = []
        while true {
            guard fields.count < Self.columnLimit else { throw fault(.tooManyFields) }
            fields.append(try field())
            guard position < bytes.count, bytes[position] == delimiter else { break }
            position += 1
        }
        endLine()
        return fields
    }

    private func fault(_ fault: CRMFailure.Fault) -> CRMFailure {
        .malformed(line: line, fault)
    }

    private mutating func skipEmptyLines() {
        while position < bytes.count, isLineEnd(bytes[position]) { endLine() }
    }

    private func isLineEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private mutating func endLine() {
        guard position < bytes.count else { return }
        if bytes[position] == UInt8(ascii: "\r") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        nextLine += 1
    }

    private mutating func field() throws(CRMFailure) -> String {
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            return try text(of: quoted())
        }
        let start = position
        while position < bytes.count, bytes[position] != delimiter, !isLineEnd(bytes[position]) {
            if bytes[position] == UInt8(ascii: "\"") { throw fault(.strayQuote) }
            position += 1
        }
        return try text(of: bytes[start..<position])
    }

    /// The content of a quoted field, its doubled quotes undone.
    private mutating func quoted() throws(CRMFailure) -> ArraySlice<UInt8> {
        var content: ArraySlice<UInt8> = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == byte else {
                    return try closed(content)
                }
                position += 1
            } else if byte == UInt8(ascii: "\n") {
                nextLine += 1
            }
            content.append(byte)
            if content.count > Self.fieldLimit { throw fault(.fieldTooLong) }
        }
        throw fault(.unclosedQuote)
    }

    private func closed(_ content: ArraySlice<UInt8>) throws(CRMFailure) -> ArraySlice<UInt8> {
        let ended =
            position == bytes.count || bytes[position] == delimiter || isLineEnd(bytes[position])
        guard ended else { throw fault(.textAfterQuote) }
        return content
    }

    private func text(of bytes: ArraySlice<UInt8>) throws(CRMFailure) -> String {
        guard bytes.count <= Self.fieldLimit else { throw fault(.fieldTooLong) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault(.notUTF8) }
        return text
    }
}
