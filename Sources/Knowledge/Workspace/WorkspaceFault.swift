/// One thing wrong with a file of a workspace.
package struct WorkspaceFault: Error, Hashable {
    package enum Problem: Hashable, Sendable {
        case unreadable(String)
        case tooLarge(limit: Int)
        case notUTF8
        case malformed(String)
        case noFrontMatter
        case missing(String)
        case empty(String)
        case wrongKind(String, expected: String)
        case tooLong(String, limit: Int)
        case tooMany(String, limit: Int)
        case unknownKey(String, nearest: String?)
        case notOneOf(String, value: String, allowed: [String])
        case badSlug(String, value: String)
        case badValue(String, value: String, expected: String)
        case repeated(String, value: String, alsoIn: String)
        case unknownReference(String, value: String, nearest: String?)
        case exclusive([String])
        case template(TemplateFault)
    }

    /// The path inside the workspace.
    package var file: String
    /// Counted from 1; nil when the whole file is meant.
    package var line: Int?
    package var problem: Problem
}

extension WorkspaceFault: CustomStringConvertible {
    /// `intents/refund.yaml:4: …`.
    package var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(problem)"
    }
}

extension WorkspaceFault.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .tooLarge(let limit): "is larger than \(limit) bytes"
        case .notUTF8: "is not UTF-8"
        case .malformed(let reason): reason
        case .noFrontMatter: "does not begin with front matter between two lines of ---"
        case .missing(let key): "'\(key)' is missing"
        case .empty(let key): "'\(key)' is empty"
        case .wrongKind(let key, let expected): "'\(key)' must be \(expected)"
        case .tooLong(let key, let limit): "'\(key)' is longer than \(limit) bytes"
        case .tooMany(let key, let limit): "'\(key)' has more than \(limit) entries"
        case .unknownKey(let key, let nearest): "'\(key)' is not a key here\(Self.hint(nearest))"
        case .notOneOf(let key, let value, let allowed):
            "'\(key)' is '\(value)'; it can be \(allowed.joined(separator: ", "))"
        case .badSlug(let key, let value):
            "'\(key)' is '\(value)'; names have lower-case letters, digits, - and _"
        case .badValue(let key, let value, let expected): "'\(key)' is '\(value)', not \(expected)"
        case .repeated(let key, let value, let other): "the \(key) '\(value)' is also in \(other)"
        case .unknownReference(let key, let value, let nearest):
            "'\(key)' names '\(value)', which does not exist\(Self.hint(nearest))"
        case .exclusive(let keys):
            "exactly one of \(keys.map { "'\($0)'" }.joined(separator: ", ")) must be there"
        case .template(let fault): fault.description
        }
    }

    private static func hint(_ nearest: String?) -> String {
        nearest.map { " (did you mean '\($0)'?)" } ?? ""
    }
}

/// Everything that is wrong with a workspace, reported together.
package struct WorkspaceFaults: Error, Hashable, CustomStringConvertible {
    package let faults: [WorkspaceFault]

    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// Where faults gather while a workspace is read; used on the reading thread alone.
final class FaultList {
    private(set) var faults: [WorkspaceFault] = []

    func add(_ problem: WorkspaceFault.Problem, file: String, line: Int? = nil) {
        faults.append(WorkspaceFault(file: file, line: line, problem: problem))
    }
}
