import Desk
import Model
import Transport

/// A frame that wants an answer: exactly one `ack` or `err` when it has an id.
struct ClientRequest: Sendable {
    let session: any ClientConnection
    let id: String?
    let c: String?

    init(session: any ClientConnection, id: String?, c: String?) {
        self.session = session
        self.id = id
        self.c = c
    }

    /// Answers with what came of a command.
    var completion: LiveConversation.Completion {
        { result in
            switch result {
            case .success(let outcome):
                acknowledge(
                    c: outcome.conversation.description,
                    Sent.Ack(m: outcome.message?.description, s: outcome.sequence)
                )
            case .failure(let failure): refuse(WireFault(failure))
            }
        }
    }

    func acknowledge(c: String? = nil, _ ack: Sent.Ack = Sent.Ack()) {
        guard let id else { return }
        session.send(ServerFrame.ack(re: id, c: c ?? self.c, ack))
    }

    func refuse(_ fault: WireFault) {
        session.send(ServerFrame.err(fault.answering(re: id, c: c)))
    }
}

extension WireFault {
    /// What let this client in is over.
    static var expired: WireFault {
        WireFault(.unauthenticated, "Sign in again", close: .unauthenticated)
    }

    /// What the desk's failure is called on the wire.
    init(_ failure: DeskFailure) {
        switch failure {
        case .notFound: self.init(WireError.notFound)
        case .noSuchAgent: self.init(.notFound, "There is no such agent, or they are not online")
        case .refused(.conflict(let why)): self.init(.conflict, why)
        case .refused(.staleView): self.init(.staleView)
        case .refused(.rejected(let why)): self.init(.unprocessable, why)
        case .refused(.uploadMissing), .log(.uploadMissing):
            self.init(
                .unprocessable,
                "An attachment is not there any more or was sent before; upload it again"
            )
        case .refused(.gone): self.init(.gone)
        case .refused(.notOffered): self.init(.unprocessable, "This choice was not offered")
        case .refused(.superseded), .refused(.notDue): self.init(.conflict)
        case .log(.conflict): self.init(.conflict)
        case .log(.repeatedStart): self.init(.conflict)
        case .log(.unavailable): self.init(.overloaded, retryMilliseconds: 2000)
        case .log(.corrupt): self.init(.internal)
        }
    }
}
