internal import CLibWebSockets
internal import Glibc
package import Logging
internal import Synchronization

/// An HTTP and WebSocket server: one port, an event loop for each core.
///
/// A server is started once and stopped once; several may live in one process.
package actor Server {
    private enum State { case ready, running(Acceptor), stopping, stopped }

    private let options: TransportOptions
    private let shared: ServerState
    private let loops: [EventLoop]
    private var state = State.ready

    package init(
        options: TransportOptions,
        application: any Application,
        logger: Logger = Logger(label: "maitred.transport")
    ) {
        self.options = options
        let shared = ServerState(application: application, options: options, logger: logger)
        self.shared = shared
        loops = (0..<max(1, options.loops)).map { index in
            EventLoop(index: index, options: options, shared: shared)
        }
        LibWebSocketsLog.connect()
    }

    /// Listens and serves; returns the port.
    @discardableResult
    package func start() async throws(TransportError) -> Int {
        guard case .ready = state else { throw .state("the server has been started before") }
        state = .stopping
        try options.tls?.check()
        let listener = try Listener(host: options.host, port: options.port)
        for (index, loop) in loops.enumerated() {
            do throws(TransportError) {
                try await loop.start()
            } catch {
                listener.closeAll()
                for loop in loops[..<index] { await loop.stop() }
                state = .stopped
                throw error
            }
        }
        let acceptor = Acceptor(listener, loops: loops, shared: shared)
        acceptor.start()
        state = .running(acceptor)
        return listener.port
    }

    /// Sends every WebSocket a last frame and closes them one after the other.
    ///
    /// Spread over a time, they do not all come back at once. Requests are served on; new
    /// WebSockets are refused with 503.
    ///
    /// - Parameters:
    ///   - frame: Sent to each at once; nil sends none.
    ///   - closeCode: nil takes the options' code for a restart.
    ///   - spread: From the first close to the last.
    package func drain(
        sending frame: [UInt8]?,
        closeCode: UInt16? = nil,
        spread: Duration = .seconds(2)
    ) async {
        shared.isDraining.store(true, ordering: .relaxed)
        let code = closeCode ?? options.closeCodes.serverRestart
        var open: [(EventLoop, ChannelID)] = []
        for loop in loops {
            for id in await loop.webSockets() { open.append((loop, id)) }
        }
        for (loop, id) in open {
            if let frame { loop.executor.post(.frame(id, frame, droppable: false)) }
        }
        open.shuffle()
        let steps = spread > .zero ? 20 : 1
        let size = max(1, (open.count + steps - 1) / steps)
        while !open.isEmpty {
            for (loop, id) in open.suffix(size) {
                loop.executor.post(.close(id, code, "server restart"))
            }
            open.removeLast(min(size, open.count))
            if !open.isEmpty { try? await Task.sleep(for: spread / steps) }
        }
        // A loop runs jobs before the mail that came with them: whoever stops it next is behind
        // these closes only once a job has come back.
        for loop in loops { _ = await loop.webSockets() }
    }

    /// Stops listening, says goodbye to WebSockets, lets requests under way finish within the
    /// grace, and frees everything.
    package func stop() async {
        guard case .running(let acceptor) = state else { return }
        state = .stopping
        shared.isDraining.store(true, ordering: .relaxed)
        await acceptor.stop()
        for loop in loops { await loop.closeAll(options.closeCodes.goingAway, "server stops") }
        await waitUntilQuiet()
        for loop in loops { await loop.stop() }
        state = .stopped
    }

    /// Takes the certificate files anew for handshakes to come.
    ///
    /// - Throws: What is wrong with the new pair; the old one then stays in use.
    package func reloadCertificates() async throws(TransportError) {
        guard let tls = options.tls, case .running = state else { return }
        try tls.check()
        for loop in loops { await loop.reloadCertificates() }
    }

    /// What the server has done so far.
    package nonisolated var counters: TransportCounters {
        var total = TransportCounters()
        for loop in loops { loop.counters.add(to: &total) }
        return total
    }

    private func waitUntilQuiet() async {
        let clock = ContinuousClock()
        let deadline = clock.now + options.stopGrace
        while clock.now < deadline {
            var isBusy = false
            for loop in loops where await loop.isBusy { isBusy = true }
            guard isBusy else { return }
            try? await clock.sleep(for: .milliseconds(5))
        }
    }
}
