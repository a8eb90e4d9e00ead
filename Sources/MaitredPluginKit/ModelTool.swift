// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An action that a draft may propose: one of the `tools` of `reply.draft`.
public struct ModelTool: Codable, Hashable, Sendable {
    /// The action's name, such as `my-orders.refund`.
    public let name: String
    /// What it does, for the model.
    public let description: String
    /// The JSON Schema of its input: an object's.
    public let input: JSONValue
}

/// An action that a model proposes: one of the `proposals` of a draft.
///
/// The server checks it against what it offered, and shows it to the agent, who has it done or not.
public struct ModelProposal: Codable, Hashable, Sendable {
    /// The action's name, as it was offered.
    public let action: String
    /// What to do it with.
    public let input: [String: JSONValue]
}

/// The tools of one request to a model, under names that models take.
///
/// Models' interfaces want at most 64 of `A-Z`, `a-z`, `0-9`, `_` and `-`; actions have dots.
public struct ModelToolSet: Sendable {
    /// The most bytes of a call's arguments that are read.
    private static let limit = 16_384
    private static let nameLimit = 64

    /// Each tool with its name for the model, in the order given.
    public let entries: [(name: String, tool: ModelTool)]

    /// Names tools for a model: what it does not take becomes `_`, and no name is given twice.
    public init(_ tools: [ModelTool]) {
        var entries: [(name: String, tool: ModelTool)] = []
        for tool in tools {
            let plain = String(tool.name.map { Self.isUsual($0) ? $0 : "_" }.prefix(Self.nameLimit))
            var name = plain
            var number = 2
            while entries.contains(where: { $0.name == name }) {
                let ending = "_\(number)"
                name = plain.prefix(Self.nameLimit - ending.count) + ending
                number += 1
            }
            entries.append((name, tool))
        }
        self.entries = entries
    }

    /// Whether the model is offered nothing.
    public var isEmpty: Bool { entries.isEmpty }

    /// What a call of the model proposes.
    ///
    /// - Parameters:
    ///   - name: The tool's name, as the model was given it.
    ///   - arguments: JSON, as the model wrote it; nothing stands for an empty object.
    /// - Returns: Nil for a tool that was not offered, and for arguments that are no JSON object.
    public func proposal(calling name: String, arguments: String) -> ModelProposal? {
        guard let entry = entries.first(where: { $0.name == name }),
            arguments.utf8.count <= Self.limit
        else { return nil }
        let json = Data((arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments).utf8)
        guard let input = try? JSONDecoder().decode([String: JSONValue].self, from: json) else {
            return nil
        }
        return ModelProposal(action: entry.tool.name, input: input)
    }

    private static func isUsual(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }
}
