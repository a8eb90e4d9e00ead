import Desk
import GRDB

extension Store {
    /// Reads on a connection of its own, away from the cooperative pool.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LogFailure) -> Value {
        let pool = try writer.pool
        do {
            return try await pool.read(body)
        } catch let failure as LogFailure {
            throw failure
        } catch let error as DatabaseError {
            throw error.failure
        } catch {
            throw .unavailable("\(error)")
        }
    }

    /// Writes with whatever else is pending, and returns after the commit.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LogFailure) -> Value {
        let result: Result<Value, LogFailure> = await withCheckedContinuation { continuation in
            writer.queue.submit(ChangeJob(body: body, continuation: continuation))
        }
        return try result.get()
    }
}
