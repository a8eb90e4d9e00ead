// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asks services of the server, on behalf of a call or of none.
struct Asker: Sendable {
    let host: Host
    let call: CallToken?

    /// Asks and waits for the end of the answer.
    /// - Parameters:
    ///   - service: The service's id.
    ///   - method: The service's method.
    ///   - input: What is asked, as JSON.
    ///   - part: Is told of each part that comes before the end.
    /// - Returns: The answer's JSON, or nothing.
    /// - Throws: ``PluginFailure``, or a cancellation.
    func ask(
        _ service: String,
        _ method: String,
        _ input: some Encodable & Sendable,
        part: (@Sendable (Data) -> Void)? = nil
    ) async throws -> Data {
        let bytes = try JSONOutput.encode(input)
        let (status, out) = try await host.ask(service, method, bytes, call, part)
        try Task.checkCancellation()
        if status == MAITRED_OK { return out }
        throw Self.failure(status, out)
    }

    /// The same, with the answer decoded.
    func ask<Answer: Decodable>(
        _ service: String,
        _ method: String,
        _ input: some Encodable & Sendable,
        as type: Answer.Type
    ) async throws -> Answer {
        try JSONInput.decode(type, from: try await ask(service, method, input))
    }

    private static func failure(_ status: Int32, _ out: Data) -> any Error {
        if status == MAITRED_CANCELLED { return CancellationError() }
        let said = try? JSONDecoder().decode([String: String].self, from: out)
        let message = said?["message"] ?? "the server refused (\(status))"
        return switch status {
        case MAITRED_INVALID, MAITRED_DENIED, MAITRED_TOO_LARGE: PluginFailure(.invalid, message)
        case MAITRED_TEMPORARY, MAITRED_BUSY:
            PluginFailure(
                .temporary,
                message,
                retryAfter: said?["retry_after"].flatMap { Int64($0) }.map { .seconds($0) }
            )
        default: PluginFailure(.failed, message)
        }
    }
}

/// Who waits for an answer, in the form of the context that C passes back.
private final class Question: Sendable {
    let part: (@Sendable (Data) -> Void)?
    let done: CheckedContinuation<(Int32, Data), Never>

    init(
        _ part: (@Sendable (Data) -> Void)?,
        _ done: CheckedContinuation<(Int32, Data), Never>
    ) {
        self.part = part
        self.done = done
    }
}

extension Host {
    fileprivate func ask(
        _ id: String,
        _ method: String,
        _ input: Data,
        _ call: CallToken?,
        _ part: (@Sendable (Data) -> Void)?
    ) async throws -> (Int32, Data) {
        guard let service = service(id, as: maitred_service_1.self) else {
            throw PluginFailure(.invalid, "\(id) is not permitted by the manifest")
        }
        // Kept as a number: a pointer is not sendable, and the process keeps what it points to.
        let address = UInt(bitPattern: service)
        return await withCheckedContinuation { done in
            let context = Unmanaged.passRetained(Question(part, done)).toOpaque()
            guard let service = UnsafePointer<maitred_service_1>(bitPattern: address) else {
                return
            }
            let status = input.withUnsafeBytes { bytes in
                service.pointee.ask(
                    raw,
                    service,
                    call?.pointer,
                    method,
                    maitred_slice(bytes.assumingMemoryBound(to: UInt8.self)),
                    answered,
                    context
                )
            }
            guard status != MAITRED_OK else { return }
            Unmanaged<Question>.fromOpaque(context).release()
            done.resume(returning: (status, Data()))
        }
    }
}

/// C's way back in: belongs to no actor, like all of them.
private func answered(context: UnsafeMutableRawPointer?, status: Int32, out: maitred_slice) {
    guard let context else { return }
    let question = Unmanaged<Question>.fromOpaque(context)
    if status == MAITRED_MORE {
        question.takeUnretainedValue().part?(out.data)
    } else {
        question.takeRetainedValue().done.resume(returning: (status, out.data))
    }
}
