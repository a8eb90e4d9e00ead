/// Why bytes were not taken as a JSON document.
package enum JSONFailure: Error, Sendable, Hashable {
    case empty
    /// Not JSON by RFC 8259: also bytes after the document and escapes that name half a character.
    case malformed
    /// More arrays and objects inside each other than the bound.
    case tooDeep(bound: Int)
    case invalidUTF8
    /// A number whose size no double can hold, or one written in a form JSON has not.
    case numberOutOfRange
    /// More than simdjson takes: 4 GB.
    case tooLarge
    case outOfMemory
}

extension JSONFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "there is no JSON: the input is empty"
        case .malformed: "this is not valid JSON"
        case .tooDeep(let bound): "the JSON is nested more than \(bound) levels deep"
        case .invalidUTF8: "the JSON is not valid UTF-8"
        case .numberOutOfRange: "the JSON has a number that cannot be represented"
        case .tooLarge: "the JSON is too large"
        case .outOfMemory: "there is not enough memory to read the JSON"
        }
    }
}
