extension Conversation {
    /// What a plugin says: below the conversation, so the owner stays who it is.
    func tell(_ told: Command.Told, at time: Timestamp) -> Verdict {
        if let clientID = told.clientID {
            let key = ClientKey(agent: nil, clientID: clientID)
            if let receipt = receipts[key] { return .repeated(receipt) }
        }
        var message = Message(
            id: told.id,
            clientID: told.clientID,
            author: .system,
            text: told.text,
            at: time
        )
        message.origin = told.origin
        return .events([told.isNote ? .noted(message) : .message(message)])
    }

    func label(
        _ add: [String],
        _ remove: [String],
        by origin: Message.Origin,
        at time: Timestamp
    ) -> [Event] {
        let added = add.filter { !tags.contains($0) }
        let removed = remove.filter(tags.contains)
        guard !added.isEmpty || !removed.isEmpty else { return [] }
        let tagging = Event.Tagging(
            add: added,
            remove: removed,
            by: .system,
            origin: origin.plugin,
            at: time
        )
        return [.tagged(tagging)]
    }
}
