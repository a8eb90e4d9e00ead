import Desk
import HTTPTypes
import JSONCoding
import Knowledge
import Model
import Transport
import Triage

/// The triage core for programs that keep their own tickets.
struct TriageEndpoints {
    /// Tickets or outcomes in one request.
    private static let batch = 1...100
    private static let text = TextBounds(1...8000, over: .tooLarge)
    private static let label = TextBounds(1...200)
    private static let reference = TextBounds(1...100)

    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        router.on(.post, "/v1/triage") { try await read($0) }
        router.on(.post, "/v1/triage/outcomes") { try await learn($0) }
        router.on(.get, "/v1/triage/schema") { _ in Self.schema }
    }

    private static let schema = Response(
        status: .ok,
        headers: [.contentType: "application/schema+json", .cacheControl: "max-age=3600"],
        body: PackageResources.triage_schema_json
    )

    // MARK: - Reading

    private func read(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        if let refusal = try await entry(request, gateway) { return refusal }
        let (tickets, isBatch) = try Self.checked { () throws(WireFault) in
            try Self.items(request, "tickets", Self.ticket)
        }
        let now = gateway.clock.now
        let readings = tickets.map { ticket, id in
            Self.json(gateway.desk.triage.read(ticket, at: now), id: id)
        }
        return .json(isBatch ? ["readings": .array(readings)] : readings[0])
    }

    private static func ticket(
        _ fields: FieldReader
    ) throws(WireFault) -> (Ticket, id: String?) {
        try fields.only("id", "text", "contact", "page", "history")
        var ticket = Ticket(text: try fields.required("text").string(text))
        if let (contact, facts) = try contact(fields) {
            ticket.contact = contact
            ticket.facts = facts
        }
        ticket.page = try page(fields)
        ticket.history =
            try fields.optional("history")?.list(0...50) { line throws(WireFault) in
                let line = try FieldReader(line)
                try line.only("from", "text")
                let author = try line.required("from").word(["customer", "agent"])
                return Ticket.Line(
                    isCustomer: author == "customer",
                    text: try line.required("text").string(text)
                )
            } ?? []
        return (ticket, try fields.optional("id")?.string(reference))
    }

    private static func contact(
        _ fields: FieldReader
    ) throws(WireFault) -> (Contact, JSON.Object)? {
        guard let value = fields.optional("contact") else { return nil }
        let fields = try FieldReader(value)
        try fields.only("name", "email", "facts")
        let nowhen = Timestamp(milliseconds: 0)
        let contact = Contact(
            id: .make(at: nowhen),
            site: .make(at: nowhen),
            name: try fields.optional("name")?.string(label),
            email: try fields.optional("email")?.string(TextBounds(3...254, form: .email)),
            createdAt: nowhen
        )
        return (contact, try fields.optional("facts")?.object(bytes: 4096) ?? [:])
    }

    private static func page(_ fields: FieldReader) throws(WireFault) -> PageContext? {
        guard let value = fields.optional("page") else { return nil }
        let fields = try FieldReader(value)
        try fields.only("page", "url_path", "title", "facts")
        return PageContext(
            number: 0,
            path: try fields.optional("url_path")?.string(TextBounds(0...2048)) ?? "",
            title: try fields.optional("title")?.string(label),
            page: try fields.optional("page")?.string(label),
            facts: try fields.optional("facts")?.object(bytes: 4096) ?? [:]
        )
    }

    private static func json(_ found: TicketReading, id: String?) -> JSON {
        let (decision, reading) = (found.decision, found.reading)
        let isSure = decision.confidence >= decision.threshold
        return [
            "id": id.map(JSON.string) ?? .null,
            "decision": .string(decision.id.description),
            "intent": decision.intent.map(JSON.string) ?? .null,
            "title": found.intent.map { .string($0.title) } ?? .null,
            "category": found.intent?.category.map(JSON.string) ?? .null,
            "confidence": .double(decision.confidence),
            "threshold": .double(min(1, decision.threshold)),
            "target": .double(decision.target),
            "caution": .array(decision.caution.map(JSON.string)),
            "is_sure": .bool(isSure),
            "out_of_scope": .double(decision.outOfScope),
            "action": .string(decision.action.rawValue),
            "rule": .string(decision.rule),
            "reason": found.reason.map { .string($0.text) } ?? .null,
            "ranking": .array(
                decision.ranking.map {
                    [
                        "intent": .string($0.intent), "title": .string($0.title),
                        "p": .double($0.probability),
                    ]
                }
            ),
            "priority": json(found.priority),
            "mood": .double(decision.mood),
            "wants_person": .bool(reading.wantsPerson),
            "distress": reading.distress.map { .string($0.kind.rawValue) } ?? .null,
            "language": .string(reading.language.code),
            "queue": (found.queue ?? found.intent?.handOffSkill).map(JSON.string) ?? .null,
            "suggested_answer": found.answer.map { json($0, from: found.intent) } ?? .null,
            "evidence": .array(
                decision.evidence.map {
                    ["text": .string($0.text), "weight": .double($0.weight)]
                }
            ),
            "nearest": nearest(decision),
            "context": .array(decision.context.map(JSON.string)),
            "versions": .object(decision.versions),
        ]
    }

    private static func json(_ priority: Priority) -> JSON {
        [
            "level": .string(priority.level.rawValue), "score": .double(priority.score),
            "urgency": .double(priority.urgency), "impact": .double(priority.impact),
            "because": .array(priority.because.map(JSON.string)),
        ]
    }

    private static func json(_ answer: ComposedAnswer, from intent: IntentDefinition?) -> JSON {
        [
            "text": .string(answer.text), "source": .string(intent?.name ?? ""),
            "articles": .array(answer.sources.map { .string($0.article) }),
        ]
    }

    private static func nearest(_ decision: Decision) -> JSON {
        guard let text = decision.nearestExample, let intent = decision.nearestIntent else {
            return .null
        }
        return [
            "text": .string(text), "intent": .string(intent),
            "similarity": .double(decision.nearestSimilarity),
        ]
    }

    // MARK: - Outcomes

    private func learn(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        if let refusal = try await entry(request, gateway) { return refusal }
        let (reports, _) = try Self.checked { () throws(WireFault) in
            try Self.items(request, "outcomes", Self.report)
        }
        try await gateway.desk.triage.learn(from: reports, at: gateway.clock.now)
        return .json(["taken": .int(Int64(reports.count))], status: .accepted)
    }

    private static func report(_ fields: FieldReader) throws(WireFault) -> OutcomeReport {
        try fields.only("id", "text", "contact", "context", "outcome", "intent", "answered")
        let word = try fields.required("outcome").word(["accepted", "refused", "meant", "none"])
        let intent = try fields.optional("intent")?.string(TextBounds(1...Slug.maximumLength))
        if word == "meant", intent == nil { _ = try fields.required("intent") }
        if let intent, !Slug.isValid(intent) {
            throw .field("intent", "must be a name such as refund_request")
        }
        guard let verdict = Outcome.Verdict(name: word, intent: intent) else {
            throw .field("outcome", "is unknown")
        }
        // An answer can only be accepted or refused if it was given.
        let wasAnswered = try fields.optional("answered")?.bool() ?? false
        return OutcomeReport(
            text: try fields.required("text").string(text),
            context: try fields.optional("context")?.list(0...24) { item throws(WireFault) in
                try item.string(label)
            } ?? [],
            contact: try contact(fields)?.0,
            verdict: verdict,
            wasAnswered: wasAnswered || verdict == .accepted || verdict == .refused,
            answered: verdict == .accepted || verdict == .refused ? intent : nil,
            reference: try fields.optional("id")?.string(reference)
        )
    }

    // MARK: - Shared

    /// The refusal when the key is used too much; throws when there is none that opens this.
    private func entry(_ request: Request, _ gateway: Gateway) async throws -> Response? {
        let key = try await APIKey.check(request, for: .triage, gateway)
        return gateway.calls.attempt(key, at: gateway.clock.steady).map(Problem.tooMany)
    }

    /// One item as the body, or several under a name.
    private static func items<Item>(
        _ request: Request,
        _ name: String,
        _ make: (FieldReader) throws(WireFault) -> Item
    ) throws(WireFault) -> (items: [Item], isBatch: Bool) {
        let fields = try request.fields()
        guard let list = fields.optional(name) else { return ([try make(fields)], false) }
        try fields.only(name)
        let items = try list.list(batch) { value throws(WireFault) in
            try make(FieldReader(value))
        }
        return (items, true)
    }

    private static func checked<Value>(
        _ body: () throws(WireFault) -> Value
    ) throws(Problem) -> Value {
        do throws(WireFault) {
            return try body()
        } catch {
            throw Problem(error)
        }
    }
}
