import Desk
import HTTPTypes
import JSONCoding
import Knowledge
import Model
import PluginHost
import Store
import Transport

/// What a language model does for an agent: drafts from our own articles, summaries, translations.
///
/// Texts for a person to read and send, or not; nothing here is sent to anybody.
struct AssistEndpoints {
    private static let deadline: Duration = .seconds(25)
    private static let searchDeadline: Duration = .seconds(3)
    private static let passages = 6
    private static let turns = 30
    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        router.on(.get, "/v1/assist") { try await abilities($0) }
        router.on(.post, "/v1/conversations/:id/draft") { try await draft($0) }
        router.on(.post, "/v1/conversations/:id/summary") { try await summary($0) }
        router.on(.post, "/v1/conversations/:id/translate") { try await translate($0) }
    }

    private func abilities(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        _ = try await SignedIn(request, gateway).check()
        guard let host = gateway.plugins else { throw Problem(.notFound) }
        return .json([
            "draft": .bool(await host.provides("reply.draft")),
            "summary": .bool(await host.provides("conversation.summary")),
            "translate": .bool(await host.provides("translate")),
        ])
    }

    private func draft(_ request: Request) async throws -> Response {
        let (gateway, conversation, agent) = try await entered(request)
        let asked = conversation.recent.last { $0.message.author.kind == "customer" }
        guard let question = asked?.message.text else {
            throw Problem(.unprocessable, "The customer has not said anything yet")
        }
        let language = conversation.lastDecision?.language
        let hits = gateway.desk.triage.current.articles.search(
            question,
            page: conversation.context?.page,
            language: language,
            limit: Self.passages
        )
        var sources = hits.map { hit in
            Source(article: hit.article.id, title: hit.article.title, text: hit.passage.text)
        }
        sources += await found(elsewhere: question, language)
        let passages = sources.enumerated().map { number, source -> JSON in
            [
                "id": .string("p\(number + 1)"), "title": .string(source.title),
                "text": .string(source.text),
            ]
        }
        let proposals = await DraftProposals(for: agent, gateway)
        let answer = try await provide(
            "reply.draft",
            proposals.offered(with: [
                "question": .string(question), "language": language.map(JSON.string) ?? .null,
                "passages": .array(passages), "history": history(conversation),
            ]),
            // Filters are to see a draft before an agent does, and they see it whole.
            pieces: gateway.desk.integrations.filters(.suggestion)
                ? nil : try pieces(request, conversation.id, to: agent.id)
        )
        var json = answer.objectValue ?? [:]
        json["usage"] = nil
        json["proposals"] = proposals.shown(of: answer)
        json["citations"] = .array(
            (answer["citations"]?.arrayValue ?? []).compactMap { citation in
                guard let id = citation["id"]?.stringValue, let number = Int(id.dropFirst()),
                    sources.indices.contains(number - 1)
                else { return nil }
                let source = sources[number - 1]
                return [
                    "article": source.article.map(JSON.string) ?? .null,
                    "title": .string(source.title),
                    "url": source.url.map(JSON.string) ?? .null,
                    "quote": citation["quote"] ?? .null,
                ]
            }
        )
        return .json(try await filtered(.object(json), conversation.id, gateway))
    }

    /// A passage that a draft may rest on.
    private struct Source {
        /// Of our own articles; nil for what a plugin found.
        var article: String?
        var title: String
        var text: String
        var url: String?
    }

    /// What plugins that provide `knowledge.search` find; nothing when they do not answer in time.
    private func found(elsewhere question: String, _ language: String?) async -> [Source] {
        guard let host = try? reference.get().plugins, await host.provides("knowledge.search")
        else {
            return []
        }
        let answer = try? await host.provide(
            "knowledge.search",
            [
                "query": .string(question), "language": language.map(JSON.string) ?? .null,
                "limit": .int(Int64(Self.passages)),
            ],
            deadline: Self.searchDeadline
        )
        return (answer?["passages"]?.arrayValue ?? []).prefix(Self.passages).compactMap { passage in
            guard let title = passage["title"]?.stringValue, let text = passage["text"]?.stringValue
            else { return nil }
            let url = passage["url"]?.stringValue
            return Source(
                article: nil,
                title: String(title.prefix(200)),
                text: String(text.prefix(8000)),
                url: url.flatMap { SafeURL.allows($0) ? $0 : nil }
            )
        }
    }

    /// The draft as the filters of suggestions let it through.
    private func filtered(
        _ draft: JSON,
        _ id: ConversationID,
        _ gateway: Gateway
    ) async throws -> JSON {
        let integrations = gateway.desk.integrations
        guard let text = draft["text"]?.stringValue, !text.isEmpty,
            integrations.filters(.suggestion), var json = draft.objectValue
        else { return draft }
        let message = MessageToFilter(.suggestion, id, from: "bot", text)
        switch await integrations.filter(message) {
        case .keep: break
        case .replace(let other): json["text"] = .string(other)
        case .reject(let reason):
            json["text"] = ""
            json["refused"] = true
            json["reason"] = .string(reason)
            // What else the same answer says is no better.
            json["proposals"] = []
        }
        return .object(json)
    }

    private func summary(_ request: Request) async throws -> Response {
        let (_, conversation, agent) = try await entered(request)
        let answer = try await provide(
            "conversation.summary",
            ["history": history(conversation), "language": .null],
            pieces: try pieces(request, conversation.id, to: agent.id)
        )
        return .json(["text": answer["text"] ?? "", "reason": answer["reason"] ?? .null])
    }

    private func translate(_ request: Request) async throws -> Response {
        _ = try await entered(request)
        let (text, language) = try texts(request)
        let answer = try await provide(
            "translate",
            ["text": .string(text), "to": .string(language)]
        )
        return .json(["text": answer["text"] ?? "", "reason": answer["reason"] ?? .null])
    }

    private func texts(_ request: Request) throws(Problem) -> (String, String) {
        do throws(WireFault) {
            let fields = try request.fields()
            try fields.only("text", "to")
            return (
                try fields.required("text").string(TextBounds(1...8000, over: .tooLarge)),
                try fields.required("to").string(TextBounds(2...35))
            )
        } catch {
            throw Problem(error)
        }
    }

    // MARK: - Shared

    private func history(_ conversation: Conversation) -> JSON {
        .array(
            conversation.recent.suffix(Self.turns).map {
                [
                    "from": .string($0.message.author.kind), "text": .string($0.message.text),
                ]
            }
        )
    }

    /// Where the pieces of an answer go while it is written; nil when nobody wants them.
    private func pieces(
        _ request: Request,
        _ id: ConversationID,
        to agent: AgentID
    ) throws(Problem) -> SuggestionPieces? {
        guard !request.body.isEmpty else { return nil }
        let gateway = try reference.get()
        do throws(WireFault) {
            guard let name = try request.fields().optional("stream") else { return nil }
            return SuggestionPieces(of: try name.string(.id), in: id, gateway.desk, agent)
        } catch {
            throw Problem(error)
        }
    }

    private func provide(
        _ name: String,
        _ input: JSON,
        pieces: SuggestionPieces? = nil
    ) async throws -> JSON {
        guard let host = try reference.get().plugins, await host.provides(name) else {
            throw Problem(.pluginUnavailable, "No plugin that runs provides \(name)")
        }
        do throws(PluginError) {
            return try await host.provide(name, input, deadline: Self.deadline) { part in
                pieces?.send(part)
            }
        } catch .timedOut {
            throw Problem(.pluginTimeout)
        } catch .unavailable {
            throw Problem(.pluginUnavailable)
        } catch {
            throw Problem(.upstreamError, error.description)
        }
    }

    private func entered(_ request: Request) async throws -> (Gateway, Conversation, Agent) {
        let gateway = try reference.get()
        let agent = try await SignedIn(request, gateway).checkForChange().agent
        guard let id = request.parameters["id"].flatMap({ ConversationID($0) }),
            try await gateway.store.row(of: id) != nil,
            let conversation = await gateway.desk.look(at: id)
        else { throw Problem(.notFound) }
        return (gateway, conversation, agent)
    }
}
