import Desk
import Foundation
import Model
import Store
import Testing

/// Uploaded files: the folder, what is known of them, and what goes.
struct FileTests {
    private static let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))

    /// Uploads something as the gateway does.
    private static func upload(
        _ workspace: TestWorkspace,
        by uploader: Uploader,
        _ text: String = "content",
        at time: Timestamp = now
    ) async throws -> UploadID {
        let id = UploadID.make(at: time)
        let file = try await workspace.store.files.begin(FileID(of: id))
        for byte in text.utf8 { try await file.append([byte]) }
        let hash = try await file.keep()
        try await workspace.store.keepFile(
            StoredFile(
                attachment: Attachment(
                    id: FileID(of: id),
                    name: "a.txt",
                    type: "text/plain",
                    size: text.utf8.count
                ),
                uploader: uploader,
                sha256: hash,
                createdAt: time
            )
        )
        return id
    }

    private static func names(_ workspace: TestWorkspace) -> Set<String> {
        let path = workspace.folder.appending(path: "files").path
        return Set((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
    }

    private static func message(
        _ conversation: TestConversation,
        _ uploads: UploadID...,
        by author: Author? = nil
    ) -> Event {
        var message = Message(
            id: .make(at: now),
            author: author ?? .customer(conversation.value.contact, name: nil),
            text: "",
            at: now
        )
        message.files = uploads.map {
            Attachment(id: FileID(of: $0), name: "a.txt", type: "text/plain", size: 7)
        }
        return .message(message)
    }

    // MARK: - The folder

    @Test func `keeps a file whole, for its owner alone, with its hash`() async throws {
        try await TestWorkspace.with { workspace in
            let id = FileID.make(at: Self.now)
            let file = try await workspace.store.files.begin(id)
            try await file.append(Array("ab".utf8))
            #expect(Self.names(workspace) == ["\(id).part"])
            try await file.append(Array("c".utf8))
            #expect(
                try await file.keep()
                    == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            )
            #expect(Self.names(workspace) == ["\(id)"])
            let path = workspace.folder.appending(path: "files/\(id)").path
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o600)
            let read = await workspace.store.files.open(id)
            #expect(try await read?.next() == Array("abc".utf8))
            #expect(try await read?.next() == [])
            #expect(await workspace.store.files.open(.make(at: Self.now)) == nil)
        }
    }

    @Test func `leaves nothing of a file that is given up`() async throws {
        try await TestWorkspace.with { workspace in
            var file: IncomingFile? = try await workspace.store.files.begin(.make(at: Self.now))
            try await file?.append([1])
            await file?.discard()
            #expect(Self.names(workspace).isEmpty)
            file = try await workspace.store.files.begin(.make(at: Self.now))
            try await file?.append([1])
            // Whoever wrote it was cancelled and is gone.
            file = nil
            #expect(Self.names(workspace).isEmpty)
            file = try await workspace.store.files.begin(.make(at: Self.now))
            _ = try await file?.keep()
            await file?.discard()
            #expect(Self.names(workspace).isEmpty)
        }
    }

    // MARK: - Sending

    @Test func `gives an upload to the message that names it, once`() async throws {
        try await TestWorkspace.with { workspace in
            var talk = try await workspace.start()
            let me = Uploader.customer(talk.value.contact)
            let id = try await Self.upload(workspace, by: me)
            #expect(try await workspace.store.files(of: [id, id], by: me).map(\.size) == [7])
            #expect(try await workspace.store.sentFiles([FileID(of: id)]).isEmpty)
            try await talk.append([Self.message(talk, id)])
            let sent = try await workspace.store.sentFiles([FileID(of: id)])
            #expect(sent.map(\.contact) == [talk.value.contact])
            #expect(try await workspace.store.files(of: [id], by: me).isEmpty)
            let head = talk.value.head
            await #expect(throws: LogFailure.uploadMissing) {
                try await talk.append([Self.message(talk, id)])
            }
            #expect(try await workspace.store.history(of: talk.id).count == head)
        }
    }

    @Test func `refuses what is somebody else's before anything is written`() async throws {
        try await TestWorkspace.with { workspace in
            var talk = try await workspace.start()
            let stranger = Uploader.customer(.make(at: Self.now))
            let theirs = try await Self.upload(workspace, by: stranger)
            let mine = try await Self.upload(workspace, by: .customer(talk.value.contact))
            let agent = AgentID.make(at: Self.now)
            for event in [
                Self.message(talk, mine, theirs),
                Self.message(talk, mine, by: .agent(agent, name: "Ana")),
                Self.message(talk, mine, .make(at: Self.now)),
            ] {
                await #expect(throws: LogFailure.uploadMissing) { try await talk.append([event]) }
            }
            #expect(try await workspace.store.history(of: talk.id).count == talk.value.head)
            try await talk.append([Self.message(talk, mine)])
        }
    }

    @Test func `starts no conversation with an upload that is missing`() async throws {
        try await TestWorkspace.with { workspace in
            let contact = ContactID.make(at: Self.now)
            let id = ConversationID.make(at: Self.now)
            var value = Conversation(id: id, site: workspace.site, contact: contact, at: Self.now)
            var events = value.start(clientID: "c", at: Self.now)
            for event in events { value.apply(event) }
            let talk = TestConversation(
                store: workspace.store,
                value: value,
                events: [],
                position: 0
            )
            events.append(Self.message(talk, .make(at: Self.now)))
            await #expect(throws: LogFailure.uploadMissing) {
                try await workspace.store.append(
                    AppendRequest(
                        conversation: id,
                        after: 0,
                        publicHead: 0,
                        events: events,
                        row: nil,
                        obligations: nil
                    )
                )
            }
            let history = try await workspace.store.history(of: id)
            let started = try await workspace.store.conversation(startedBy: contact, clientID: "c")
            #expect(history.isEmpty && started == nil)
        }
    }

    @Test func `moves uploads with their owner, and counts them`() async throws {
        try await TestWorkspace.with { workspace in
            let (from, to) = (ContactID.make(at: Self.now), ContactID.make(at: Self.now))
            let id = try await Self.upload(workspace, by: .customer(from))
            let before = Self.now + .seconds(-10)
            let counted = try await workspace.store.uploaded(by: .customer(from), since: before)
            #expect(counted.files == 1 && counted.bytes == 7)
            _ = try await workspace.store.claim(from: from, to: to)
            #expect(try await workspace.store.files(of: [id], by: .customer(from)).isEmpty)
            #expect(try await workspace.store.files(of: [id], by: .customer(to)).count == 1)
            let later = try await workspace.store.uploaded(by: .customer(to), since: Self.now)
            #expect(later.files == 0 && later.bytes == 0)
            #expect(workspace.store.files.bytes == 7)
        }
    }

    // MARK: - Sweeping

    @Test func `removes what is not sent within an hour, and never what a message names`()
        async throws
    {
        try await TestWorkspace.with { workspace in
            var talk = try await workspace.start()
            let me = Uploader.customer(talk.value.contact)
            let sent = try await Self.upload(workspace, by: me)
            let unsent = try await Self.upload(workspace, by: me)
            let young = try await Self.upload(workspace, by: me, at: Self.now + .seconds(4000))
            try await talk.append([Self.message(talk, sent)])
            let store = workspace.store
            await store.sweepFiles(at: Self.now + .seconds(3599))
            #expect(Self.names(workspace).count == 3)
            await store.sweepFiles(at: Self.now + .seconds(5000))
            #expect(Self.names(workspace) == ["\(FileID(of: sent))", "\(FileID(of: young))"])
            #expect(store.files.bytes == 14)
            #expect(try await store.files(of: [unsent], by: me).isEmpty)
            await #expect(throws: LogFailure.uploadMissing) {
                try await talk.append([Self.message(talk, unsent)])
            }
            await store.sweepFiles(at: Self.now + .seconds(400_000_000))
            #expect(Self.names(workspace) == ["\(FileID(of: sent))"])
        }
    }

    @Test func `removes what a crash left between a file and its row`() async throws {
        try await TestWorkspace.with { workspace in
            let files = workspace.store.files
            let named = FileID.make(at: Self.now)
            _ = try await files.begin(named).keep()
            let cut = workspace.folder.appending(path: "files/fil_cut.part")
            try Data([1]).write(to: cut)
            // A file that has just been named may be about to get its row.
            await workspace.store.sweepFiles(at: Self.now)
            #expect(Self.names(workspace) == ["\(named)", "fil_cut.part"])
            await workspace.store.sweepFiles(at: Self.now, isStart: true)
            #expect(Self.names(workspace) == ["\(named)"])
            await workspace.store.sweepFiles(at: Self.now + .seconds(3700))
            #expect(Self.names(workspace).isEmpty)
        }
    }

    @Test func `knows its files again after a restart`() async throws {
        try await TestWorkspace.with { workspace in
            let me = Uploader.customer(.make(at: Self.now))
            let id = try await Self.upload(workspace, by: me)
            await workspace.store.close()
            let store = try Store.open(folder: workspace.folder)
            #expect(store.files.bytes == 7)
            #expect(try await store.files(of: [id], by: me).map(\.name) == ["a.txt"])
            #expect(try await store.files.open(FileID(of: id))?.next() == Array("content".utf8))
            await store.close()
        }
    }
}
