import CBench

/// Reference A or B, running in a process of its own.
final class ReferenceServer: MaitredSubject {
    let kind: Reference.Kind
    let process: ChildProcess
    let port: Int
    let isSecure: Bool
    private let folder: TemporaryFolder

    /// Starts one; only A serves TLS, and with another receive buffer than the usual one.
    init(_ kind: Reference.Kind, isSecure: Bool = false, buffer: Int? = nil) throws {
        self.kind = kind
        self.isSecure = isSecure
        folder = try TemporaryFolder()
        port = Int(bench_free_port())
        var arguments = [
            BenchOptions.ownPath(), "reference", kind.rawValue, "--port", "\(port)",
            "--database", folder.file("reference.sqlite"),
        ]
        if let buffer { arguments += ["--buffer", "\(buffer)"] }
        if isSecure {
            let files = try Certificate(in: folder)
            arguments += ["--certificate", files.certificate, "--key", files.key]
        }
        process = try ChildProcess(arguments, errorPath: folder.file("errors"))
        try process.waitUntilListening()
    }

    deinit { process.stop() }

    func startConversations(_ count: Int, on load: LoadClient) throws -> [OpenConversation] {
        let hello = #"{"t":"hello","id":"h","d":{"token":"reference"}}"#
        switch kind {
        case .a:
            try load.open(bench_role_echo, count: count)
        case .b:
            try load.open(
                bench_role_customer,
                count: count,
                hellos: Array(repeating: hello, count: count)
            )
            try load.open(
                bench_role_agent,
                count: 1,
                hellos: [#"{"t":"hello","id":"h","d":{"ticket":"reference","feed":0}}"#]
            )
        }
        return (0..<count).map { customer in
            // As long as maitred's ids.
            let digits = String(customer)
            let padding = String(repeating: "0", count: 26 - digits.count)
            let conversation = "cnv_\(padding)\(digits)"
            load.prepare(customer, conversation: conversation, text: Message.text)
            return OpenConversation(id: conversation, sequence: 0, hello: hello)
        }
    }

    func openIdle(_ count: Int, on load: LoadClient) throws {
        try load.open(bench_role_idle, count: count)
    }
}
