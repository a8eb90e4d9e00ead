/// Customers who write from elsewhere: their messages say where answers go, and answers carry it.
///
/// The place is kept with each answer when it is committed, so that whoever delivers needs the log
/// and nothing else.
extension Conversation {
    /// Where a message comes from; nil for a widget's.
    func channel(of post: Command.Post) -> Message.Channel? {
        guard let origin = post.origin else { return nil }
        if let address = post.replyTo { return Message.Channel(plugin: origin, address: address) }
        return channel?.plugin.plugin == origin.plugin ? channel : nil
    }

    /// A verdict whose answers go to where the customer wrote from last.
    func addressed(_ verdict: Verdict) -> Verdict {
        guard let channel, case .events(let events) = verdict else { return verdict }
        return .events(
            events.map { event in
                guard case .message(var message) = event, message.author.kind != "customer",
                    // What the channel itself says has been said there; a person whom it brings
                    // speaks to the customer.
                    message.author != .system || message.origin?.plugin != channel.plugin.plugin
                else { return event }
                message.channel = channel
                return .message(message)
            }
        )
    }
}
