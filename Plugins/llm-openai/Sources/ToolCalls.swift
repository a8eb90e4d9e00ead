// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// The calls of tools in an answer, put together from the pieces of a stream or from a whole.
///
/// A call comes as its name and then its arguments in pieces of text. `index` says which call a
/// piece belongs to, but some servers leave it out and others say 0 for each call: there a piece
/// with a name, and an id that the call does not have, begins another one.
struct ToolCalls {
    struct Called: Equatable {
        let index: Int?
        let id: String
        let name: String
        var arguments: String
    }

    /// Calls beyond these are not heard: an answer proposes three at most.
    private static let limit = 16

    /// In the order in which they began.
    private(set) var calls: [Called] = []
    /// Bytes of all names and arguments that came.
    private(set) var size = 0

    mutating func take(_ piece: ChatReply.ToolCall) {
        let name = piece.function?.name ?? ""
        let arguments = piece.function?.arguments?.text ?? ""
        size += name.utf8.count + arguments.utf8.count
        if let place = place(of: piece, named: name) {
            calls[place].arguments += arguments
        } else if calls.count < Self.limit {
            calls.append(
                Called(index: piece.index, id: piece.id ?? "", name: name, arguments: arguments)
            )
        }
    }

    /// Which call a piece goes on with; nil when it begins one.
    private func place(of piece: ChatReply.ToolCall, named name: String) -> Int? {
        guard let index = piece.index else { return name.isEmpty ? calls.indices.last : nil }
        guard let place = calls.lastIndex(where: { $0.index == index }) else { return nil }
        let id = piece.id ?? ""
        let beginsAnother = !name.isEmpty && !id.isEmpty && id != calls[place].id
        return beginsAnother ? nil : place
    }
}

extension ModelReply {
    /// The most that one answer proposes.
    private static let proposalLimit = 3

    /// What the model's calls propose, each once; nothing when its answer was cut off or stopped.
    func proposals(from tools: ModelToolSet) -> [ModelProposal] {
        if isCut || isFiltered || hasDeclined { return [] }
        var proposals: [ModelProposal] = []
        for call in calls where proposals.count < Self.proposalLimit {
            guard let next = tools.proposal(calling: call.name, arguments: call.arguments),
                !proposals.contains(next)
            else { continue }
            proposals.append(next)
        }
        return proposals
    }
}
