import Dispatch
import GRDB

/// The connections to the file, lent to whoever reads.
///
/// They are closed when everybody has given them back, and no sooner. GRDB waits only for those whose
/// turn has come: a reader that has asked and waits behind the closing goes on without a connection,
/// and its rollback ends the process.
final class Connections: Sendable {
    private let pool: DatabasePool
    private let loans = DispatchGroup()

    init(_ pool: DatabasePool) { self.pool = pool }

    /// For the thread that writes, and closes.
    func write(_ body: (Database) throws -> Void) throws {
        try pool.writeWithoutTransaction(body)
    }

    /// Lends them to a reader, who gives them back; on any thread, but not once ``close()`` is called.
    func lend() -> DatabasePool {
        loans.enter()
        return pool
    }

    func giveBack() { loans.leave() }

    /// Waits for those who read, then closes.
    func close() throws {
        loans.wait()
        try pool.close()
    }
}
