import HTTPTypes
import Testing
import Transport

/// The parts that need no socket.
struct ValueTests {
    @Test func `drops droppable frames before it overflows`() {
        var queue = OutboundQueue()
        func append(_ droppable: Bool) -> OutboundQueue.Outcome {
            queue.append([1, 2], droppable: droppable, frames: 3, bytes: 100)
        }
        #expect(append(false) == .queued)
        #expect(append(true) == .queued)
        #expect(append(false) == .queued)
        #expect(append(true) == .dropped(1))
        #expect(append(false) == .dropped(1))
        #expect(append(false) == .overflow)
        queue.removeFirst()
        #expect(append(false) == .queued)
    }

    @Test func `counts bytes, but not those of a replay`() {
        var queue = OutboundQueue()
        queue.append(uncounted: [[UInt8]](repeating: [1, 2, 3], count: 500))
        #expect(queue.append([1, 2, 3], droppable: false, frames: 10, bytes: 5) == .queued)
        #expect(queue.append([1, 2, 3], droppable: false, frames: 10, bytes: 5) == .overflow)
        for _ in 0..<501 { queue.removeFirst() }
        #expect(queue.isEmpty)
        #expect(queue.append([1, 2, 3], droppable: false, frames: 10, bytes: 5) == .queued)
    }

    @Test func `assembles pieces and sees too much coming`() {
        var assembler = MessageAssembler()
        func add(_ piece: [UInt8], _ remaining: Int, _ isFinal: Bool) -> MessageAssembler.Outcome {
            piece.withUnsafeBytes {
                assembler.add($0, remaining: remaining, isFinal: isFinal, limit: 6)
            }
        }
        #expect(add([1, 2], 1, false) == .incomplete)
        #expect(add([3], 0, false) == .incomplete)
        #expect(add([4], 0, true) == .message([1, 2, 3, 4]))
        #expect(add([], 0, true) == .message([]))
        #expect(add([1, 2], 5, true) == .tooBig)
        #expect(add([1], 0, true) == .message([1]))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.200.3.4", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false),
        ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::2", false),
        ("::/0", "8.8.8.8", true),
    ])
    func `tells which addresses a range contains`(
        _ range: String,
        _ address: String,
        _ isInside: Bool
    ) throws {
        let address = try #require(NetworkAddress(address))
        #expect(try AddressRange(range).contains(address) == isInside)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a/8", "1.2.3.4/8/8"])
    func `refuses a malformed range`(_ text: String) {
        #expect(throws: TransportError.addressRange(text)) { try AddressRange(text) }
    }

    @Test(arguments: [
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff::9", true),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", false),
        ("192.0.2.7", "192.0.2.8", false), ("192.0.2.7", "::ffff:192.0.2.7", true),
        ("::1", "::2", false), ("64:ff9b::192.0.2.7", "64:ff9b::192.0.2.8", false),
    ])
    func `counts the addresses of one line as one`(
        _ one: String,
        _ other: String,
        _ isOne: Bool
    ) throws {
        let (one, other) = (try #require(NetworkAddress(one)), try #require(NetworkAddress(other)))
        #expect((one.line == other.line) == isOne)
    }

    @Test(arguments: ["127.0.0.1", "::1", "2001:db8::7", "203.0.113.255"])
    func `prints the address it parsed`(_ text: String) throws {
        #expect(try #require(NetworkAddress(text)).description == text)
        let isIPv4 = !text.contains(":")
        let withPort = isIPv4 ? "\(text):8080" : "[\(text)]:8080"
        #expect(NetworkAddress(withPort) == NetworkAddress(text))
    }

    @Test func `writes a problem with its members`() {
        let problem = Problem(
            .conflict,
            "line\n\"quoted\"",
            code: "conflict",
            members: [.init("retry_ms", .int(5)), .init("temporary", .bool(true))]
        )
        let expected = """
            {"type":"about:blank","title":"Conflict","status":409,\
            "detail":"line\\u000a\\"quoted\\"","code":"conflict","retry_ms":5,"temporary":true}
            """
        #expect(String(decoding: problem.response.body, as: UTF8.self) == expected)
    }

    @Test func `composes a policy for a page`() {
        let policy = ContentSecurityPolicy.ours
            .allowing(.frameAncestors, "https://shop.example")
            .allowing(.connect, "wss://chat.example", "x; script-src *")
        #expect(
            policy.text == """
                default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' \
                wss://chat.example; img-src 'self' data: https:; font-src 'self'; base-uri 'self'; \
                form-action 'self'; frame-ancestors https://shop.example
                """
        )
        #expect(ContentSecurityPolicy.sandboxed.text == "default-src 'none'; sandbox")
        var response = Response(status: .ok)
        SecurityHeaders(policy: policy, frameOptions: "DENY").apply(to: &response)
        #expect(response.headers[.contentSecurityPolicy] == policy.text)
    }
}
