import Gateway
import JSONCoding
import Testing

struct WireDecodingTests {
    @Test(arguments: [
        "", "hello", "[1]", "7", "{", #"{"t":7}"#, #"{"id":"1"}"#, "{\"t\":\"ping\"}x",
    ])
    func `closes on what is not a frame at all`(text: String) {
        let fault = #expect(throws: WireFault.self) {
            try CustomerMessage.decode(Array(text.utf8))
        }
        #expect(fault?.close == .badFrame)
        #expect(fault?.error == .invalid)
    }

    @Test func `closes on bytes that are not UTF-8`() {
        let bytes: [UInt8] = Array(#"{"t":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        #expect(throws: WireFault.self) { try AgentMessage.decode(bytes) }
    }

    @Test func `answers an unknown type with its id`() {
        let fault = #expect(throws: WireFault.self) {
            try CustomerMessage.decode(Array(#"{"t":"reply","id":"c17","c":"cnv_1"}"#.utf8))
        }
        #expect(fault?.error == .unknownType)
        #expect(fault?.re == "c17")
        #expect(fault?.c == "cnv_1")
        #expect(fault?.close == nil)
    }

    @Test func `answers without an id when it cannot be read`() {
        let long = String(repeating: "x", count: 65)
        for id in [#""\#(long)""#, "7", #""""#, "{}"] {
            let fault = #expect(throws: WireFault.self) {
                try CustomerMessage.decode(Array(#"{"t":"ping","id":\#(id)}"#.utf8))
            }
            #expect(fault?.field == "id")
            #expect(fault?.re == nil)
        }
    }

    @Test func `ignores fields it does not know and takes null for absent`() throws {
        let text = #"""
            {"t":"msg.send","id":null,"v":9,"c":null,"d":{"cid":"12345678","text":"hi","choice":null,"x":{}}}
            """#
        let (envelope, message) = try CustomerMessage.decode(Array(text.utf8))
        #expect(envelope == Envelope(t: "msg.send", id: nil, c: nil))
        #expect(message == .msgSend(c: nil, Received.MsgSend(cid: "12345678", text: "hi")))
    }

    @Test func `counts characters, not bytes`() throws {
        let bound = String(repeating: "漢", count: 8000)
        let message = CustomerMessage.msgSend(
            c: "cnv_1",
            Received.MsgSend(cid: "12345678", text: bound)
        )
        #expect(try CustomerMessage.decode(message.frame(id: "1")).message == message)
        let beyond = CustomerMessage.msgSend(
            c: "cnv_1",
            Received.MsgSend(cid: "12345678", text: bound + "!")
        )
        let fault = #expect(throws: WireFault.self) {
            try CustomerMessage.decode(beyond.frame(id: "1"))
        }
        #expect(fault?.error == .tooLarge)
        #expect(fault?.re == "1")
    }

    @Test(arguments: [
        ("2024-02-29T00:00:00Z", true), ("2023-02-29T00:00:00Z", false),
        ("1900-02-29T00:00:00Z", false), ("2026-11-21T24:00:00Z", false),
        ("2026-11-21T09:30:00.5Z", false), ("2026-11-21T09:30:00+01:00", false),
        ("2026-11-21 09:30:00Z", false), ("2026-13-01T00:00:00Z", false), ("", false),
        ("2026-11-21T09:30:00.125Z", true), ("２026-11-21T09:30:00Z", false),
    ])
    func `takes times that exist`(text: String, isTime: Bool) {
        let taken = try? Received.Snooze(json: ["until": .string(text)])
        #expect((taken != nil) == isTime)
    }

    @Test(arguments: [
        ("ada@example.com", true), ("a@b.c", true), ("ada@example", false), ("@example.com", false),
        ("ada@@example.com", false), ("ada@.com", false), ("ada @example.com", false),
        ("Ada <ada@example.com>", false), ("ada@example.com\n", false), ("é@exämple.de", true),
    ])
    func `takes addresses that mail could reach`(text: String, isAddress: Bool) {
        let taken = try? Received.Address(json: ["email": .string(text)])
        #expect((taken != nil) == isAddress)
    }

    @Test func `writes a fault as a frame and as a problem`() throws {
        let fault = WireFault(.rateLimited, retryMilliseconds: 1200).answering(re: "c17")
        #expect(
            try JSON(parsing: ServerFrame.err(fault)) == [
                "t": "err", "re": "c17",
                "d": [
                    "code": "rate_limited", "status": 429, "title": "Slow down", "temporary": true,
                    "retry_ms": 1200,
                ],
            ]
        )
        #expect(
            try JSON(parsing: fault.problem()) == [
                "type": "about:blank", "title": "Slow down", "status": 429, "code": "rate_limited",
                "temporary": true, "retry_ms": 1200,
            ]
        )
    }

    @Test func `survives examples with a byte changed`() {
        var state: UInt64 = 1
        func random(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for example in WireExample.valid {
            for _ in 0..<20 {
                var bytes = example.frame.bytes()
                bytes[random(below: bytes.count)] = UInt8(random(below: 256))
                _ = try? CustomerMessage.decode(bytes)
                _ = try? AgentMessage.decode(bytes)
                _ = try? ServerMessage.decode(bytes, for: .agent)
            }
        }
    }

    @Test func `names each error and close code once`() {
        #expect(WireError.allCases.count == 18)
        #expect(WireError.staleView.status == 409)
        #expect(WireError.overloaded.isTemporary)
        #expect(CloseCode.slowConsumer.rawValue == 4408)
        #expect(CloseCode.replaced.advice == .stop)
        #expect(CloseCode.unauthenticated.name == "unauthenticated")
    }
}
