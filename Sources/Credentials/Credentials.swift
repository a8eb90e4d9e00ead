import COpenSSL

/// Everything cryptographic that the server does: the only target with OpenSSL and JOSE.
///
/// **Threads and ownership.** No C handle outlives the call that made it and none is shared, so every
/// function here may be called from any thread; OpenSSL 3 and cjose ask only that one object stays
/// on one thread at a time. What is kept between calls are Swift values.
///
/// **Errors** carry facts and never a secret, a token or a password.
///
/// ## Topics
/// - ``SecureRandom``
/// - ``Digest``
/// - ``PasswordHash``
/// - ``PasswordHasher``
/// - ``TokenSealer``
/// - ``SealedSecrets``
/// - ``SigningKey``
/// - ``IdentityKey``
/// - ``IdentityVerifier``
package enum Credentials {
    /// The smallest secret that anything here accepts as a key, in bytes.
    package static let smallestSecret = 32

    /// Runs C calls and leaves OpenSSL's error queue of this thread empty.
    ///
    /// The queue is per thread: an entry left behind by a refused key would make a TLS connection
    /// served by the same thread look broken. "The current thread's error queue must be empty
    /// before the TLS/SSL I/O operation is attempted, or SSL_get_error() will not work reliably."
    /// https://docs.openssl.org/3.0/man3/SSL_get_error/
    static func cleaningErrors<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { ERR_clear_error() }
        return try body()
    }
}
