import CBench

/// Reference A or B, running in a process of its own.
final class ReferenceServer: IdleSubject {
    let kind: Reference.Kind
    let process: ChildProcess
    let port: Int
    private let folder: TemporaryFolder

    init(_ kind: Reference.Kind) throws {
        self.kind = kind
        folder = try TemporaryFolder()
        port = Int(bench_free_port())
        process = try ChildProcess(
            [
                BenchOptions.ownPath(), "reference", kind.rawValue, "--port", "\(port)",
                "--database", folder.file("reference.sqlite"),
            ],
            errorPath: folder.file("errors")
        )
        try process.waitUntilListening()
    }

    deinit { process.stop() }

    func openConversations(_ count: Int, on load: LoadClient) throws {
        switch kind {
        case .a:
            try load.open(bench_role_echo, count: count)
        case .b:
            let hello = #"{"t":"hello","id":"h","d":{"token":"reference"}}"#
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
        for customer in 0..<count {
            // As long as maitred's ids.
            let digits = String(customer)
            let padding = String(repeating: "0", count: 26 - digits.count)
            load.prepare(customer, conversation: "cnv_\(padding)\(digits)", text: Message.text)
        }
    }

    func openIdle(_ count: Int, on load: LoadClient) throws {
        try load.open(bench_role_idle, count: count)
    }
}
