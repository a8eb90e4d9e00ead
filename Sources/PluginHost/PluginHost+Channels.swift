import Desk
import JSONCoding
import Model

/// Channels: answers go to customers who write from elsewhere, at least once and in order.
extension PluginHost {
    static let channelHook = "channel.send"
    /// An answer that cannot be delivered for so long is given up, and the team told.
    private static let channelPatience: Duration = .seconds(3600)
    /// What nobody was there to deliver for so long would come as a surprise.
    private static let staleAfter: Duration = .seconds(24 * 3600)

    /// Has a plugin deliver a message, when it goes out by this plugin's channel.
    func deliver(_ item: HappeningPage.Item, by id: String) async -> Telling {
        guard case .message(let message) = item.event, let channel = message.channel,
            channel.plugin.plugin == id, message.author.kind != "customer"
        else { return .passed }
        guard let instance = instance(id) else { return .gone }
        let hooks = instance.bundle.manifest.hooks(.provide)
        guard let hook = hooks.first(where: { $0.name == Self.channelHook }) else { return .passed }
        if services.clock.now - message.at > Self.staleAfter {
            await reportUndelivered(message, in: item.conversation, "it had waited for a day")
            return .told
        }
        let ending = await insist(id, hook, patience: Self.channelPatience) { _ in
            [
                "id": .string(message.id.description),
                "conversation": .string(item.conversation.description),
                "to": .string(channel.address), "text": .string(message.text),
                "from": [
                    "kind": .string(message.author.kind),
                    "name": message.speaker.map(JSON.string) ?? .null,
                ],
            ]
        }
        switch ending {
        case .done: return .told
        case .gone: return .gone
        case .refused(let error), .exhausted(let error):
            instance.journal.append("error", "did not deliver \(message.id): \(error)")
            await reportUndelivered(message, in: item.conversation, "\(error)")
            return .told
        }
    }

    /// A note in the conversation: somebody has to reach the customer in another way.
    private func reportUndelivered(
        _ message: Message,
        in conversation: ConversationID,
        _ why: String
    ) async {
        guard let channel = message.channel, let access = try? services.access() else { return }
        let start = message.text.prefix(80)
        try? await access.carryOut(
            .note(
                text: "This was not delivered, because \(why): “\(start)”",
                key: "undelivered-\(message.id)"
            ),
            in: conversation,
            for: channel.plugin
        )
    }
}

extension Message {
    fileprivate var speaker: String? {
        switch author {
        case .bot(let name), .agent(_, let name): name
        case .customer, .system: origin?.name
        }
    }
}
