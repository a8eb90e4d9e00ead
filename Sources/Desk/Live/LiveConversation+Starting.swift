import Model

// How a conversation begins: with the pages that led to it, and mostly with a message.
extension LiveConversation {
    func start(
        site: SiteID,
        contact: ContactID,
        _ pages: [PageContext],
        _ post: Command.Post?,
        _ done: @escaping Completion
    ) async {
        let now = desk.clock.now
        let fresh = Conversation(id: id, site: site, contact: contact, at: now)
        await meet(fresh)
        var events = fresh.start(clientID: post?.clientID, at: now)
        var draft = fresh
        for event in events { draft.apply(event) }
        var commands = pages.map(Command.see)
        if let post {
            do throws(DeskFailure) {
                commands.insert(try await first(post, of: contact), at: 0)
            } catch {
                done(.failure(error))
                return leave()
            }
        }
        for command in commands {
            guard case .events(let more)? = try? draft.decide(command, at: now) else { continue }
            for event in more { draft.apply(event) }
            events += more
        }
        held = Held(fresh)
        commit(events) { live, result in
            switch result {
            case .success(let numbered):
                // Looked up now: one that connected during the commit found no conversation to follow.
                live.customers = live.desk.audience.devices(of: contact)
                done(.success(live.outcome(of: numbered)))
                live.publish(numbered)
                live.afterCommit(numbered)
            case .failure(let failure):
                done(.failure(.log(failure)))
                live.leave()
            }
        }
    }

    /// A first message with its files, as the filters let it through.
    private func first(
        _ post: Command.Post,
        of contact: ContactID
    ) async throws(DeskFailure) -> Command {
        var post = post
        do throws(LogFailure) {
            post.uploads = try await found(post.uploads, by: .customer(contact))
        } catch {
            throw .log(error)
        }
        do throws(Refusal) {
            _ = try post.uploads.found()
            return try await filtered(post)
        } catch {
            throw .refused(error)
        }
    }

    /// A first message as the filters let it through.
    private func filtered(_ post: Command.Post) async throws(Refusal) -> Command {
        let message = MessageToFilter(.inbound, id, from: "customer", post.text)
        guard desk.integrations.filters(.inbound) else { return .post(post) }
        switch await desk.integrations.filter(message) {
        case .keep: return .post(post)
        case .replace(let text): return Command.post(post).saying(text)
        case .reject(let reason): throw .rejected(reason)
        }
    }
}
