// SPDX-License-Identifier: Apache-2.0

/// The action `linear.search`: its input, and what it answers.
struct IssueQuery: Decodable, Sendable {
    let query: String
    let includeClosed: Bool?
    let limit: Int?

    struct Answer: Encodable, Sendable {
        let summary: String
        let issues: [Found]
    }

    struct Found: Encodable, Sendable {
        let identifier: String
        let title: String
        let state: String
        let url: String
    }

    func answer(from api: LinearAPI) async throws -> Answer {
        let issues = try await api.search(
            query,
            openOnly: !(includeClosed ?? false),
            limit: min(max(limit ?? 5, 1), 20)
        )
        let found = issues.map {
            Found(
                identifier: $0.identifier,
                title: $0.title,
                state: $0.state?.name ?? "",
                url: $0.url
            )
        }
        let names = found.map { "\($0.identifier) “\($0.title)” (\($0.state))" }
        let summary = names.isEmpty ? "No issue has these words." : names.joined(separator: "; ")
        return Answer(summary: summary, issues: found)
    }
}
