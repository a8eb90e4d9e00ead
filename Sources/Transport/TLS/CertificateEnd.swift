internal import CLibWebSockets

/// Until when certificates are good, in seconds since 1970.
package enum CertificateEnd {
    /// That of the first certificate in a PEM file; nil when there is none.
    package static func ofFile(_ path: String) -> Int64? {
        let end = maitred_file_certificate_end(path)
        return end < 0 ? nil : end
    }

    /// That of the certificate which a server shows whoever connects, believed or not.
    ///
    /// Blocks for some seconds at most. `address`: `HOST:PORT`. Nil when nothing there speaks TLS.
    package static func served(at address: String) -> Int64? {
        let end = maitred_served_certificate_end(address)
        return end < 0 ? nil : end
    }
}
