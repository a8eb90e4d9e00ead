import Gateway
import HTTPTypes
import JSONCoding
import MaitredTesting
import Transport

extension Fuzz {
    /// A request to the routes of a whole server, as somebody.
    ///
    /// Lines: who asks and the method, the path, the query, and the rest is the body. `$c` and the like
    /// stand for what is in the server, see ``Belongings``.
    @Sendable
    static func askRoutes(_ bytes: UnsafeRawBufferPointer) {
        let lines = bytes.split(
            separator: UInt8(ascii: "\n"),
            maxSplits: 3,
            omittingEmptySubsequences: false
        )
        guard lines.count == 4, let who = lines[0].first else { return }
        let words = lines.prefix(3).map { String(decoding: $0, as: UTF8.self) }
        guard let method = HTTPRequest.Method(String(words[0].dropFirst())) else { return }
        let body = String(validating: lines[3], as: UTF8.self)
        let raw = Array(lines[3])
        finish {
            let office = await Office.next()
            let things = await Belongings.of(office)
            // Whoever has asked too often may ask again.
            office.server.clock.advance(by: .seconds(1))
            let request = Request(
                method: method,
                path: things.filled(words[1]),
                query: queryItems(things.filled(words[2])),
                headers: things.headers(of: who),
                body: body.map { Array(things.filled($0).utf8) } ?? raw
            )
            let response = await office.server.respond(to: request)
            check(response, to: request)
            hold(
                things.mayBeShown(to: who) || !things.areShown(by: response),
                "Ada's words for \(Character(Unicode.Scalar(who))) at \(request.path)"
            )
            // A session has ended with it: not where a browser asked before it asks.
            if response.status == .noContent, method != .options { Office.leave() }
        }
    }

    /// What any request may be answered: what Documentation/protocol.md lists, and never a 500.
    private static let statuses = Set(WireError.allCases.map(\.status))
        .subtracting([WireError.internal.status])
        .union([200, 201, 202, 204, 206, 302, 304, 405])

    private static func check(_ response: Response, to request: Request) {
        let code = response.status.code
        let body = String(decoding: response.body, as: UTF8.self)
        hold(
            statuses.contains(code),
            "\(code) for \(request.method) \(request.path) \(request.query): \(body)"
        )
        guard code >= 400 else { return }
        let problem = try? JSON(parsing: response.body)
        hold(
            problem?["status"]?.intValue == code && problem?["code"]?.stringValue != nil,
            "\(code) for \(request.path) without a problem: \(body)"
        )
    }

    /// The names and values of a query, as they are after decoding.
    static func queryItems(_ query: String) -> [QueryItem] {
        query.split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1)
            return QueryItem(
                name: pair.first.map(String.init) ?? "",
                value: pair.count > 1 ? String(pair[1]) : ""
            )
        }
    }
}
