import JSONCoding

/// How far a workflow has come in a conversation: all that its next step depends on.
///
/// Written into the log whole whenever it moves, so that what goes on after a restart is what would
/// have gone on without it.
package struct Progress: Hashable, Sendable {
    package enum State: String, Sendable {
        case running
        case done
        /// A person goes on from here.
        case handedOff = "handed_off"
        /// The customer wanted something else, or nothing more.
        case stopped
    }

    /// What a running one waits for.
    package enum Wait: String, Sendable {
        /// The customer's next words.
        case answer
        /// The end of ``call``.
        case action
    }

    /// An action of a plugin, with what it is given.
    package struct Call: Hashable, Sendable {
        package var action: String
        package var input: JSON.Object

        package init(action: String, input: JSON.Object) {
            self.action = action
            self.input = input
        }
    }

    /// Of this run, `wfr_…`.
    package var id: String
    package var workflow: String
    package var title: String
    /// Of the definition it was begun with.
    package var version: String
    package var state = State.running
    /// Where it stands, by the step's name.
    package var step: String
    package var wait: Wait?
    /// What the customer said and what actions brought, by the names of the steps.
    package var slots: JSON.Object = [:]
    /// How often the question that it stands at was not understood.
    package var attempts = 0
    /// Steps taken; with ``id`` it says which question a choice answers and which call an action is.
    package var count = 0
    /// Under way; in one that was handed off, what is left for a person to have done.
    package var call: Call?
    package var at: Timestamp

    package init(
        id: String,
        workflow: String,
        title: String,
        version: String,
        step: String,
        at: Timestamp
    ) {
        self.id = id
        self.workflow = workflow
        self.title = title
        self.version = version
        self.step = step
        self.at = at
    }

    /// As much of the slots as the protocol carries, the first ones first; nil for none.
    package var slotsToShow: JSON.Object? { Self.shown(slots) }

    /// The same of what ``call`` is given.
    package var inputToShow: JSON.Object? { call.flatMap { Self.shown($0.input) } }

    private static func shown(_ object: JSON.Object) -> JSON.Object? {
        var shown: JSON.Object = [:]
        var bytes = 2
        for member in object.members {
            bytes += member.key.utf8.count + member.value.text.utf8.count + 8
            if bytes > 4000 { break }
            shown[member.key] = member.value
        }
        return shown.isEmpty ? nil : shown
    }

    /// The same, given up.
    package func stopped(at time: Timestamp) -> Progress {
        var stopped = self
        stopped.state = .stopped
        stopped.wait = nil
        stopped.call = nil
        stopped.at = time
        return stopped
    }

    /// The step it stands at in this run: the same action asked for again is the same run of it.
    package var key: String { "\(id)-\(count)" }

    /// The id of a choice under the question it stands at.
    package func choice(_ value: String) -> String { "\(key).\(value)" }

    /// What a choice says to the question it stands at; nil for one of another question.
    package func value(ofChoice id: String) -> String? {
        id.hasPrefix(key + ".") ? String(id.dropFirst(key.utf8.count + 1)) : nil
    }
}

extension Progress {
    func write(into json: inout JSONWriter) {
        json.member("run", id)
        json.member("workflow", workflow)
        json.member("title", title)
        json.member("version", version)
        json.member("state", state.rawValue)
        json.member("step", step)
        json.memberIfPresent("wait", wait?.rawValue)
        json.member("slots", JSON.object(slots))
        if attempts > 0 { json.member("attempts", attempts) }
        json.member("count", count)
        if let call {
            json.member(
                "call",
                ["action": .string(call.action), "input": .object(call.input)] as JSON
            )
        }
        json.member("at", at.milliseconds)
    }

    init?(json: JSON) {
        guard let id = json["run"]?.stringValue, let workflow = json["workflow"]?.stringValue,
            let state = json["state"]?.stringValue.flatMap(State.init(rawValue:)),
            let step = json["step"]?.stringValue, let at = json.time("at")
        else { return nil }
        self.init(
            id: id,
            workflow: workflow,
            title: json["title"]?.stringValue ?? workflow,
            version: json["version"]?.stringValue ?? "",
            step: step,
            at: at
        )
        self.state = state
        wait = json["wait"]?.stringValue.flatMap(Wait.init(rawValue:))
        slots = json["slots"]?.objectValue ?? [:]
        attempts = json["attempts"]?.intValue ?? 0
        count = json["count"]?.intValue ?? 0
        if let action = json["call"]?["action"]?.stringValue {
            call = Call(action: action, input: json["call"]?["input"]?.objectValue ?? [:])
        }
    }
}
