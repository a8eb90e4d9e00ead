import CBench

/// A key and a certificate signed with it, in files of a folder, for measuring TLS.
struct Certificate {
    let certificate: String
    let key: String

    init(in folder: TemporaryFolder) throws {
        certificate = folder.file("certificate.pem")
        key = folder.file("key.pem")
        guard bench_make_certificate(certificate, key) else {
            throw BenchError.cannotStart("TLS", reason: "no certificate could be made")
        }
    }
}
