// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the file; never what stands in it.
package enum CRMFailure: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case tooLarge(bytes: Int)
    case tooManyLines
    case empty
    case missingColumn(String)
    case repeatedColumn(String)
    case malformed(line: Int, Fault)

    package enum Fault: Equatable, Sendable {
        case strayQuote
        case textAfterQuote
        case unclosedQuote
        case notUTF8
        case fieldTooLong
        case fieldCount(Int, expected: Int)
        case tooManyFields
    }

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .tooLarge(let bytes):
            "the file has \(bytes) bytes, the limit is \(CustomerFile.byteLimit)"
        case .tooManyLines: "the file has more than \(CustomerTable.rowLimit) customers"
        case .empty: "the file has no header line"
        case .missingColumn(let name): "the header has no column named \(name)"
        case .repeatedColumn(let name): "the header names the column \(name) twice"
        case .malformed(let line, let fault): "line \(line): \(fault.text)"
        }
    }
}

extension CRMFailure.Fault {
    fileprivate var text: String {
        switch self {
        case .strayQuote: "a quote inside a field that does not begin with one"
        case .textAfterQuote: "text after a closing quote"
        case .unclosedQuote: "a quoted field is never closed"
        case .notUTF8: "not UTF-8"
        case .fieldTooLong: "a field is longer than \(CSVReader.fieldLimit) bytes"
        case .fieldCount(let count, let expected):
            "\(count) fields where the header has \(expected)"
        case .tooManyFields: "more than \(CSVReader.columnLimit) fields"
        }
    }
}
