import Desk
import HTTPTypes
import JSONCoding
import Logging
import Model
import Store
import Transport

/// Takes one upload: looks at it while it arrives, writes it to the disk, and notes it.
struct UploadIntake {
    /// After so many bytes a kind that is not taken is refused without waiting for the rest.
    private static let glance = 4096

    let gateway: Gateway
    let options: UploadOptions
    let uploader: Uploader
    let request: Request

    func receive() async throws -> Response {
        let length = request.stream?.length ?? request.body.count
        guard length > 0 else { throw Problem(.unprocessable, "The file is empty") }
        guard length <= options.limit else { throw tooLarge }
        guard let name = FileName.clean(request.query("name") ?? "") else {
            throw Problem(.unprocessable, "The name is too long")
        }
        guard !FileKind.isProgram(named: name) else {
            throw unsupported(
                "application/x-executable",
                "Files of this ending may run on their receiver's machine; pack it into a ZIP archive"
            )
        }
        do throws(UploadRefusal) {
            try await enter(length)
        } catch {
            switch error {
            case .wait(let time): return Problem.tooMany(time)
            case .full: throw Self.full
            }
        }
        defer { gateway.uploads.leave(uploader, bytes: length) }
        let id = UploadID.make(at: gateway.clock.now)
        return describe(id, try await take(FileID(of: id), name, length))
    }

    private func enter(_ length: Int) async throws(UploadRefusal) {
        let store = gateway.store
        var kept: (files: Int, bytes: Int)?
        if case .customer = uploader {
            let hour = gateway.clock.now + .seconds(-3600)
            kept = try? await store.uploaded(by: uploader, since: hour)
        }
        try gateway.uploads.enter(
            uploader,
            bytes: length,
            kept: kept,
            stored: store.files.bytes,
            free: await store.files.freeBytes(),
            options
        )
    }

    private func take(_ id: FileID, _ name: String, _ length: Int) async throws -> Attachment {
        do {
            let file = try await gateway.store.files.begin(id)
            do {
                let attachment = try await fill(file, name, length)
                let hash = try await file.keep()
                try await gateway.store.keepFile(
                    StoredFile(
                        attachment: attachment,
                        uploader: uploader,
                        sha256: hash,
                        createdAt: gateway.clock.now
                    )
                )
                return attachment
            } catch {
                await file.discard()
                throw error
            }
        } catch let failure as FileFailure {
            if case .failed(let reason) = failure {
                gateway.logger.error(
                    "An upload could not be kept",
                    metadata: ["reason": "\(reason)"]
                )
            }
            throw Self.full
        } catch BodyFault.tooSlow {
            throw Problem(
                .requestTimeout,
                "The file came too slowly",
                code: WireError.rateLimited.code,
                members: [.init("temporary", .bool(true))]
            )
        } catch BodyFault.cut {
            throw Problem(.badRequest, "The file was cut short", code: WireError.invalid.code)
        }
    }

    private func fill(
        _ file: IncomingFile,
        _ name: String,
        _ length: Int
    ) async throws -> Attachment {
        let declared = request.headers[.contentType]
        var kind = FileKind()
        var size = 0
        var isChecked = false
        while let piece = try await next(after: size) {
            kind.add(piece)
            size += piece.count
            if !isChecked, kind.head.count >= Self.glance {
                isChecked = true
                try check(kind.type(named: name, declared: declared))
            }
            try await file.append(piece)
        }
        guard size == length else { throw BodyFault.cut }
        let type = kind.type(named: name, declared: declared)
        try check(type)
        return Attachment(
            id: file.id,
            name: name,
            type: type,
            size: size,
            dimensions: ImageSize(kind.head, type: type)
        )
    }

    /// The next bytes of the body, which is whole already in tests without a socket.
    private func next(after size: Int) async throws(BodyFault) -> [UInt8]? {
        if let stream = request.stream { return try await stream.next() }
        return size == 0 ? request.body : nil
    }

    // MARK: - Answers

    private func check(_ type: String) throws(Problem) {
        guard !options.types.contains(type) else { return }
        throw unsupported(type, "Files of this kind are not taken")
    }

    private func unsupported(_ type: String, _ detail: String) -> Problem {
        var problem = Problem(.unsupportedMedia, detail)
        problem.members.append(.init("media_type", .string(type)))
        return problem
    }

    private var tooLarge: Problem {
        var problem = Problem(.tooLarge, "A file may have \(options.limit) bytes")
        problem.members.append(.init("limit", .int(options.limit)))
        return problem
    }

    private static var full: Problem {
        var problem = Problem(.overloaded, "There is no room for files at present")
        problem.status = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        return problem
    }

    private func describe(_ id: UploadID, _ attachment: Attachment) -> Response {
        var json: JSON.Object = [
            "upload_id": .string(id.description), "name": .string(attachment.name),
            "type": .string(attachment.type), "size": .int(Int64(attachment.size)),
        ]
        if let dimensions = attachment.dimensions {
            json["width"] = .int(Int64(dimensions.width))
            json["height"] = .int(Int64(dimensions.height))
        }
        return .json(.object(json), status: .created)
    }
}
