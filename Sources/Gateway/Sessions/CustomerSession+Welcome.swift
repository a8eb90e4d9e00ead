import Desk
import Model
import Store

extension CustomerSession {
    /// What the device needs to begin.
    func welcome(
        _ re: String?,
        epoch: String,
        recovered: Bool,
        _ rows: [ConversationRow],
        _ ended: [ConversationRow]
    ) -> [UInt8] {
        ServerFrame.customerWelcome(
            re: re,
            Sent.CustomerWelcome(
                epoch: epoch,
                contact: Sent.Contact(id: contact.id.description, name: contact.name),
                recovered: recovered,
                heartbeatSeconds: gateway.options.heartbeatSeconds,
                conversations: rows.map { row in
                    Sent.ConversationState(
                        c: row.id.description,
                        s: row.publicHead,
                        status: row.status.rawValue,
                        owner: Sent.Owner(row.owner, name: row.ownerName)
                    )
                },
                site: Sent.SiteGreeting(
                    name: site.name,
                    greeting: site.greeting,
                    language: site.language
                ),
                agentsOnline: desk.floor.isAnybodyOnline,
                ended: ended.map { row in
                    Sent.EndedConversation(
                        c: row.id.description,
                        s: row.publicHead,
                        at: (row.resolvedAt ?? row.updatedAt).description,
                        rated: row.isRated
                    )
                }
            )
        )
    }
}
