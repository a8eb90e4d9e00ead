import Desk
import HTTPTypes
import JSONCoding
import Model
import Transport

extension Response {
    /// A JSON document, never cached: everything that is not a file changes.
    static func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: value.bytes()
        )
    }

    static func json(_ writer: JSONWriter) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: writer.bytes
        )
    }
}

extension Problem {
    init(_ error: WireError, _ detail: String? = nil) {
        self.init(
            HTTPResponse.Status(code: error.status),
            detail,
            code: error.code,
            title: error.title,
            members: [Member("temporary", .bool(error.isTemporary))]
        )
    }

    init(_ fault: WireFault) { self.init(fault.error, fault.title) }

    /// What an error of the layers below means to who asked; nil for one that they should not throw.
    init?(explaining error: any Error) {
        switch error {
        case let fault as WireFault: self.init(fault)
        case let failure as LogFailure: self.init(WireFault(.log(failure)))
        default: return nil
        }
    }

    /// Too many attempts, with the time after which to try again.
    static func tooMany(_ wait: Duration) -> Response {
        later(.rateLimited, seconds: Int(wait.milliseconds / 1000) + 1)
    }

    /// A refusal for now, with when to come again.
    static func later(_ error: WireError, seconds: Int) -> Response {
        var problem = Problem(error)
        problem.members.append(Member("retry_ms", .int(seconds * 1000)))
        var response = problem.response
        response.headers[.retryAfter] = String(seconds)
        return response
    }
}

extension Request {
    /// The body as a JSON object with bounded fields.
    package func fields() throws(WireFault) -> FieldReader {
        let json: JSON
        do throws(JSONFailure) {
            json = try JSON(parsing: body, depth: 16)
        } catch {
            throw WireFault(.invalid, "The body must be a JSON object: \(error)")
        }
        return try FieldReader(FieldValue(json, path: "body"))
    }

    /// A number from the query, within bounds.
    func number(_ name: String, in range: ClosedRange<Int>, or absent: Int) throws(Problem) -> Int {
        guard let text = query(name) else { return absent }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                .invalid,
                "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// The credential of an `Authorization: Bearer` header.
    var bearerToken: String? {
        guard let header = headers[.authorization], header.hasPrefix("Bearer ") else { return nil }
        return String(header.dropFirst("Bearer ".count))
    }

    /// The value of a cookie.
    package func cookie(_ name: String) -> String? {
        let pairs = headers[.cookie]?.split(separator: ";") ?? []
        for pair in pairs {
            let pair = pair.drop { $0 == " " }
            if pair.hasPrefix(name + "=") { return String(pair.dropFirst(name.count + 1)) }
        }
        return nil
    }
}
