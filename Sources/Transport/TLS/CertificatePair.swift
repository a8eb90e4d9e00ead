internal import CLibWebSockets

extension TLSFiles {
    /// Loads the pair as OpenSSL would and throws what is wrong with it.
    ///
    /// libwebsockets reports success for a pair that cannot serve, and then fails every handshake.
    package func check() throws(TransportError) {
        switch maitred_check_pair(certificate, key) {
        case MAITRED_PAIR_OK: return
        case MAITRED_PAIR_BAD_CERTIFICATE: throw .certificate(certificate)
        case MAITRED_PAIR_BAD_KEY: throw .privateKey(key)
        case MAITRED_PAIR_MISMATCH: throw .mismatchedPair(certificate: certificate, key: key)
        default: throw .loop("SSL_CTX_new")
        }
    }
}
