import JSONCoding

/// A conversation as a script: actors, what each sends, what each must receive.
///
/// ```
/// # A question, answered at once.
/// Mira is a customer
/// Mira connects
/// Mira sends msg.send {"cid": "$cid1", "text": "How do I export my data?"}
/// Mira receives ack in $c {"s": 2}
/// Mira receives msg.new in $c {"from": {"kind": "bot"}}
/// ```
///
/// Tests/Scenarios/README.md has the whole grammar.
package struct Scene: Sendable {
    /// The first comment.
    package var title: String
    package var steps: [Step]

    package struct Step: Sendable {
        package var line: Int
        package var actor: String
        package var action: Action
    }

    package enum Action: Sendable {
        case isCustomer
        case isAnotherDevice(of: String)
        case isAgent(skill: String?, room: Int)
        case connects(resuming: Bool, JSON)
        case opensSocket
        case disconnects
        case isDisconnected(code: Int)
        /// Without an id when it is a signal.
        case sends(type: String, conversation: String?, JSON, isSignal: Bool)
        case receives(FrameExpectation)
        case hasNotReceived(FrameExpectation)
        case asks(method: String, path: String, JSON?)
        case isAnswered(status: Int, JSON)
        /// Time goes by; nobody in particular.
        case pass(seconds: Int)
    }
}

/// A frame as a script describes it.
package struct FrameExpectation: Sendable {
    package var type: String
    /// Variables, or what they stand for.
    package var conversation: String?
    package var sequence: String?
    package var predecessor: String?
    package var data: JSON
}

/// Where and why a script failed, in words that need no debugger.
package struct SceneFailure: Error, CustomStringConvertible {
    package var line: Int
    package var reason: String

    package init(line: Int, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { "line \(line): \(reason)" }
}

extension Scene {
    /// The types of all messages that are sent or must be received.
    package var messageTypes: Set<String> {
        var types: Set<String> = ["hello"]
        for step in steps {
            switch step.action {
            case .sends(let type, _, _, _): types.insert(type)
            case .receives(let expectation): types.insert(expectation.type)
            default: break
            }
        }
        return types
    }
}
