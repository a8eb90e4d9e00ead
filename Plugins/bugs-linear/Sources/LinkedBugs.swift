// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// The issues that a customer waits for, for triage and beside the conversation.
struct LinkedBugs: Sendable {
    /// How many are shown.
    private static let limit = 10
    /// Leaves time to answer within the hook's 800 ms from memory when Linear is slow.
    private static let patience = Duration.milliseconds(500)

    private let call: Call
    private let api: LinearAPI
    private let links: Links

    init(_ config: LinearPlugin.Config, _ call: Call) {
        self.call = call
        api = LinearAPI(config, call)
        links = Links(store: call.store)
    }

    /// How many are open, then each by its identifier, as `eng_12`; nil when there are none.
    func facts(of opened: ConversationOpened) async throws -> Facts? {
        let linked = try await linked(to: [opened.contact.id, opened.conversation])
        guard !linked.isEmpty else { return nil }
        let open: [LinearIssue]
        if let now = await asTheyStand(linked) {
            open = now.filter { $0.state?.end == nil }
        } else {
            // Without states: those that were kept may be long past.
            open = linked.map(\.withoutState)
        }
        guard !open.isEmpty else { return nil }
        var facts = Facts(title: "Linear")
        facts["open_bugs"] = .integer(open.count)
        for issue in open {
            let name = issue.identifier.lowercased().replacing("-", with: "_")
            let state = issue.state.map { " (\($0.name))" } ?? ""
            facts[name] = .text("\(issue.title.prefix(200))\(state)")
        }
        return facts
    }

    /// The linked ones, and a button to file another.
    func panel() async throws -> Panel {
        let linked = try await linked(to: [call.conversation, call.contact?.id])
        var panel = Panel()
        if linked.isEmpty {
            panel.blocks.append(.text("No bugs are linked."))
        } else {
            let now = await asTheyStand(linked)
            if now == nil { panel.blocks.append(.badge("Linear does not answer", .warning)) }
            for issue in now ?? linked.map(\.withoutState) { panel.blocks += blocks(issue) }
            panel.blocks.append(.divider)
        }
        panel.blocks.append(
            .button("File a bug", action: "linear.file_bug", input: await prefilled())
        )
        return panel
    }

    private func blocks(_ issue: LinearIssue) -> [Panel.Block] {
        let link = Panel.Block.link("\(issue.identifier) \(issue.title)", url: issue.url)
        guard let state = issue.state else { return [link] }
        return [link, .badge(state.name, state.tone)]
    }

    private func prefilled() async -> [String: JSONValue] {
        guard let id = call.conversation,
            let page = try? await call.conversations.get(id, messages: 1).page, !page.isEmpty
        else { return [:] }
        return ["page": .text(page)]
    }

    private func linked(to owners: [String?]) async throws -> [LinearIssue] {
        try await links.issues(of: owners.compactMap(\.self), limit: Self.limit)
    }

    /// The same issues, as Linear has them now; nil when it does not say so in time.
    private func asTheyStand(_ linked: [LinearIssue]) async -> [LinearIssue]? {
        try? await api.issues(linked.map(\.id), within: Self.patience)
    }
}

extension LinearIssue {
    fileprivate var withoutState: LinearIssue {
        LinearIssue(
            id: id,
            identifier: identifier,
            title: title,
            url: url,
            createdAt: createdAt,
            state: nil
        )
    }
}

extension LinearIssue.State {
    fileprivate var tone: Panel.Tone {
        switch type {
        case "completed": .good
        case "started": .warning
        default: .neutral
        }
    }
}
