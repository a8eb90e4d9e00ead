import JSONCoding

/// Why a request is refused: what goes out as an `err` frame or as an HTTP problem.
package struct WireFault: Error, Sendable, Hashable {
    package var error: WireError
    /// One sentence for people who write clients; says which field is wrong, never what it held.
    package var title: String
    /// The field that was refused, such as `resume[0].s`.
    package var field: String?
    /// The `id` of the request, if it could be read.
    package var re: String?
    /// The conversation of the request, if it could be read.
    package var c: String?
    /// When to try again.
    package var retryMilliseconds: Int?
    /// Set when the frame breaks the protocol itself: the connection is to be closed.
    package var close: CloseCode?

    package init(
        _ error: WireError,
        _ title: String? = nil,
        field: String? = nil,
        retryMilliseconds: Int? = nil,
        close: CloseCode? = nil
    ) {
        self.error = error
        self.title = title ?? error.title
        self.field = field
        self.retryMilliseconds = retryMilliseconds
        self.close = close
    }

    /// Refuses one field; `rule` goes on after the field's name: "must be an object".
    static func field(_ path: String, _ rule: String, _ error: WireError = .invalid) -> WireFault {
        WireFault(error, "\(path) \(rule)", field: path)
    }

    /// This fault as the answer to a request.
    package func answering(re: String?, c: String? = nil) -> WireFault {
        var fault = self
        fault.re = re
        fault.c = c
        return fault
    }

    /// The body of an HTTP response by RFC 9457, with our `code`.
    package func problem() -> [UInt8] {
        var json = JSONWriter(capacity: 160)
        json.object { json in
            json.member("type", "about:blank")
            json.member("title", title)
            json.member("status", error.status)
            json.member("code", error.code)
            json.member("temporary", error.isTemporary)
            json.memberIfPresent("field", field)
            json.memberIfPresent("retry_ms", retryMilliseconds)
        }
        return json.bytes
    }
}

extension ServerFrame {
    /// Says that a request was refused.
    package static func err(_ fault: WireFault) -> [UInt8] {
        err(
            re: fault.re,
            c: fault.c,
            Sent.Err(
                code: fault.error.code,
                status: fault.error.status,
                title: fault.title,
                temporary: fault.error.isTemporary,
                retryMilliseconds: fault.retryMilliseconds,
                field: fault.field.map { String($0.prefix(200)) }
            )
        )
    }
}
