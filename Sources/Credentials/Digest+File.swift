import COpenSSL
import Glibc

extension Digest {
    /// The SHA-256 of a file's content as 64 lower-case hexadecimal digits; nil when it cannot be read.
    ///
    /// Blocks for as long as reading takes.
    package static func sha256Hex(contentsOf path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 262_144)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            guard EVP_DigestUpdate(context, buffer, count) == 1 else { return nil }
        }
        var digest = [UInt8](repeating: 0, count: length)
        guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { return nil }
        return hex(digest)
    }
}
