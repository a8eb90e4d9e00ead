import Credentials
import JSONCoding

extension Fuzz {
    private static let secret = Array("a-throw-away-secret-of-32-bytes!".utf8)
    private static let sealer = TokenSealer(secret)
    /// The key of session tokens, made as ``TokenSealer`` makes it: it lets claims be reached that
    /// no stranger's bytes reach.
    private static let sessionKey = Digest.hmacSHA256(
        key: secret,
        "maitred session tokens v1"
    )
    private static let secrets = SealedSecrets(secret)
    private static let keys: [IdentityKey] = {
        guard let key = try? IdentityKey(algorithm: .hs256, material: .secret(secret)) else {
            fatalError("a secret of 32 bytes is a key")
        }
        return [key]
    }()

    /// The first letter chooses what the rest is.
    @Sendable
    static func checkCredentials(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        let text = String(decoding: rest, as: UTF8.self)
        switch Character(Unicode.Scalar(first)) {
        case "j": verify(text)
        case "h": verify("\(Base64.url.encode(rest)).e30.AAAA")
        case "p": verifySigned(rest)
        case "t": _ = try? sealer.open(text, for: .widget, now: 0)
        case "c": openSigned(rest)
        case "s": _ = try? secrets.open(text, context: "fuzz")
        case "k": readKey(rest)
        case "m": readPEM(text)
        case "w": _ = try? PasswordHash(parsing: text)
        case "y": _ = (SigningKey(text: text), VerifyingKey(text: text))
        default: break
        }
    }

    private static func verify(_ jwt: String) {
        _ = try? IdentityVerifier.verify(jwt: jwt, keys: keys, audience: "site", now: 0)
    }

    /// Claims under a genuine signature.
    private static func verifySigned(_ payload: [UInt8]) {
        let signed = "eyJhbGciOiJIUzI1NiJ9.\(Base64.url.encode(payload))"
        verify("\(signed).\(Base64.url.encode(Digest.hmacSHA256(key: secret, signed)))")
    }

    private static func openSigned(_ payload: [UInt8]) {
        let signed = "v1.\(Base64.url.encode(payload))"
        let code = Base64.url.encode(Digest.hmacSHA256(key: sessionKey, signed))
        _ = try? sealer.open("\(signed).\(code)", for: .widget, now: 0)
    }

    /// A key that was taken is taken again as it is stored, and verifies without harm.
    private static func readKey(_ bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let key = try? IdentityKey(document: json)
        else { return }
        hold((try? IdentityKey(document: key.document)) == key, "a key that changes when stored")
        let header = Base64.url.encode(#"{"alg":"\#(key.algorithm.rawValue)"}"#.utf8)
        _ = try? IdentityVerifier.verify(
            jwt: "\(header).e30.\(Base64.url.encode([UInt8](repeating: 1, count: 64)))",
            keys: [key],
            audience: "site",
            now: 0
        )
    }

    private static func readPEM(_ text: String) {
        for algorithm in IdentityKey.Algorithm.allCases {
            _ = try? IdentityKey(algorithm: algorithm, material: .pem(text))
        }
    }
}
