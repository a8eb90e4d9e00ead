import Desk
import GRDB

extension Store {
    /// Reads on a connection of its own, away from the cooperative pool.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LogFailure) -> Value {
        do {
            return try await writer.read(body)
        } catch {
            throw writer.complaints.failure(reading: error)
        }
    }

    /// Looks up what takes some microseconds, together with what others look up.
    func lookUp<Value: Sendable>(
        _ body: @escaping @Sendable (LookUps.Snapshot) throws -> Value
    ) async throws(LogFailure) -> Value {
        let result = await withCheckedContinuation { continuation in
            lookUp(body) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Looks something up and tells it on the thread of the look-ups, which must not be held.
    func lookUp<Value: Sendable>(
        _ body: @escaping @Sendable (LookUps.Snapshot) throws -> Value,
        then done: @escaping @Sendable (Result<Value, LogFailure>) -> Void
    ) {
        lookUps.submit { [complaints = writer.complaints] snapshot in
            do {
                done(.success(try body(snapshot.get())))
            } catch {
                done(.failure(complaints.failure(reading: error)))
            }
        }
    }

    /// Returns when everything that was to be looked up or written before has been; writes nothing.
    package func turn() async {
        _ = try? await lookUp { _ in }
        _ = try? await write { _ in }
    }

    /// Writes with whatever else is pending, and returns after the commit.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LogFailure) -> Value {
        let result: Result<Value, LogFailure> = await withCheckedContinuation { continuation in
            writer.submit(ChangeJob(body: body, continuation: continuation))
        }
        return try result.get()
    }
}
