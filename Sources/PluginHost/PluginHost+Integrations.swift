import Desk
import JSONCoding
import Model
import Synchronization

/// Plugins as the desk's integrations.
extension PluginHost: Integrations {
    package nonisolated func enrich(
        _ opening: Opening,
        within deadline: Duration
    ) async -> [Enrichment] {
        let found = await enrich(
            hook: opening.moment.rawValue,
            deadline: deadline
        ) { Self.input(opening, for: $0) }
        return found.map { Enrichment(source: $0.plugin, title: $0.title, facts: $0.facts) }
    }

    package nonisolated var namesCandidates: Bool {
        provided.withLock { $0.contains("intent.candidates") }
    }

    package nonisolated func candidates(
        for question: CandidateQuestion,
        within deadline: Duration
    ) async -> [String] {
        let input: JSON = [
            "text": .string(question.text),
            "intents": .array(
                question.intents.map { ["name": .string($0.name), "title": .string($0.title)] }
            ),
            "history": .array(
                question.history.map {
                    ["from": .string($0.author.kind), "text": .string($0.text)]
                }
            ),
        ]
        let answer = try? await provide("intent.candidates", input, deadline: deadline)
        let names = Set(question.intents.map(\.name))
        return (answer?["candidates"]?.arrayValue ?? []).compactMap { candidate in
            guard let name = candidate["intent"]?.stringValue, names.contains(name),
                candidate["probability"]?.doubleValue ?? 0 >= 0.2
            else { return nil }
            return name
        }
    }

    package nonisolated func filters(_ moment: MessageToFilter.Moment) -> Bool {
        filtered.withLock { $0.contains(moment.rawValue) }
    }

    /// Filters one after another, by priority and then by id; what one replaces the next one sees.
    ///
    /// One that does not answer in time lets pass or stops, as its manifest says.
    package nonisolated func filter(_ message: MessageToFilter) async -> FilterVerdict {
        let asked = await contributors(of: .filter, to: message.moment.rawValue)
            .sorted { ($0.1.priority, $0.0.grant.id) < ($1.1.priority, $1.0.grant.id) }
        var verdict = FilterVerdict.keep
        var text = message.text
        for (instance, hook) in asked {
            let mayRead = instance.grant.permissions.read.contains(.messages)
            guard mayRead else { continue }
            let input: JSON = [
                "conversation": .string(message.conversation.description),
                "from": .string(message.from), "text": .string(text),
            ]
            do throws(PluginError) {
                let answer = try await call(
                    instance.grant.id,
                    hook.method,
                    input,
                    deadline: hook.deadline
                )
                switch answer["do"]?.stringValue {
                case "replace":
                    guard let new = answer["text"]?.stringValue, !new.isEmpty, new.count <= 8000
                    else { throw .malformed("a replacement that is no message") }
                    text = new
                    verdict = .replace(new)
                case "reject":
                    let reason = answer["reason"]?.stringValue ?? "not allowed here"
                    return .reject(String(reason.prefix(200)))
                case "keep": break
                default: throw .malformed("a verdict that is none")
                }
            } catch {
                instance.journal.append("warning", "filter \(hook.name): \(error)")
                if !hook.failsOpen { return .reject("a check could not be made; try again") }
            }
        }
        return verdict
    }

    private static func input(
        _ opening: Opening,
        for permissions: PluginManifest.Permissions
    ) -> JSON {
        var page: JSON.Object = [:]
        if permissions.read.contains(.page) {
            page["url_path"] = opening.page.map { .string($0.path) }
            page["title"] = opening.page?.title.map(JSON.string)
            page["page"] = opening.page?.page.map(JSON.string)
            page["facts"] = opening.page.map { .object($0.facts) }
        }
        return [
            "conversation": .string(opening.conversation.description),
            "contact": opening.contact.json(for: permissions.read), "page": .object(page),
        ]
    }
}
