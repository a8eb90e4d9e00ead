import JSONCoding
import Model
import Mustache

/// What an answer may mention: who the customer is, where they are, and what plugins know of them.
///
/// In a template `{{plan}}` is looked up in the sources in their order, `{{crm.plan}}` in one of
/// them, `{{page.invoice}}` in the facts of the page, `{{contact.first_name}}` in the contact.
/// What the page says comes from the customer's browser and is never found under a bare name.
package struct FactScope: Sendable {
    package struct Source: Sendable {
        package var name: String
        package var facts: JSON.Object

        package init(name: String, facts: JSON.Object) {
            self.name = name
            self.facts = facts
        }
    }

    package var sources: [Source]
    package private(set) var contact: JSON.Object
    package private(set) var page: JSON.Object

    package init(
        sources: [Source] = [],
        name: String? = nil,
        email: String? = nil,
        page: PageContext? = nil
    ) {
        self.sources = sources
        contact = Self.contact(name: name, email: email)
        self.page = Self.page(page)
    }

    /// A fact by its name in templates; nil when absent, null or empty.
    package subscript(name: String) -> JSON? {
        let parts = name.split(separator: ".").map(String.init)
        guard let first = parts.first, var value = root(first) else { return nil }
        for part in parts.dropFirst() {
            guard let child = value[part] else { return nil }
            value = child
        }
        return FactValue.isMissing(value) ? nil : value
    }

    func root(_ name: String) -> JSON? {
        switch name {
        case "contact": return .object(contact)
        case "page": return .object(page)
        default:
            for source in sources {
                if let value = source.facts[name], !FactValue.isMissing(value) { return value }
            }
            return sources.first { $0.name == name }.map { .object($0.facts) }
        }
    }

    private static func contact(name: String?, email: String?) -> JSON.Object {
        var contact: JSON.Object = [:]
        if let name {
            contact["name"] = .string(name)
            contact["first_name"] = name.split(separator: " ").first.map { .string(String($0)) }
        }
        contact["email"] = email.map(JSON.string)
        return contact
    }

    private static func page(_ context: PageContext?) -> JSON.Object {
        guard let context else { return [:] }
        var page = context.facts
        page["title"] = page["title"] ?? context.title.map(JSON.string)
        page["name"] = page["name"] ?? context.page.map(JSON.string)
        page["path"] = .string(context.path)
        return page
    }
}
