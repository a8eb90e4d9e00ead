import Desk
import Foundation
import Model
import Store
import Testing

struct FullDiskTests {
    @Test func `fails senders while the file may not grow, and goes on afterwards`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            var conversation = try await workspace.start()
            try await store.limitSize(to: 400_000)
            var failure: LogFailure?
            let text = String(repeating: "long ", count: 700)
            for _ in 0..<200 where failure == nil {
                do {
                    try await conversation.say(text)
                } catch {
                    failure = error as? LogFailure
                }
            }
            #expect(failure == .unavailable("The disk is full."))
            #expect(store.health == .failing("The disk is full."))
            #expect(try await store.history(of: conversation.id) == conversation.events)

            try await store.limitSize(to: nil)
            try await conversation.say(text)
            #expect(store.health == .ok)
            #expect(try await store.history(of: conversation.id) == conversation.events)
        }
    }
}
