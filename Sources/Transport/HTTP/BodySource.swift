/// A response's body that is made while the client takes it: a file, piece by piece.
///
///     Response(status: .ok, source: BodySource(length: size) { try await file.next() })
package struct BodySource: Sendable {
    /// All bytes together; they are announced to the client.
    package let length: Int
    /// The next bytes, at least one, asked for when the last ones are with the socket.
    ///
    /// A throw, or nothing before `length` bytes, closes the connection: the client sees that
    /// something is missing.
    let next: @Sendable () async throws -> [UInt8]

    package init(length: Int, next: @escaping @Sendable () async throws -> [UInt8]) {
        self.length = length
        self.next = next
    }

    /// Everything from here on; for tests and whoever needs it whole.
    package func collect() async throws -> [UInt8] {
        var all: [UInt8] = []
        while all.count < length {
            let piece = try await next()
            if piece.isEmpty { break }
            all += piece
        }
        return all
    }
}
