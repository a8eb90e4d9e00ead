import CBench

/// Resident memory of sessions that say nothing, each time in servers that have just been started.
struct IdleMemory {
    /// What connections to reference A cost, in bytes each.
    struct OfReference {
        var usual = Samples()
        /// With as small a receive buffer as maitred's.
        var alike = Samples()
    }

    /// What sessions of maitred cost, in bytes each.
    struct OfOurs {
        var all = Samples()
        /// Without what the HTTP request for the session has left.
        var sockets = Samples()
    }

    /// The receive buffer of a WebSocket of maitred, in bytes: as in LoopResources.swift.
    private static let ourBuffer = 2048
    /// Sessions opened and closed before counting, so that what a server needs once is not counted.
    private static let warmUpCount = 20

    /// Nil: the references alone.
    let program: String?
    let count: Int
    let isSecure: Bool

    func measureReferences(_ samples: inout OfReference) throws {
        samples.usual.add(try measureReference(buffer: nil))
        samples.alike.add(try measureReference(buffer: Self.ourBuffer))
    }

    private func measureReference(buffer: Int?) throws -> Double {
        let echo = try ReferenceServer(.a, isSecure: isSecure, buffer: buffer)
        let load = try echo.makeClient()
        try warmUp(echo, on: load)
        let before = echo.process.residentBytes
        try echo.openIdle(count, on: load)
        return growth(of: echo, from: before, on: load)
    }

    func measureOurs(_ samples: inout OfOurs) throws {
        guard let program else { return }
        let server = try MaitredServer(program: program, isSecure: isSecure)
        let load = try server.makeClient()
        try warmUp(server, on: load)
        let beforeRequests = server.process.residentBytes
        let hellos = try server.makeSessions(count)
        let beforeSockets = server.process.residentBytes
        try server.openIdle(hellos: hellos, on: load)
        samples.sockets.add(growth(of: server, from: beforeSockets, on: load))
        samples.all.add(growth(of: server, from: beforeRequests, on: load))
    }

    func add(_ reference: OfReference, _ ours: OfOurs, to report: inout Report) {
        let suffix = "\(count) idle\(isSecure ? ", TLS" : "")"
        let name = isSecure ? "P7-tls" : "P7"
        let meaning = "memory of an idle session\(isSecure ? ", TLS" : "")"
        report.add("A echo, \(suffix)", Self.row(reference.usual))
        report.add("A echo, small buffer, \(suffix)", Self.row(reference.alike))
        guard program != nil else { return }
        report.add(
            "maitred, \(suffix)",
            Self.row(ours.all)
                + [("KiB of that after the HTTP request", ours.sockets.median / 1024)]
        )
        report.add(
            name,
            meaning,
            ours: ours.all.median / 1024,
            reference: reference.usual.median / 1024,
            unit: "KiB"
        )
        report.add(
            "\(name)-buffer",
            "\(meaning), receive buffers of the same size",
            ours: ours.all.median / 1024,
            reference: reference.alike.median / 1024,
            unit: "KiB"
        )
    }

    private static func row(
        _ samples: Samples
    ) -> [(name: String, value: Double)] {
        [
            ("KiB each", samples.median / 1024), ("least", samples.least / 1024),
            ("most", samples.most / 1024),
        ]
    }

    private func warmUp(_ subject: any MaitredSubject, on load: LoadClient) throws {
        try subject.openIdle(Self.warmUpCount, on: load)
        load.closeAll()
        load.serve(seconds: 0.3)
    }

    /// How much a server's resident memory has grown for each idle session, once it has settled.
    private func growth(
        of subject: any MaitredSubject,
        from before: Int,
        on load: LoadClient
    ) -> Double {
        load.serve(seconds: 0.7)
        return Double(subject.process.residentBytes - before) / Double(count)
    }
}
