import Desk
import JSONCoding
import Model
import Synchronization

/// Passes on the pieces of a draft to the consoles of the agent who asked for it.
final class SuggestionPieces: Sendable {
    /// A model that never ends would fill every console.
    private static let limit = 2000
    private let request: String
    private let conversation: ConversationID
    private let desk: Desk
    private let agent: AgentID
    private let count = Mutex(0)

    init(
        of request: String,
        in conversation: ConversationID,
        _ desk: Desk,
        _ agent: AgentID
    ) {
        self.request = request
        self.conversation = conversation
        self.desk = desk
        self.agent = agent
    }

    /// Passes on `{"text": …}`; any thread, one piece at a time.
    func send(_ part: [UInt8]) {
        guard let text = (try? JSON(parsing: part))?["text"]?.stringValue, !text.isEmpty else {
            return
        }
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        guard number < Self.limit else { return }
        let frame = ServerFrame.suggest(
            c: conversation.description,
            Sent.Suggest(request: request, i: number, text: String(text.prefix(8000)))
        )
        for case let console as AgentSession in desk.audience.devices(of: agent) {
            console.show(suggestion: frame)
        }
    }
}
