package import HTTPTypes

/// Leads requests to handlers by method and path.
///
///     var router = Router()
///     router.on(.get, "/v1/conversations/:id") { request in … request.parameters["id"] … }
///     router.on(.get, "/console/*") { request in … }
///
/// A literal segment wins over a `:name`, that over a trailing `*`. HEAD is answered by GET.
/// An unknown path is a 404, a known one with another method a 405 with `Allow`; a thrown
/// ``Problem`` is its response, another error what it is explained as, else a 500.
package struct Router: Sendable {
    package typealias Handler = @Sendable (Request) async throws -> Response

    private struct Endpoint {
        let handler: Handler
        /// The names of the `:` segments in order; `*` last for a wildcard.
        let names: [String]
        let takesBodyInPieces: Bool
    }

    /// One segment's place in the trie.
    private struct Node {
        var literals: [String: Node] = [:]
        /// None or one: an array, because a struct cannot hold itself.
        var named: [Node] = []
        var endpoints: [HTTPRequest.Method: Endpoint] = [:]
        var wildcards: [HTTPRequest.Method: Endpoint] = [:]
    }

    /// What a path leads to, for a method.
    private enum Match {
        case found(Endpoint, values: [String])
        /// The path exists with these methods.
        case otherMethods(Set<HTTPRequest.Method>)
    }

    private var root = Node()
    private let explain: @Sendable (any Error, Request) -> Problem?

    /// - Parameter explain: What an error that is no ``Problem`` means to who asked; nil for a 500.
    package init(
        explain: @escaping @Sendable (any Error, Request) -> Problem? = { _, _ in nil }
    ) {
        self.explain = explain
    }

    /// Adds a handler for a method and a path of literal and `:name` segments; a last segment
    /// `*` takes the rest of the path, also an empty one.
    ///
    /// - Parameters:
    ///   - method: HEAD is GET's.
    ///   - path: Begins with a slash.
    ///   - takesBodyInPieces: The handler reads the body itself, from the request's stream, and
    ///     judges how long it may be.
    ///   - handler: Answers.
    package mutating func on(
        _ method: HTTPRequest.Method,
        _ path: String,
        takesBodyInPieces: Bool = false,
        _ handler: @escaping Handler
    ) {
        precondition(path.first == "/", "a route starts with a slash")
        let segments = Self.segments(of: path)
        Self.insert(
            segments[...],
            into: &root,
            method: method,
            Endpoint(
                handler: handler,
                names: segments.filter { $0.first == ":" || $0 == "*" }.map {
                    $0 == "*" ? "*" : String($0.dropFirst())
                },
                takesBodyInPieces: takesBodyInPieces
            )
        )
    }

    /// Answers a request with its handler, or says why there is none.
    package func respond(to request: Request) async -> Response {
        let segments = Self.segments(of: request.path)
        let method: HTTPRequest.Method = request.method == .head ? .get : request.method
        switch match(segments, method) {
        case .found(let endpoint, let values):
            var request = request
            for (name, value) in zip(endpoint.names, values) { request.parameters[name] = value }
            return await run(endpoint.handler, request)
        case .otherMethods(let methods) where methods.isEmpty:
            return Problem(.notFound, code: "not_found").response
        case .otherMethods(let methods):
            var response = Problem(.methodNotAllowed, code: "invalid").response
            var names = methods.map(\.rawValue)
            if methods.contains(.get) { names.append("HEAD") }
            response.headers[.allow] = names.sorted().joined(separator: ", ")
            return response
        }
    }

    /// Whether the handler of a method and path reads the body itself.
    package func takesBodyInPieces(_ method: HTTPRequest.Method, _ path: String) -> Bool {
        guard case .found(let endpoint, _) = match(Self.segments(of: path), method) else {
            return false
        }
        return endpoint.takesBodyInPieces
    }

    private func run(_ handler: Handler, _ request: Request) async -> Response {
        do {
            return try await handler(request)
        } catch let problem as Problem {
            return problem.response
        } catch {
            let problem = explain(error, request) ?? Problem(.internalServerError, code: "internal")
            return problem.response
        }
    }

    private func match(_ segments: [Substring], _ method: HTTPRequest.Method) -> Match {
        var methods: Set<HTTPRequest.Method> = []
        var values: [String] = []
        if let endpoint = Self.find(segments[...], in: root, method, &values, &methods) {
            return .found(endpoint, values: values)
        }
        return .otherMethods(methods)
    }

    /// Walks the trie, most literal first, and comes back when a branch ends without the method.
    private static func find(
        _ segments: ArraySlice<Substring>,
        in node: Node,
        _ method: HTTPRequest.Method,
        _ values: inout [String],
        _ methods: inout Set<HTTPRequest.Method>
    ) -> Endpoint? {
        let depth = values.count
        if let segment = segments.first {
            let rest = segments.dropFirst()
            if let next = node.literals[String(segment)],
                let endpoint = find(rest, in: next, method, &values, &methods)
            {
                return endpoint
            }
            if let next = node.named.first, !segment.isEmpty {
                values.append(String(segment))
                if let endpoint = find(rest, in: next, method, &values, &methods) {
                    return endpoint
                }
                values.removeSubrange(depth...)
            }
        } else {
            if let endpoint = node.endpoints[method] { return endpoint }
            methods.formUnion(node.endpoints.keys)
        }
        guard let endpoint = node.wildcards[method] else {
            methods.formUnion(node.wildcards.keys)
            return nil
        }
        values.append(segments.joined(separator: "/"))
        return endpoint
    }

    private static func insert(
        _ segments: ArraySlice<Substring>,
        into node: inout Node,
        method: HTTPRequest.Method,
        _ endpoint: Endpoint
    ) {
        guard let segment = segments.first else {
            precondition(node.endpoints[method] == nil, "a route is added once")
            node.endpoints[method] = endpoint
            return
        }
        let rest = segments.dropFirst()
        if segment == "*" {
            precondition(rest.isEmpty, "a wildcard is a route's last segment")
            precondition(node.wildcards[method] == nil, "a route is added once")
            node.wildcards[method] = endpoint
        } else if segment.first == ":" {
            if node.named.isEmpty { node.named.append(Node()) }
            insert(rest, into: &node.named[0], method: method, endpoint)
        } else {
            insert(
                rest,
                into: &node.literals[String(segment), default: Node()],
                method: method,
                endpoint
            )
        }
    }

    private static func segments(of path: String) -> [Substring] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }
}
