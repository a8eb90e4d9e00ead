import HTTPTypes
import Transport

/// Endpoints whose answers, refusals included, the pages of our sites can read.
struct CrossOrigin {
    let reference: GatewayReference

    /// Adds a handler.
    func on(
        _ method: HTTPRequest.Method,
        _ path: String,
        takesBodyInPieces: Bool = false,
        in router: inout Router,
        _ handler: @escaping Router.Handler
    ) {
        router.on(method, path, takesBodyInPieces: takesBodyInPieces) { request in
            do {
                return try allow(request, await handler(request))
            } catch let problem as Problem {
                return try allow(request, problem.response)
            } catch {
                guard let problem = Problem(explaining: error) else { throw error }
                return try allow(request, problem.response)
            }
        }
    }

    /// Answers browsers that ask before they ask.
    func preflight(_ path: String, in router: inout Router) {
        router.on(.options, path) { request in
            var response = Response(status: .noContent)
            response.headers[.accessControlAllowMethods] = "GET, POST, OPTIONS"
            response.headers[.accessControlAllowHeaders] = "Authorization, Content-Type"
            response.headers[.accessControlMaxAge] = "600"
            return try allow(request, response)
        }
    }

    private func allow(_ request: Request, _ response: Response) throws(Problem) -> Response {
        var response = response
        response.headers[.vary] = "Origin"
        if let origin = request.headers[.origin], try reference.get().origins.isKnown(origin) {
            response.headers[.accessControlAllowOrigin] = origin
        }
        return response
    }
}
