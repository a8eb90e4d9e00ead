import JSONCoding
import Model
import Store
import Transport

/// A page of a conversation's events, as the frames a socket would have brought.
struct EventPage {
    static let limit = 500
    let response: Response

    /// `frame`: writes what the asker may see of an event; nil leaves it out.
    init(
        _ request: Request,
        of id: ConversationID,
        in gateway: Gateway,
        frame: (NumberedEvent) -> [UInt8]?
    ) async throws {
        let after = try request.number("after", in: 0...Int.max, or: 0)
        let limit = try request.number("limit", in: 1...Self.limit, or: 200)
        let events = try await gateway.store.events(of: id, after: after, limit: limit + 1)
        var writer = JSONWriter(capacity: 4096)
        writer.object { json in
            json.member("events") { json in
                json.array { json in
                    for event in events.prefix(limit) {
                        if let frame = frame(event) { json.raw(frame) }
                    }
                }
            }
            json.member("more", events.count > limit)
            json.memberIfPresent("next", events.prefix(limit).last?.sequence)
        }
        response = .json(writer)
    }
}
