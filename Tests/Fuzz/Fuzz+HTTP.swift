import Gateway
import HTTPTypes
import Transport

extension Fuzz {
    private static let router: Router = {
        var router = Router()
        let answer: Router.Handler = { request in
            let fields = try request.fields()
            _ = try? fields.optional("email")?.string(TextBounds(1...320))
            _ = try? fields.required("password").string(TextBounds(1...1024))
            _ = try? fields.optional("limit")?.int(1...100)
            return Response(status: .ok)
        }
        router.on(.get, "/v1/conversations/:id", answer)
        router.on(.post, "/v1/conversations/:id/events", answer)
        router.on(.post, "/v1/login", answer)
        router.on(.get, "/v1/files/:id/:name", takesBodyInPieces: true, answer)
        router.on(.get, "/console/*", answer)
        return router
    }()

    /// A request as lines: method, path, query, cookies, and the rest as its body.
    ///
    /// libwebsockets has taken it apart before the router sees it, so the lines come ready.
    @Sendable
    static func answerRequest(_ bytes: UnsafeRawBufferPointer) {
        let lines = bytes.split(
            separator: UInt8(ascii: "\n"),
            maxSplits: 4,
            omittingEmptySubsequences: false
        )
        guard lines.count == 5 else { return }
        let words = lines.prefix(4).map { String(decoding: $0, as: UTF8.self) }
        guard let method = HTTPRequest.Method(words[0]) else { return }
        let request = Request(
            method: method,
            path: words[1],
            query: queryItems(words[2]),
            headers: [.cookie: words[3]],
            body: Array(lines[4])
        )
        _ = request.cookie("maitred_session")
        _ = request.query("cursor")
        _ = router.takesBodyInPieces(method, request.path)
        finish {
            let response = await router.respond(to: request)
            hold((200..<600).contains(response.status.code), "no status: \(response.status)")
        }
    }
}
