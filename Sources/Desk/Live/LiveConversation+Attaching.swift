import Model

// Messages with files: what was uploaded is looked up before the message is decided.
extension LiveConversation {
    /// Carries a command out, once the files that go with it are known.
    ///
    /// Letters wait meanwhile, so messages keep their order.
    func attachAndCarryOut(
        _ command: Command,
        by contact: ContactID?,
        _ done: @escaping Completion
    ) {
        guard let uploads = command.uploads, !uploads.ids.isEmpty,
            let uploader = command.uploader(in: held?.state.contact)
        else { return filterAndCarryOut(command, by: contact, done) }
        detour { live in
            do throws(LogFailure) {
                let found = try await live.found(uploads, by: uploader)
                live.filterAndCarryOut(command.sending(found), by: contact, done)
            } catch {
                done(.failure(.log(error)))
            }
        }
    }

    /// Uploads with what is known of them; the state decides about those of which nothing is.
    func found(
        _ uploads: Command.Uploads,
        by uploader: Uploader
    ) async throws(LogFailure) -> Command.Uploads {
        guard !uploads.ids.isEmpty else { return uploads }
        var uploads = uploads
        uploads.files = try await desk.attachments.files(of: uploads.ids, by: uploader)
        return uploads
    }
}

extension Command {
    fileprivate var uploads: Uploads? {
        switch self {
        case .post(let post): post.uploads
        case .reply(let reply): reply.uploads
        default: nil
        }
    }

    /// Whose uploads they must be.
    fileprivate func uploader(in contact: ContactID?) -> Uploader? {
        switch self {
        case .post: contact.map { .customer($0) }
        case .reply(let reply): .agent(reply.by.id)
        default: nil
        }
    }

    fileprivate func sending(_ uploads: Uploads) -> Command {
        switch self {
        case .post(var post):
            post.uploads = uploads
            return .post(post)
        case .reply(var reply):
            reply.uploads = uploads
            return .reply(reply)
        default: return self
        }
    }
}
