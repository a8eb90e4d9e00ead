import Foundation
import HTTPTypes
import Testing
import Transport

/// Routes and files, without a socket.
struct RouterTests {
    private static func router() -> Router {
        var router = Router()
        for path in ["/a/b", "/a/:x", "/a/:x/c", "/a/b/d", "/files/*", "/:p/b/:q"] {
            router.on(.get, path) { request in
                let values = request.parameters.sorted { $0.key < $1.key }
                let text = values.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
                return Response(contentType: "text/plain", body: Array("\(path) \(text)".utf8))
            }
        }
        router.on(.post, "/a/:y") { _ in throw Problem(.gone, code: "gone") }
        router.on(.put, "/a/:y") { _ in throw CancellationError() }
        return router
    }

    private static func answer(
        _ path: String,
        _ method: HTTPRequest.Method = .get
    ) async -> Response {
        await router().respond(to: Request(method: method, path: path))
    }

    @Test(arguments: [
        ("/a/b", "/a/b "), ("/a/z", "/a/:x x=z"), ("/a/b/c", "/a/:x/c x=b"),
        ("/a/b/d", "/a/b/d "), ("/files/x/y.js", "/files/* *=x/y.js"), ("/files/", "/files/* *="),
        ("/files", "/files/* *="), ("/z/b/q", "/:p/b/:q p=z,q=q"),
    ])
    func `prefers the more literal route`(_ path: String, _ expected: String) async {
        #expect(await String(decoding: Self.answer(path).body, as: UTF8.self) == expected)
    }

    @Test func `knows unknown paths, methods and errors`() async {
        #expect(await Self.answer("/nothing").status == .notFound)
        #expect(await Self.answer("/a/").status == .notFound)
        let wrong = await Self.answer("/a/b", .delete)
        #expect(wrong.status == .methodNotAllowed)
        #expect(wrong.headers[.allow] == "GET, HEAD, POST, PUT")
        #expect(await Self.answer("/a/b", .head).status == .ok)
        #expect(await Self.answer("/a/b", .post).status == .gone)
        #expect(await Self.answer("/a/b", .put).status == .internalServerError)
    }

    @Test func `asks what an error means, with the request that met it`() async {
        struct Fault: Error {}
        var router = Router { error, request in
            guard error is Fault else { return nil }
            return Problem(.conflict, request.path, code: "conflict")
        }
        router.on(.get, "/known/:x") { _ in throw Fault() }
        router.on(.get, "/unknown") { _ in throw CancellationError() }
        let known = await router.respond(to: Request(method: .get, path: "/known/7"))
        #expect(known.status == .conflict)
        #expect(String(decoding: known.body, as: UTF8.self).contains("/known/7"))
        let unknown = await router.respond(to: Request(method: .get, path: "/unknown"))
        #expect(unknown.status == .internalServerError)
    }

    @Test func `serves files by name with their hash`() throws {
        let folder = URL.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "sub"),
            withIntermediateDirectories: true
        )
        try Data("<p>{{name}}</p>".utf8).write(to: folder.appending(path: "index.html"))
        try Data("let a = 1".utf8).write(to: folder.appending(path: "sub/app.js"))
        try Data("secret".utf8).write(to: folder.appending(path: ".env"))
        let files = try StaticFiles(folder: folder.path) { name, content in
            guard name.hasSuffix(".html") else { return content }
            let text = String(decoding: content, as: UTF8.self)
            return Array(text.replacingOccurrences(of: "{{name}}", with: "x").utf8)
        }
        #expect(files.names == ["index.html", "sub/app.js"])
        let get = Request(method: .get, path: "/")
        let page = try #require(files.response(for: "", to: get))
        #expect(page.body == Array("<p>x</p>".utf8))
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.headers[.cacheControl] == "no-cache")
        for name in [".env", "../index.html", "sub/../index.html", "sub", "sub/"] {
            #expect(files.response(for: name, to: get) == nil)
        }

        let tag = try #require(page.headers[.eTag])
        let known = Request(
            method: .get,
            path: "/",
            headers: [.ifNoneMatch: "\"other\", W/\(tag)"]
        )
        let unchanged = try #require(files.response(for: "index.html", to: known))
        #expect(unchanged.status == .notModified)
        #expect(unchanged.body.isEmpty)

        let hash = try #require(files.hash(of: "sub/app.js"))
        let byHash = Request(
            method: .get,
            path: "/",
            query: [QueryItem(name: "h", value: hash)]
        )
        let script = try #require(files.response(for: "sub/app.js", to: byHash))
        #expect(script.headers[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(throws: TransportError.unreadable("/nowhere")) {
            try StaticFiles(folder: "/nowhere")
        }
    }
}
