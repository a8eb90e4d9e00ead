internal import HTTPTypes

/// Writes the status line and headers of a response.
enum ResponseHead {
    /// Makes the text of a head, up to and with the empty line.
    ///
    /// - Parameters:
    ///   - response: Its `Content-Length` and `Connection` are replaced.
    ///   - date: The value of the `Date` header.
    ///   - closes: The connection ends with this response.
    /// - Returns: ASCII, unless the application put something else into a value.
    static func bytes(of response: Response, date: [UInt8], closes: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        bytes += "HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)\r\ndate: ".utf8
        bytes += date
        bytes += "\r\n".utf8
        for field in response.headers
        where field.name != .contentLength && field.name != .connection {
            bytes += field.name.canonicalName.utf8
            bytes += ": ".utf8
            bytes += field.value.utf8
            bytes += "\r\n".utf8
        }
        if hasLength(response.status) { bytes += "content-length: \(response.length)\r\n".utf8 }
        if closes { bytes += "connection: close\r\n".utf8 }
        bytes += "\r\n".utf8
        return bytes
    }

    /// False for the statuses that never have a body.
    static func hasLength(_ status: HTTPResponse.Status) -> Bool {
        status.code >= 200 && status.code != 204 && status.code != 304
    }
}
