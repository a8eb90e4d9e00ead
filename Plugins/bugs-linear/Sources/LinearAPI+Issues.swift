// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Reading issues.
extension LinearAPI {
    private struct Found: Decodable { let issues: Nodes<LinearIssue> }
    private struct Searched: Decodable { let searchIssues: Nodes<LinearIssue> }
    struct Nodes<Node: Decodable & Sendable>: Decodable, Sendable { let nodes: [Node] }

    /// The team's open issues whose titles have any of some words, newest first.
    ///
    /// A filter, not a search: it sees an issue as soon as it has been made.
    func openIssues(withAnyOf words: [String]) async throws -> [LinearIssue] {
        let titles = words.map { JSONValue.object(["title": ["containsIgnoreCase": .text($0)]]) }
        return try await issues(
            where: [
                "team": ["id": ["eq": .text(team)]], "state": LinearIssue.isOpen,
                "or": .array(titles),
            ],
            first: 100
        )
    }

    /// Issues by their ids; those that are gone or archived are missing.
    func issues(_ ids: [String], within time: Duration? = nil) async throws -> [LinearIssue] {
        guard !ids.isEmpty else { return [] }
        let filter: JSONValue = ["id": ["in": .array(ids.map(JSONValue.text))]]
        return try await issues(where: filter, first: ids.count, within: time)
    }

    private func issues(
        where filter: JSONValue,
        first: Int,
        within time: Duration? = nil
    ) async throws -> [LinearIssue] {
        let found: Found = try await ask(
            """
            query($filter: IssueFilter, $first: Int) {
              issues(filter: $filter, first: $first, orderBy: createdAt) {
                nodes { \(LinearIssue.fields) }
              }
            }
            """,
            ["filter": filter, "first": .integer(first)],
            within: time
        )
        return found.issues.nodes
    }

    /// The team's issues that have words in title, description or comments, best first.
    func search(_ words: String, openOnly: Bool, limit: Int) async throws -> [LinearIssue] {
        let filter: JSONValue = openOnly ? ["state": LinearIssue.isOpen] : [:]
        let found: Searched = try await ask(
            """
            query($term: String!, $team: String, $filter: IssueFilter, $first: Int) {
              searchIssues(
                term: $term, teamId: $team, filter: $filter, first: $first, includeComments: true
              ) {
                nodes { \(LinearIssue.fields) }
              }
            }
            """,
            [
                "term": .text(words), "team": .text(team), "filter": filter,
                "first": .integer(limit),
            ]
        )
        return found.searchIssues.nodes
    }

    private struct Related: Decodable { let issue: Relations }
    private struct Relations: Decodable { let relations: Nodes<Relation> }
    private struct Relation: Decodable {
        let type: String
        let relatedIssue: LinearIssue
    }

    /// The issue that another is a duplicate of; nil when Linear knows of none.
    func original(of id: String) async throws -> LinearIssue? {
        let found: Related = try await ask(
            """
            query($id: String!) {
              issue(id: $id) {
                relations(first: 50) {
                  nodes { type relatedIssue { \(LinearIssue.fields) } }
                }
              }
            }
            """,
            ["id": .text(id)]
        )
        return found.issue.relations.nodes.first { $0.type == "duplicate" }?.relatedIssue
    }

    private struct Checked: Decodable {
        let team: Named
        let issueLabels: Nodes<Named>
    }
    private struct Named: Decodable { let id: String }

    /// Throws when the key, the team or a label would not do.
    func check(labels: [String]) async throws {
        let found: Checked = try await ask(
            """
            query($team: String!, $labels: [ID!]) {
              team(id: $team) { id }
              issueLabels(filter: { id: { in: $labels } }, first: 50) { nodes { id } }
            }
            """,
            ["team": .text(team), "labels": .array(labels.map(JSONValue.text))]
        )
        let known = Set(found.issueLabels.nodes.map(\.id))
        if let missing = labels.first(where: { !known.contains($0) }) {
            throw PluginFailure(.invalid, "Linear does not know the label \(missing.prefix(64))")
        }
    }
}
