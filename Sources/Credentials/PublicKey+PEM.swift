import COpenSSL

extension PublicKey {
    /// The longest PEM text that is read, in bytes; an RSA key of 8192 bits has 1,500.
    private static let longestPEM = 8 << 10

    /// Reads a `BEGIN PUBLIC KEY` text.
    ///
    /// - Throws: `unreadablePEM`, `privateKey` when the wrong half was given, or what
    ///   ``check()`` finds.
    init(pem: String) throws(IdentityKeyFault) {
        guard pem.utf8.count <= Self.longestPEM else { throw .unreadablePEM }
        guard !pem.contains("PRIVATE KEY-----") else { throw .privateKey }
        let key = Credentials.cleaningErrors { Self.read(pem) }
        guard let key else { throw .unreadablePEM }
        self = key
        try check()
    }

    /// The handles live for this call and on its thread; the numbers are copied out of them.
    private static func read(_ pem: String) -> PublicKey? {
        let bytes = Array(pem.utf8)
        return bytes.withUnsafeBytes { text in
            // A memory BIO reads the bytes in place: both end inside this closure.
            let source = BIO_new_mem_buf(text.baseAddress, Int32(text.count))
            defer { BIO_free(source) }
            // Without a callback an encrypted text would ask the terminal for a password.
            let key = PEM_read_bio_PUBKEY(source, nil, { _, _, _, _ in -1 }, nil)
            guard let key else { return nil }
            defer { EVP_PKEY_free(key) }
            switch EVP_PKEY_get_base_id(key) {
            case EVP_PKEY_RSA:
                guard let modulus = number(OSSL_PKEY_PARAM_RSA_N, of: key),
                    let exponent = number(OSSL_PKEY_PARAM_RSA_E, of: key)
                else { return nil }
                return .rsa(modulus: modulus, exponent: exponent)
            case EVP_PKEY_EC:
                guard group(of: key) == "prime256v1",
                    let x = number(OSSL_PKEY_PARAM_EC_PUB_X, of: key, length: coordinateLength),
                    let y = number(OSSL_PKEY_PARAM_EC_PUB_Y, of: key, length: coordinateLength)
                else { return nil }
                return .p256(x: x, y: y)
            default: return nil
            }
        }
    }

    /// A big number of a key, padded to a length or else without leading zeros.
    private static func number(
        _ name: String,
        of key: OpaquePointer,
        length: Int? = nil
    ) -> [UInt8]? {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1 else { return nil }
        defer { BN_free(number) }
        let size = length ?? Int(BN_num_bits(number) + 7) / 8
        var bytes = [UInt8](repeating: 0, count: size)
        guard BN_bn2binpad(number, &bytes, Int32(size)) == Int32(size) else { return nil }
        return bytes
    }

    private static func group(of key: OpaquePointer) -> String? {
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
        return String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
