import Dispatch
import Synchronization

/// Hashes and compares passwords, one at a time, on a queue of its own.
///
/// The cooperative pool has as many threads as cores, and two passwords would stop it for their
/// whole cost. One at a time also bounds the memory to 32 MiB, and `limit` bounds the wait.
package actor PasswordHasher {
    /// How many passwords may wait or be worked on at once.
    package nonisolated let limit: Int
    private let parameters: Scrypt.Parameters
    private let executor = QueueExecutor(label: "maitred.passwords")
    private nonisolated let waiting = Atomic<Int>(0)

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// A limit of 32 lets the last in the queue wait for about two seconds.
    package init(parameters: Scrypt.Parameters = .current, limit: Int = 32) {
        precondition(limit > 0, "a hasher that accepts nothing hashes nothing")
        self.parameters = parameters
        self.limit = limit
    }

    /// Hashes a new password.
    package nonisolated func hash(_ password: String) async throws(PasswordFault) -> PasswordHash {
        try enter()
        defer { leave() }
        return try await work { hasher throws(PasswordFault) in
            try PasswordHash(hashing: password, parameters: hasher.parameters)
        }
    }

    /// Compares a password with a stored hash.
    package nonisolated func verify(
        _ password: String,
        against hash: PasswordHash
    ) async throws(PasswordFault) -> Bool {
        try enter()
        defer { leave() }
        return try await work { _ throws(PasswordFault) in try hash.verify(password) }
    }

    /// Takes the time of a comparison for a user who does not exist, so that time does not tell.
    ///
    /// It throws what ``verify(_:against:)`` would throw.
    package nonisolated func verifyAgainstNothing(_ password: String) async throws(PasswordFault) {
        _ = try await hash(password)
    }

    private func work<Result: Sendable>(
        _ body: @Sendable (isolated PasswordHasher) throws(PasswordFault) -> Result
    ) throws(PasswordFault) -> Result {
        // Whoever has gone away meanwhile must not delay the others.
        guard !Task.isCancelled else { throw .cancelled }
        return try body(self)
    }

    private nonisolated func enter() throws(PasswordFault) {
        let now = waiting.add(1, ordering: .relaxed).newValue
        guard now <= limit else {
            leave()
            throw .busy(waiting: limit)
        }
    }

    private nonisolated func leave() { waiting.subtract(1, ordering: .relaxed) }
}
