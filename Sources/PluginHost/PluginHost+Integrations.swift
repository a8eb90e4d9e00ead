import Desk
import JSONCoding
import Model

/// Plugins as the desk's integrations.
extension PluginHost: Integrations {
    package nonisolated func enrich(
        _ opening: Opening,
        within deadline: Duration
    ) async -> [Enrichment] {
        let found = await enrich(
            hook: "conversation.opened",
            input: Self.input(opening),
            deadline: deadline
        )
        return found.map { Enrichment(source: $0.plugin, title: $0.title, facts: $0.facts) }
    }

    private static func input(_ opening: Opening) -> JSON {
        var contact: JSON.Object = ["id": .string(opening.contact.id.description)]
        contact["name"] = opening.contact.name.map(JSON.string)
        contact["email"] = opening.contact.email.map(JSON.string)
        contact["external_id"] = opening.contact.externalID.map(JSON.string)
        var page: JSON.Object = [:]
        page["url_path"] = opening.page.map { .string($0.path) }
        page["title"] = opening.page?.title.map(JSON.string)
        page["page"] = opening.page?.page.map(JSON.string)
        page["facts"] = opening.page.map { .object($0.facts) }
        return [
            "conversation": .string(opening.conversation.description),
            "contact": .object(contact), "page": .object(page),
        ]
    }
}
