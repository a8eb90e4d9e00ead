import Desk
import Foundation
import GRDB
import JSONCoding
import Model

/// A request to append, encoded on its caller's thread so that the writer only binds and steps.
final class AppendJob: WriteJob {
    struct EncodedEvent: Sendable {
        var kind: String
        var publicBefore: Int
        var payload: [UInt8]
    }

    struct EncodedRow: Sendable {
        var status: String
        var agent: String?
        var row: Data
    }

    let conversation: ConversationID
    let after: Int
    let events: [EncodedEvent]
    let start: (contact: String, clientID: String?)?
    let row: EncodedRow?
    let claims: FileClaims
    let obligations: [Obligation]?
    let done: @Sendable (Result<Int64, LogFailure>) -> Void

    init(
        _ request: AppendRequest,
        then done: @escaping @Sendable (Result<Int64, LogFailure>) -> Void
    ) {
        conversation = request.conversation
        after = request.after
        obligations = request.obligations
        self.done = done
        claims = FileClaims(request.events)
        var publicHead = request.publicHead
        var number = request.after
        events = request.events.map { event in
            number += 1
            defer { if event.isPublic { publicHead = number } }
            return EncodedEvent(
                kind: event.kind,
                publicBefore: publicHead,
                payload: event.payload
            )
        }
        row = request.row.map { row in
            EncodedRow(
                status: row.status.rawValue,
                agent: row.owner.agent?.description,
                row: Data(row.json.bytes())
            )
        }
        if request.after == 0, case .started(let start)? = request.events.first {
            self.start = (start.contact.description, start.clientID)
        } else {
            start = nil
        }
    }

    func perform(_ log: inout LogState, _ db: Database) throws -> @Sendable () -> Void {
        var head = try log.head(of: conversation)
        guard head.sequence == after else {
            throw Refused(failure: .conflict(head: head.sequence))
        }
        try claims.check(db)
        if head.rowID == 0 {
            guard let start else {
                throw Refused(failure: .corrupt("A conversation begins with its start."))
            }
            head.rowID = try log.insert(self, start, db)
        } else if let row {
            try log.update(row, of: head.rowID, at: log.position + Int64(events.count), db)
        }
        for event in events {
            head.sequence += 1
            log.position += 1
            try log.statements.insertEvent.run(
                event,
                at: log.position,
                conversation: head.rowID,
                sequence: head.sequence
            )
        }
        try claims.take(for: head.rowID, db)
        if let obligations { try log.owe(obligations, by: head.rowID) }
        log.set(head, of: conversation)
        let position = log.position
        return { [done] in done(.success(position)) }
    }

    func fail(_ failure: LogFailure) { done(.failure(failure)) }
}
