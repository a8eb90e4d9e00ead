import Gateway
import JSONCoding
import MaitredTesting
import Model

extension Talk {
    /// One end of a WebSocket, and which of its requests have been answered.
    final class Socket {
        /// Frames that name a conversation because their receiver did, whosever it is.
        private static let echoes: Set<String> = ["err", "resync", "ack"]

        /// Whose it is, for a customer's.
        let visitor: ContactID?
        private let connection: LoopbackConnection
        private let audience: Audience
        private var asked: [String: Int] = [:]
        private var hasHungUp = false

        init(
            _ connection: LoopbackConnection,
            _ audience: Audience,
            _ visitor: ContactID? = nil
        ) {
            self.connection = connection
            self.audience = audience
            self.visitor = visitor
        }

        /// Whether the server has hung up.
        var isClosed: Bool { connection.closeCode != nil }

        func hangUp() {
            hasHungUp = true
            connection.hangUp()
        }

        // MARK: - Speaking

        /// Sends a first frame; it is welcomed or hung up on.
        func greet(_ frame: [UInt8]) async {
            connection.say(bytes: frame)
            await connection.wait { $0["t"]?.stringValue == "welcome" }
        }

        /// Sends a frame; one with an id is answered.
        func say(_ frame: [UInt8], isWaitedFor: Bool) async {
            let id = Self.id(of: frame)
            if let id { asked[id, default: id == "hello" ? 1 : 0] += 1 }
            connection.say(bytes: frame)
            if let id, isWaitedFor { await wait(for: id) }
        }

        /// Waits until everything is answered or the server has hung up: once each.
        func hearOut() async {
            await say(Array(#"{"t":"ping","id":"the end of it"}"#.utf8), isWaitedFor: true)
            for id in asked.keys { await wait(for: id) }
            for (id, count) in asked where !isClosed && !hasHungUp {
                let answers = Self.answers(to: id, in: connection.frames)
                // Whoever is hung up on is not owed the rest.
                Fuzz.hold(
                    answers == count || isClosed,
                    "\(answers) answers to \(id), asked \(count) times: \(told)"
                )
            }
        }

        private func wait(for id: String) async {
            let wanted = asked[id] ?? 0
            while !isClosed, !hasHungUp {
                let frames = connection.frames
                if Self.answers(to: id, in: frames) >= wanted { return }
                await connection.wait(from: frames.count) { _ in true }
            }
        }

        private static func answers(to id: String, in frames: [JSON]) -> Int {
            frames.count { $0["re"]?.stringValue == id }
        }

        /// The id under which a frame is answered, as the server reads it.
        private static func id(of frame: [UInt8]) -> String? {
            do throws(WireFault) {
                return try ReceivedFrame(frame).envelope.id
            } catch {
                return error.re
            }
        }

        // MARK: - Hearing

        /// The latest value of a field, or of one within it.
        func last(_ name: String, _ inner: String?) -> String? {
            for frame in connection.frames.reversed() {
                let value = inner.map { frame[name]?[$0] } ?? frame[name]
                if let text = value?.stringValue { return text }
                if let number = value?.intValue { return String(number) }
            }
            return nil
        }

        /// What a customer heard is of their own conversations.
        func check(_ conversations: Set<String>) {
            for frame in connection.frames {
                guard let c = frame["c"]?.stringValue, let t = frame["t"]?.stringValue,
                    !Self.echoes.contains(t) || frame["d"]?["s"] != nil
                else { continue }
                Fuzz.hold(conversations.contains(c), "somebody else's: \(frame.text)")
            }
        }

        /// Each frame is of the protocol's form.
        func checkFrames() {
            for bytes in connection.rawFrames {
                do throws(WireFault) {
                    _ = try ServerMessage.decode(bytes, for: audience)
                } catch {
                    let text = String(decoding: bytes, as: UTF8.self)
                    Fuzz.hold(false, "a frame of no form, \(error.title): \(text)")
                }
            }
        }

        private var told: String {
            connection.frames.suffix(8).map(\.text).joined(separator: "\n")
        }
    }
}
