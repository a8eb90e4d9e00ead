// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The action `linear.file_bug`.
struct Filing: Sendable {
    private let config: LinearPlugin.Config
    private let call: Call
    private let api: LinearAPI
    private let links: Links

    init(_ config: LinearPlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
        api = LinearAPI(config, call)
        links = Links(store: call.store)
    }

    /// What the agent is told.
    struct Outcome: Codable, Sendable {
        let summary: String
        let identifier: String
        let url: String
        let isNew: Bool
        /// How many customers have reported it, as far as this server knows.
        let customers: Int
    }

    /// Files a report, or joins it to an open issue that is much like it.
    ///
    /// With an idempotency key each step may be repeated: what was decided is read back, the issue
    /// and the comment have ids made from the key, and once all is done the outcome is kept.
    func file(_ report: BugReport) async throws -> Outcome {
        let journal = Journal(store: call.store, key: call.idempotencyKey)
        let entry = try await journal.read()
        if let outcome = entry?.outcome { return outcome }

        let known: LinearIssue?
        if let entry {
            known = entry.known
        } else {
            known = try await openIssue(like: report)
            try await journal.write(Journal.Entry(known: known))
        }
        let conversation = await conversation()
        let markdown = report.markdown(from: conversation)
        let issue: LinearIssue
        if let known { issue = known } else { issue = try await make(report, markdown) }
        let customers = try await join(
            issue,
            report,
            contact: call.contact?.id ?? conversation?.contact?.id,
            comment: known == nil ? nil : markdown
        )
        let outcome = Outcome(
            summary: Self.summary(issue, isNew: known == nil, customers: customers),
            identifier: issue.identifier,
            url: issue.url,
            isNew: known == nil,
            customers: customers
        )
        try await journal.write(Journal.Entry(known: known, outcome: outcome))
        return outcome
    }

    private func openIssue(like report: BugReport) async throws -> LinearIssue? {
        let title = TitleWords(report.title)
        guard title.words.count >= TitleWords.fewestShared else { return nil }
        let issues = try await api.openIssues(withAnyOf: title.longest(8))
        return title.closest(of: issues, from: config.duplicatePercent)
    }

    private func make(_ report: BugReport, _ markdown: String) async throws -> LinearIssue {
        let new = LinearAPI.NewIssue(
            title: report.title,
            description: markdown,
            priority: report.severity?.priority ?? 0,
            labels: config.labelIds
        )
        return try await api.make(new, id: id(for: "issue", report))
    }

    /// Joins the conversation to the issue and counts its customer, once however often they report.
    ///
    /// Returns how many customers have reported it. Without a contact the conversation counts as a
    /// customer; `comment` is told on the issue when the customer is new to it.
    private func join(
        _ issue: LinearIssue,
        _ report: BugReport,
        contact: String?,
        comment: String?
    ) async throws -> Int {
        if let conversation = call.conversation {
            // The time makes it another message when the bug returns and is reported again.
            let now = String(Int(call.host.now.timeIntervalSince1970 * 1000))
            let message = DerivedID.uuid("told", issue.id, conversation, now)
            let link = Links.Link(contact: contact, title: report.title, message: message)
            try await links.add(link, from: conversation, to: issue)
        }
        guard let customer = contact ?? call.conversation else { return 0 }
        let count = try await links.count(customer, of: issue.id)
        let customers = count.others + 1
        if let comment, !count.known {
            let heading =
                customers == 1
                ? "A customer reports this in support."
                : "Another customer reports this in support: \(customers) customers so far."
            try await api.comment(
                "\(heading)\n\n\(comment)",
                on: issue.id,
                id: id(for: "comment", report)
            )
        }
        try await links.note(customer, of: issue.id)
        return customers
    }

    /// The conversation's page and address; nil when there is none or it cannot be read, which is
    /// no reason not to file the bug.
    private func conversation() async -> Conversations.Summary? {
        guard let id = call.conversation else { return nil }
        return try? await call.conversations.get(id, messages: 1)
    }

    /// The same id whenever the same call is repeated; any without a key.
    private func id(for what: String, _ report: BugReport) -> String {
        let key = call.idempotencyKey ?? String(UInt64.random(in: .min ... .max))
        return DerivedID.uuid(what, config.teamId, key, call.conversation ?? "", report.title)
    }

    private static func summary(_ issue: LinearIssue, isNew: Bool, customers: Int) -> String {
        if isNew { return "Filed as \(issue.identifier)." }
        let known = "Already known as \(issue.identifier) “\(issue.title)”"
        return switch customers {
        case 0: "\(known); there is no conversation to join to it."
        case 1: "\(known); 1 customer has reported it."
        default: "\(known); \(customers) customers have reported it."
        }
    }
}
