import Credentials
import Desk
import Foundation
import HTTPTypes
import JSONCoding
import Model
import Store
import Transport

/// Files that go with messages: uploading them, links to them, and their content.
///
/// A link is good for ten minutes and for whoever has it, so that an image can be shown and a file
/// saved without the browser sending a credential. Who may have a link is asked before.
struct FileEndpoints {
    private static let linkLife: Duration = .seconds(600)
    private static let linksAtOnce = 50
    /// What browsers may show in place of saving it: none of these can hold a script.
    private static let shown: Set<String> = ["image/png", "image/jpeg", "image/gif", "image/webp"]

    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        let open = CrossOrigin(reference: reference)
        for path in ["/v1/uploads", "/v1/files/links"] { open.preflight(path, in: &router) }
        open.on(.post, "/v1/uploads", takesBodyInPieces: true, in: &router) {
            try await upload($0)
        }
        open.on(.get, "/v1/uploads", in: &router) { _ in try limits() }
        open.on(.post, "/v1/files/links", in: &router) { try await links($0) }
        open.on(.get, "/v1/files/:id", in: &router) { try await content($0) }
    }

    /// Who asks: a customer by their widget's token, or an agent by the console's cookie.
    private func asker(_ request: Request, _ gateway: Gateway) async throws -> Uploader {
        if let token = request.bearerToken {
            return .customer(try gateway.openWidgetToken(token).contact)
        }
        return .agent(try await SignedIn(request, gateway).checkForChange().agent.id)
    }

    private func limits() throws -> Response {
        guard let options = try reference.get().options.uploads else {
            throw Problem(.notFound, "This server takes no files")
        }
        return .json(options.description)
    }

    private func upload(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let uploader = try await asker(request, gateway)
        guard let options = gateway.options.uploads else {
            throw Problem(.forbidden, "This server takes no files")
        }
        return try await UploadIntake(
            gateway: gateway,
            options: options,
            uploader: uploader,
            request: request
        ).receive()
    }

    // MARK: - Links

    private func links(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let asker = try await asker(request, gateway)
        let names = try request.fields().required("ids").list(1...Self.linksAtOnce) {
            value throws(WireFault) in try value.string(.id)
        }
        let expires = gateway.clock.now + Self.linkLife
        let seconds = expires.milliseconds / 1000
        var links: JSON.Object = [:]
        for file in try await gateway.store.sentFiles(names.compactMap { FileID($0) }) {
            if case .customer(let contact) = asker, contact != file.contact { continue }
            let id = file.attachment.id.description
            let signature = gateway.sealer.signature(ofLinkTo: id, until: seconds)
            links[id] = .string("/v1/files/\(id)?e=\(seconds)&k=\(signature)")
        }
        return .json([
            "links": .object(links),
            "expires_at": .string(Timestamp(milliseconds: seconds * 1000).description),
        ])
    }

    // MARK: - Content

    private func content(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let name = request.parameters["id"] ?? ""
        guard let expires = request.query("e").flatMap({ Int64($0) }),
            let signature = request.query("k"),
            gateway.sealer.opens(
                linkTo: name,
                until: expires,
                signature,
                now: gateway.clock.now.milliseconds / 1000
            )
        else { throw Problem(.forbidden, "This link is not valid any more; get a new one") }
        guard let id = FileID(name),
            let file = try await gateway.store.sentFiles([id]).first?.attachment,
            let content = await gateway.store.files.open(id)
        else { throw Problem(.notFound) }
        return Self.response(file, content, isShown: request.query("inline") == "1")
    }

    private static func response(
        _ file: Attachment,
        _ content: OutgoingFile,
        isShown: Bool
    ) -> Response {
        let isInline = isShown && shown.contains(file.type)
        var response = Response(
            status: .ok,
            headers: [
                .contentType: file.type, .cacheControl: "private, no-store",
                .contentDisposition: disposition(isInline ? "inline" : "attachment", file.name),
            ],
            source: BodySource(length: file.size) { try await content.next() }
        )
        SecurityHeaders(policy: .sandboxed, frameOptions: "DENY").apply(to: &response)
        return response
    }

    /// RFC 6266: the name for old programs in ASCII, and the name.
    private static func disposition(_ kind: String, _ name: String) -> String {
        let plain = String(
            name.map { $0.isASCII && $0 != "\"" && $0 != "\\" && $0 != "%" ? $0 : "_" }
        )
        let allowed = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        )
        let encoded = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? "file"
        return "\(kind); filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }
}
