import JSONCoding
import Logging

/// Questions of the plugin to the server's services.
extension PluginInstance {
    /// Questions of one process that are open at once; its own library refuses more.
    private static let requestLimit = 256
    /// How long a question may take that no call waits for.
    private static let freeDeadline: Duration = .seconds(60)
    /// The largest answer, so that its frame fits the process's limit.
    private static let answerLimit = (1 << 20) - 1024

    /// Answers a question, or says why not; never waits for it here.
    func ask(_ frame: Frame, in link: PluginLink) {
        guard link.requests.count < Self.requestLimit, link.requests[frame.call] == nil else {
            return reply(to: frame.call, in: link, Self.answer(.temporary, "too much is asked"))
        }
        let parts = frame.method.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, bundle.manifest.permissions.services.contains(parts[0]) else {
            misbehaved("asked a service that its manifest does not permit")
            return reply(to: frame.call, in: link, Self.answer(.denied, "not permitted"))
        }
        let call = link.calls.keys.first { UInt32(truncatingIfNeeded: $0) == frame.related }
        if frame.related != 0, call == nil,
            frame.related != link.startCall.map(UInt32.init(truncatingIfNeeded:))
        {
            return reply(to: frame.call, in: link, (5, []))
        }
        let left = call.flatMap { link.calls[$0]?.ends }.map { $0 - timekeeper.now() }
        let serial = link.serial
        let question = Question(
            grant: grant,
            service: String(parts[0].dropFirst("maitred.".count).prefix { $0 != "/" }),
            method: parts[1],
            payload: frame.payload,
            deadline: left ?? Self.freeDeadline
        )
        let task = Task { [services] in
            // Parts keep their order: one stream, read here alone.
            let (parts, feed) = AsyncStream.makeStream(of: [UInt8].self)
            async let whole = question.answer(by: services, parts: feed)
            for await part in parts { reply(to: frame.call, in: serial, (8, part)) }
            let answer = await whole
            reply(to: frame.call, in: serial, answer)
        }
        link.requests[frame.call] = (call, task)
    }

    private func reply(to number: UInt64, in serial: Int, _ answer: (Int32, [UInt8])) {
        guard let link = links[serial] else { return }
        reply(to: number, in: link, answer)
    }

    private func reply(to number: UInt64, in link: PluginLink, _ answer: (Int32, [UInt8])) {
        if answer.0 != 8 { link.requests[number] = nil }
        let isSmall = answer.1.count <= Self.answerLimit
        let (status, payload) = isSmall ? answer : Self.answer(.failed, "the answer is too large")
        link.process?.send(Frame(kind: .reply, call: number, status: status, payload: payload))
    }

    private static func answer(
        _ status: ServiceFault.Status,
        _ message: String
    ) -> (Int32, [UInt8]) {
        answer(ServiceFault(status, message))
    }

    private static func answer(_ fault: ServiceFault) -> (Int32, [UInt8]) {
        (fault.status.rawValue, fault.json.bytes())
    }

    /// A question as it came, to be read away from the plugins' thread.
    private struct Question: Sendable {
        let grant: PluginGrant
        let service: String
        let method: String
        let payload: [UInt8]
        let deadline: Duration

        func answer(
            by services: PluginServices,
            parts: AsyncStream<[UInt8]>.Continuation
        ) async -> (Int32, [UInt8]) {
            defer { parts.finish() }
            guard
                let input = payload.isEmpty ? .object([:]) : try? JSON(parsing: payload, depth: 16)
            else { return PluginInstance.answer(.invalid, "the question is not JSON") }
            let request = ServiceRequest(
                grant: grant,
                service: service,
                method: method,
                input: input,
                deadline: deadline,
                part: { parts.yield($0.bytes()) }
            )
            do throws(ServiceFault) {
                let answer = try await services.answer(request)
                return (0, answer == .null ? [] : answer.bytes())
            } catch {
                if Task.isCancelled { return (5, []) }
                return PluginInstance.answer(error)
            }
        }
    }
}
