// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Making issues and comments, each with an id chosen here.
extension LinearAPI {
    private struct Made: Decodable { let issueCreate: Payload }
    private struct Payload: Decodable {
        let success: Bool
        let issue: LinearIssue?
    }

    /// What a new issue is made of.
    struct NewIssue: Sendable {
        let title: String
        let description: String
        /// 0 for none, 1 urgent to 4 low.
        let priority: Int
        let labels: [String]
    }

    /// Makes an issue, or reads it when it has been made before with this id (a UUID of version 4).
    func make(_ new: NewIssue, id: String) async throws -> LinearIssue {
        var input: [String: JSONValue] = [
            "id": .text(id), "teamId": .text(team), "title": .text(new.title),
            "description": .text(new.description), "priority": .integer(new.priority),
        ]
        if !new.labels.isEmpty { input["labelIds"] = .array(new.labels.map(JSONValue.text)) }
        do {
            let made: Made = try await ask(
                """
                mutation($input: IssueCreateInput!) {
                  issueCreate(input: $input) { success issue { \(LinearIssue.fields) } }
                }
                """,
                ["input": .object(input)]
            )
            guard made.issueCreate.success, let issue = made.issueCreate.issue else {
                throw PluginFailure(.failed, "Linear did not make the issue")
            }
            return issue
        } catch is AlreadyThere {
            guard let issue = try await issues([id]).first else {
                throw PluginFailure(
                    .failed,
                    "the issue was made, but Linear shows it no more: it may have been deleted"
                )
            }
            return issue
        }
    }

    private struct Commented: Decodable { let commentCreate: Success }
    private struct Success: Decodable { let success: Bool }

    /// Writes a comment, unless it has been written before with this id (a UUID of version 4).
    func comment(_ text: String, on issue: String, id: String) async throws {
        do {
            let written: Commented = try await ask(
                """
                mutation($input: CommentCreateInput!) {
                  commentCreate(input: $input) { success }
                }
                """,
                ["input": ["id": .text(id), "issueId": .text(issue), "body": .text(text)]]
            )
            guard written.commentCreate.success else {
                throw PluginFailure(.failed, "Linear did not take the comment")
            }
        } catch is AlreadyThere {}
    }
}
