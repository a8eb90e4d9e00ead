import Credentials
import Testing

struct PasswordHasherTests {
    @Test func `hashes and compares on its own queue`() async throws {
        let hasher = PasswordHasher(parameters: try PasswordHashTests.cheap())
        let hash = try await hasher.hash("correct horse")
        #expect(try await hasher.verify("correct horse", against: hash))
        #expect(try await !hasher.verify("wrong", against: hash))
        try await hasher.verifyAgainstNothing("anything")
    }

    @Test func `an unknown user costs what a known one costs`() async throws {
        let hasher = PasswordHasher()
        let hash = try await hasher.hash("correct horse")
        let clock = ContinuousClock()
        let known = try await clock.measure { _ = try await hasher.verify("x", against: hash) }
        let unknown = try await clock.measure { try await hasher.verifyAgainstNothing("x") }
        // Both are tens of milliseconds; forgetting the work would make it a thousandth.
        #expect(unknown > known / 10)
        await #expect(throws: PasswordFault.length(limit: 1024)) {
            try await hasher.verifyAgainstNothing("")
        }
    }

    @Test func `refuses beyond its limit and serves again afterwards`() async throws {
        let parameters = try #require(Scrypt.Parameters(log2N: 14, r: 8, p: 1))
        let hasher = PasswordHasher(parameters: parameters, limit: 2)
        let outcomes = await withTaskGroup { group in
            for _ in 0..<64 {
                group.addTask { () async -> PasswordFault? in
                    do throws(PasswordFault) {
                        _ = try await hasher.hash("word")
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let refused = outcomes.compactMap(\.self)
        #expect(refused.allSatisfy { $0 == .busy(waiting: 2) })
        #expect(!refused.isEmpty)
        #expect(refused.count <= 62)
        _ = try await hasher.hash("word")
        _ = try await hasher.hash("word")
    }

    @Test func `does no work for a caller who has gone`() async throws {
        let hasher = PasswordHasher(parameters: try PasswordHashTests.cheap(), limit: 1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await hasher.hash("word")
        }
        await #expect(throws: PasswordFault.cancelled) { try await task.value }
        _ = try await hasher.hash("word")
    }
}
