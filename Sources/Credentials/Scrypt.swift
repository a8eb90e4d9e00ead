import COpenSSL

/// The memory-hard key derivation of RFC 7914.
package enum Scrypt {
    /// What one derivation costs.
    package struct Parameters: Hashable, Sendable {
        /// The binary logarithm of N, the number of blocks.
        package let log2N: Int
        /// The block size, in 128 bytes.
        package let r: Int
        /// How often the whole is done.
        package let p: Int

        /// What new passwords get: 32 MiB and 65 to 110 ms of one core.
        package static let current = Parameters(trusted: 15, r: 8, p: 1)

        /// Returns nil when one derivation would take more than 256 MiB or about half a second.
        package init?(log2N: Int, r: Int, p: Int) {
            guard (1...20).contains(log2N), (1...32).contains(r), (1...16).contains(p) else {
                return nil
            }
            let blocks = r << log2N
            guard blocks * 128 <= 256 << 20, blocks * p <= 1 << 21 else { return nil }
            // RFC 7914: N "must be larger than 1, a power of 2, and less than 2^(128 * r / 8)".
            guard log2N < 16 * r else { return nil }
            self.init(trusted: log2N, r: r, p: p)
        }

        private init(trusted log2N: Int, r: Int, p: Int) {
            self.log2N = log2N
            self.r = r
            self.p = p
        }
    }

    /// Derives a key.
    ///
    /// Blocks its thread for the whole cost: see ``PasswordHasher``.
    ///
    /// - Throws: `outOfMemory` when the memory could not be had.
    package static func derive(
        _ password: [UInt8],
        salt: [UInt8],
        parameters: Parameters,
        length: Int
    ) throws(PasswordFault) -> [UInt8] {
        precondition((1...1024).contains(length), "a derived key is short")
        // OpenSSL takes signed characters.
        let password = password.map { CChar(bitPattern: $0) }
        var key = [UInt8](repeating: 0, count: length)
        // The limit must exceed 128 * N * r by what the other buffers need.
        let memory = UInt64(128 * parameters.r) * (UInt64(1) << parameters.log2N + 64)
        let done = Credentials.cleaningErrors {
            EVP_PBE_scrypt(
                password,
                password.count,
                salt,
                salt.count,
                UInt64(1) << parameters.log2N,
                UInt64(parameters.r),
                UInt64(parameters.p),
                memory + 1 << 20,
                &key,
                length
            )
        }
        guard done == 1 else { throw .outOfMemory(bytes: Int(memory)) }
        return key
    }
}
