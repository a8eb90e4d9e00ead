import Gateway
import JSONCoding
import Model

/// Performs a script on a loopback server.
///
/// Time stands still but for what the script lets pass, and for a few seconds while somebody waits
/// for a frame. Every frame of the server is checked against the protocol's definitions, and every
/// conversation for gaps, whether the script speaks of them or not.
package actor SceneRunner {
    /// A request is answered even on a busy machine.
    private static let answerPatience: Duration = .seconds(10)
    private let patience: Duration
    static let password = "correct horse battery"

    let server: LoopbackServer
    var people: [String: ScenePerson] = [:]
    var variables = SceneVariables()
    /// A request that was refused and of which the script has not spoken yet.
    private var refusal: (line: Int, actor: String, frame: JSON)?

    /// Takes its time: a frame may need so much of it, in real time, before the script fails.
    package init(server: LoopbackServer, patience: Duration = .seconds(10)) {
        self.server = server
        self.patience = patience
        let later = server.clock.now + .seconds(3600)
        variables["$later"] = .string(later.description)
        variables["$site"] = .string(server.site)
        variables["$origin"] = .string(LoopbackServer.publicURL)
    }

    /// Performs the whole script; the first thing that is not as written is thrown.
    package func perform(_ scene: Scene) async throws(SceneFailure) {
        for step in scene.steps {
            try checkRefusal(before: step)
            try await perform(step)
        }
        let end = (scene.steps.last?.line ?? 0) + 1
        try checkRefusal(before: nil)
        for person in people.values { try check(person, at: end) }
    }

    private func perform(_ step: Scene.Step) async throws(SceneFailure) {
        switch step.action {
        case .isCustomer:
            people[step.actor] = ScenePerson(
                name: step.actor,
                role: .customer,
                origin: LoopbackServer.origin
            )
        case .isAnotherDevice(let other):
            var device = ScenePerson(
                name: step.actor,
                role: .customer,
                origin: LoopbackServer.origin
            )
            device.visitor = try person(other, step).visitor
            people[step.actor] = device
        case .isAgent(let skill, let room): try await hire(step, skill: skill, room: room)
        case .connects(let resuming, let more):
            try await connect(step, resuming: resuming, more: more)
        case .opensSocket: open(try person(step.actor, step), resuming: false)
        case .disconnects: try connection(step).hangUp()
        case .isDisconnected(let code): try await expectClose(code, step)
        case .sends(let type, let conversation, let data, let isSignal):
            try await send(step, type, in: conversation, data, isSignal: isSignal)
        case .receives(let expectation): try await receive(expectation, step)
        case .hasNotReceived(let expectation): try await refuse(expectation, step)
        case .asks(let method, let path, let body):
            try await ask(step, method, path, body)
        case .isAnswered(let status, let body): try expectAnswer(status, body, step)
        case .pass(let seconds): server.clock.advance(by: .seconds(seconds))
        }
    }

    // MARK: - Frames

    func open(_ person: ScenePerson, resuming: Bool) {
        people[person.name]?.enter(server.connect(from: person.origin), resuming: resuming)
    }

    /// Sends a frame and, when it has an id, waits for what it is answered.
    func send(
        _ step: Scene.Step,
        _ type: String,
        in conversation: String?,
        _ data: JSON,
        isSignal: Bool = false
    ) async throws(SceneFailure) {
        let connection = try connection(step)
        var frame: JSON.Object = ["t": .string(type)]
        var id: String?
        if !isSignal {
            id = people[step.actor]?.nextRequest()
            frame["id"] = id.map(JSON.string)
        }
        if let conversation { frame["c"] = try filled(.string(conversation), step) }
        frame["d"] = try filled(data, step)
        connection.say(.object(frame))
        guard let id else { return }
        let answer = await frameOf(connection, from: 0, within: Self.answerPatience) {
            $0["re"]?.stringValue == id
        }
        if let answer, answer["t"]?.stringValue == "err" {
            refusal = (step.line, step.actor, answer)
        } else if answer == nil, connection.closeCode == nil {
            throw SceneFailure(line: step.line, "\(type) of \(step.actor) was not answered")
        }
    }

    private func receive(
        _ expectation: FrameExpectation,
        _ step: Scene.Step
    ) async throws(SceneFailure) {
        let connection = try connection(step)
        if expectation.type == "err" { refusal = nil }
        let request = people[step.actor]?.lastRequest
        var from = 0
        while true {
            let frames = connection.frames
            let consumed = people[step.actor]?.consumed ?? []
            for (index, frame) in frames.enumerated() where index >= from {
                guard !consumed.contains(index) else { continue }
                if expectation.matches(frame, &variables, request: request) {
                    people[step.actor]?.consumed.insert(index)
                    return
                }
            }
            from = frames.count
            let variables = variables
            let next = await frameOf(connection, from: from) { frame in
                var trial = variables
                return expectation.matches(frame, &trial, request: request)
            }
            if next == nil { throw missing(expectation, step, connection.frames, consumed) }
        }
    }

    /// What came instead, in the order in which it came.
    private func missing(
        _ expectation: FrameExpectation,
        _ step: Scene.Step,
        _ frames: [JSON],
        _ consumed: Set<Int>
    ) -> SceneFailure {
        let wanted = (try? filled(expectation.data, step))?.text ?? expectation.data.text
        let others = frames.enumerated().filter { !consumed.contains($0.offset) }.map(\.element)
        let shown = others.suffix(8).map { "    \($0.text.prefix(500))" }
        return SceneFailure(
            line: step.line,
            """
            \(step.actor) did not receive \(expectation.type) \(wanted)
              what is there instead, latest last:
            \(shown.isEmpty ? "    nothing" : shown.joined(separator: "\n"))
            """
        )
    }

    private func refuse(
        _ expectation: FrameExpectation,
        _ step: Scene.Step
    ) async throws(SceneFailure) {
        let connection = try connection(step)
        // Whatever was on its way arrives before the answer.
        try await send(step, "ping", in: nil, [:])
        for frame in connection.frames {
            var trial = variables
            if expectation.matches(frame, &trial, request: nil) {
                throw SceneFailure(
                    line: step.line,
                    "\(step.actor) has received \(frame.text.prefix(600))"
                )
            }
        }
    }

    private func expectClose(_ code: Int, _ step: Scene.Step) async throws(SceneFailure) {
        let connection = try connection(step)
        refusal = nil
        _ = await frameOf(connection, from: connection.frames.count) { _ in false }
        guard connection.closeCode == code else {
            let actual = connection.closeCode.map { "was, with \($0)" } ?? "was not"
            throw SceneFailure(
                line: step.line,
                "\(step.actor) should be disconnected with \(code), but \(actual)"
            )
        }
    }

    /// The first frame from an index on that matches, while time goes by slowly; nil if none comes.
    private func frameOf(
        _ connection: LoopbackConnection,
        from start: Int,
        within patience: Duration? = nil,
        where matches: @escaping @Sendable (JSON) -> Bool
    ) async -> JSON? {
        let clock = server.clock
        let patience = patience ?? self.patience
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await connection.wait(from: start, for: matches) }
            group.addTask {
                // Real time for the disk, and three seconds of the script's for short timers.
                let deadline = ContinuousClock.now + patience
                var ticks = 150
                while ContinuousClock.now < deadline, !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(4))
                    guard ticks > 0, !Task.isCancelled else { continue }
                    ticks -= 1
                    clock.advance(by: .milliseconds(20))
                }
            }
            await group.next()
            group.cancelAll()
        }
        return connection.frames.dropFirst(start).first(where: matches)
    }

    // MARK: - Rules

    /// A refusal that the script does not expect is a failure where it happened.
    private func checkRefusal(before step: Scene.Step?) throws(SceneFailure) {
        guard let refusal else { return }
        if let step, step.actor == refusal.actor {
            if case .receives(let expectation) = step.action, expectation.type == "err" { return }
            if case .isDisconnected = step.action { return }
        }
        throw SceneFailure(
            line: refusal.line,
            "\(refusal.actor) was refused: \(refusal.frame.text)"
        )
    }

    /// What holds in every script: frames of the protocol's form, no gaps, no unasked-for errors.
    private func check(_ person: ScenePerson, at line: Int) throws(SceneFailure) {
        if let gap = person.gap { throw SceneFailure(line: line, gap) }
        let audience: Audience = person.role == .customer ? .customer : .agent
        for bytes in person.connections.flatMap(\.rawFrames) {
            do throws(WireFault) {
                _ = try ServerMessage.decode(bytes, for: audience)
            } catch {
                throw SceneFailure(
                    line: line,
                    "\(person.name) got what is not of the protocol, "
                        + "\(error): \(String(decoding: bytes, as: UTF8.self).prefix(600))"
                )
            }
        }
    }

    // MARK: - People

    func person(_ name: String, _ step: Scene.Step) throws(SceneFailure) -> ScenePerson {
        guard let person = people[name] else {
            throw SceneFailure(line: step.line, "nobody has said who \(name) is")
        }
        return person
    }

    private func connection(_ step: Scene.Step) throws(SceneFailure) -> LoopbackConnection {
        guard let connection = try person(step.actor, step).connection else {
            throw SceneFailure(line: step.line, "\(step.actor) is not connected")
        }
        return connection
    }

    func filled(_ text: String, _ step: Scene.Step) throws(SceneFailure) -> String {
        do throws(SceneVariables.Unknown) {
            return try variables.fill(text)
        } catch {
            throw SceneFailure(line: step.line, "\(error.name) stands for nothing yet")
        }
    }

    func filled(_ json: JSON, _ step: Scene.Step) throws(SceneFailure) -> JSON {
        do throws(SceneVariables.Unknown) {
            return try variables.fill(json, at: server.clock.now)
        } catch {
            throw SceneFailure(line: step.line, "\(error.name) stands for nothing yet")
        }
    }
}

extension FrameExpectation {
    /// Whether a frame is as described; an answer must be the one to the actor's last request.
    func matches(_ frame: JSON, _ variables: inout SceneVariables, request: String?) -> Bool {
        guard frame["t"]?.stringValue == type else { return false }
        if let re = frame["re"]?.stringValue, let request, re != request, type != "welcome" {
            return false
        }
        var trial = variables
        for (key, wanted) in [("c", conversation), ("s", sequence), ("p", predecessor)] {
            guard let wanted else { continue }
            let pattern = Int64(wanted).map(JSON.int) ?? .string(wanted)
            guard trial.match(pattern, frame[key]) else { return false }
        }
        guard trial.match(data, frame["d"] ?? [:]) else { return false }
        variables = trial
        return true
    }
}
