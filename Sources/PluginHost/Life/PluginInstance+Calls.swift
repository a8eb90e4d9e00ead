import JSONCoding
import Logging

extension PluginInstance {
    /// Calls that may wait inside the plugin's process beyond those that run.
    private static let queueLimit = 64
    private static let messageLimit = 500

    /// Asks the plugin and waits for its answer, but not beyond the deadline.
    ///
    /// Costs a round trip over a socket pair, tens of microseconds, beside the plugin's own time. A
    /// plugin without a running process fails at once.
    package func invoke(
        _ method: String,
        _ input: [UInt8],
        deadline: Duration,
        part: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws(PluginError) -> [UInt8] {
        calls += 1
        let result = await withCheckedContinuation { waiter in
            begin(method, input, deadline: deadline, part, waiter)
        }
        if case .failure(let error) = result { note(failure: error) }
        return try result.get()
    }

    /// Counts a call that brought nothing of use.
    package func note(failure: PluginError) {
        failures += 1
        // How a process ended says more than that it did.
        if failure != .unavailable, failure != .lost { lastError = failure.description }
        logger.debug("plugin call failed", metadata: ["reason": "\(failure.code)"])
    }

    private func begin(
        _ method: String,
        _ input: [UInt8],
        deadline: Duration,
        _ part: (@Sendable ([UInt8]) -> Void)?,
        _ waiter: CheckedContinuation<Result<[UInt8], PluginError>, Never>
    ) {
        guard let link = current, link.phase == .ready else {
            return waiter.resume(returning: .failure(.unavailable))
        }
        guard link.calls.count < bundle.manifest.concurrency + Self.queueLimit else {
            return waiter.resume(returning: .failure(.busy))
        }
        guard deadline > .zero else { return waiter.resume(returning: .failure(.timedOut)) }
        let id = nextCall()
        var call = PluginLink.PendingCall(
            waiter: waiter,
            started: timekeeper.now(),
            ends: timekeeper.now() + deadline,
            part: part
        )
        call.deadline = Task { [timekeeper, serial = link.serial] in
            do { try await timekeeper.sleep(deadline) } catch { return }
            expire(id, in: serial)
        }
        link.calls[id] = call
        link.process?.send(Frame(kind: .invoke, call: id, method: method, payload: input))
    }

    /// The deadline of a call has passed: whoever waits goes on, the plugin is asked to give up.
    private func expire(_ id: UInt64, in serial: Int) {
        guard let link = links[serial], let waiter = link.calls[id]?.waiter else { return }
        link.calls[id]?.waiter = nil
        link.calls[id]?.overdue = 0
        link.endRequests(of: id)
        link.process?.send(Frame(kind: .cancel, call: id))
        waiter.resume(returning: .failure(.timedOut))
    }

    /// An answer: to somebody who waits, or too late, or to nothing that was ever asked.
    func settle(_ frame: Frame, in link: PluginLink) {
        guard let call = link.calls.removeValue(forKey: frame.call) else {
            misbehaved("answered a call that is not open")
            return logger.warning("plugin answered a call that is not open")
        }
        call.deadline?.cancel()
        link.endRequests(of: frame.call)
        guard let waiter = call.waiter else { return }
        if frame.status == 0 {
            latency.record(timekeeper.now() - call.started)
            waiter.resume(returning: .success(frame.payload))
        } else {
            let message = Self.message(frame)
            waiter.resume(returning: .failure(.failed(status: frame.status, message: message)))
        }
    }

    /// A part of an answer, for whoever waits for parts.
    func pass(part frame: Frame, in link: PluginLink) {
        guard let call = link.calls[frame.call], call.waiter != nil else { return }
        call.part?(frame.payload)
    }

    /// What a failed call says about itself, bounded.
    static func message(_ frame: Frame) -> String {
        let message = (try? JSON(parsing: frame.payload, depth: 8))?["message"]?.stringValue
        return String((message ?? Self.meaning(of: frame.status)).prefix(messageLimit))
    }

    private static func meaning(of status: Int32) -> String {
        switch status {
        case 2: "the input is refused"
        case 3: "the plugin does not know the method"
        case 4: "failed, and may work later"
        case 5: "given up"
        case 6: "too many calls are waiting"
        case 7: "the answer is too large"
        default: "failed"
        }
    }
}
