import CLibWebSockets
import Foundation
import Testing
import Transport

/// Starting, stopping and certificates.
struct ServerTests {
    @Test func `starts and stops twenty times with connections open`() async throws {
        for _ in 0..<20 {
            let application = TestApplication()
            try await withServer(application, configure: { $0.stopGrace = .milliseconds(5) }) {
                _,
                port in
                try await onThread {
                    let socket = try RawClient(port: port)
                    try socket.open()
                    try socket.sendText("hi")
                    #expect(try socket.text() == "hi")
                    let idle = try RawClient(port: port)
                    #expect(try idle.get("/hello").status == 200)
                }
            }
            await application.events.wait(for: "closed")
        }
    }

    @Test func `says goodbye when it stops`() async throws {
        let server = Server(
            options: TransportOptions(),
            application: TestApplication(),
            logger: .quiet
        )
        let port = try await server.start()
        async let client: Int? = onThread {
            let socket = try RawClient(port: port)
            try socket.open()
            return try socket.closeCode()
        }
        while server.counters.webSockets == 0 { await Task.yield() }
        await server.stop()
        #expect(try await client == 1001)
        await #expect(throws: TransportError.self) { try await server.start() }
    }

    @Test func `refuses a port in use and hosts it cannot resolve`() async throws {
        try await withServer { _, port in
            var options = TransportOptions(port: port)
            let second = Server(options: options, application: TestApplication(), logger: .quiet)
            await #expect(throws: TransportError.self) { try await second.start() }
            options.host = "no such host"
            let third = Server(options: options, application: TestApplication(), logger: .quiet)
            await #expect(throws: TransportError.unknownHost("no such host")) {
                try await third.start()
            }
        }
    }

    @Test func `serves TLS, resumes on every loop and reloads certificates`() async throws {
        let folder = try Certificates()
        try folder.make("one")
        try await withServer(configure: { $0.tls = folder.files }) { server, port in
            try await onThread { try Self.speak(port, expecting: "/CN=one") }
            try folder.make("two")
            try await server.reloadCertificates()
            try await onThread { try Self.speak(port, expecting: "/CN=two") }
            try Data("no certificate".utf8).write(to: URL(filePath: folder.files.certificate))
            await #expect(throws: TransportError.certificate(folder.files.certificate)) {
                try await server.reloadCertificates()
            }
            try await onThread { try Self.speak(port, expecting: "/CN=two") }
        }
    }

    private static func speak(_ port: Int, expecting subject: String) throws {
        let first = try RawClient(port: port)
        try first.startTLS()
        #expect(first.certificateSubject == subject)
        #expect(try first.get("/who").body == "127.0.0.1 https")
        try first.open()
        let long = String(repeating: "tls ", count: 10_000)
        try first.sendText(long)
        #expect(try first.text() == long)
        let session = first.session
        defer { SSL_SESSION_free(session) }
        // The first connection is open still: these land on both loops.
        let others = try (0..<3).map { _ in
            let client = try RawClient(port: port)
            try client.startTLS(resuming: session)
            return client
        }
        #expect(others.allSatisfy { $0.isResumed })
    }

    @Test func `names what is wrong with a pair`() throws {
        let folder = try Certificates()
        try folder.make("one")
        let other = try Certificates()
        try other.make("two")
        let files = folder.files
        try files.check()
        let mixed = TLSFiles(certificate: files.certificate, key: other.files.key)
        #expect(
            throws: TransportError.mismatchedPair(certificate: mixed.certificate, key: mixed.key)
        ) {
            try mixed.check()
        }
        #expect(throws: TransportError.privateKey("/nowhere")) {
            try TLSFiles(certificate: files.certificate, key: "/nowhere").check()
        }
    }
}

/// Self-signed certificates in a folder that goes with the value.
final class Certificates: Sendable {
    private let folder: URL
    let files: TLSFiles

    init() throws {
        folder = URL.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        files = TLSFiles(
            certificate: folder.appending(path: "cert.pem").path,
            key: folder.appending(path: "key.pem").path
        )
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func make(_ name: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=\(name)", "-keyout", files.key, "-out", files.certificate,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
