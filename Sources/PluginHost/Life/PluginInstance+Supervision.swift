import JSONCoding
import Logging

extension PluginInstance {
    // MARK: - Starting

    /// Starts a process beside the one that may be running; it takes over when it is ready.
    func launch() {
        launches += 1
        let serial = launches
        files = resolved.files.map(FileIdentity.init(path:))
        let link = PluginLink(serial: serial)
        links[serial] = link
        do throws(HostProcess.SpawnFailure) {
            link.process = try HostProcess(command) { [weak self] event in
                self?.assumeIsolated { $0.handle(event, from: serial) }
            }
        } catch {
            forget(link)
            failed(link, "cannot be started: \(error)")
        }
    }

    private var command: HostProcess.Command {
        let manifest = bundle.manifest
        return HostProcess.Command(
            program: options.hostProgram,
            library: bundle.library,
            pluginID: manifest.id,
            concurrency: manifest.concurrency,
            memoryMegabytes: manifest.memoryMegabytes,
            readable: [bundle.folder] + options.runtimeFolders + resolved.files,
            services: manifest.permissions.services,
            isConfined: options.confined
        )
    }

    // MARK: - What the process says

    func handle(_ event: HostProcess.Event, from serial: Int) {
        guard let link = links[serial] else { return }
        switch event {
        case .frame(let frame): handle(frame, in: link)
        case .line(let line, let isError):
            if isError { link.remember(line) }
            let level: Logger.Level = isError ? .warning : .info
            log(level, "plugin printed", ["line": "\(line)"])
        case .ended(let status, let fault): ended(link, status, fault: fault)
        }
    }

    private func handle(_ frame: Frame, in link: PluginLink) {
        link.hasSpoken()
        switch (frame.kind, link.phase) {
        case (.hello, .opening): greeted(frame, link)
        case (.loaded, .opening): loaded(frame, link)
        case (.refused, .opening), (.refused, .starting):
            refuse(link, String(decoding: frame.payload.prefix(1000), as: UTF8.self))
        case (.result, _) where frame.call == link.startCall: started(frame, link)
        case (.result, _): settle(frame, in: link)
        case (.log, _): mirror(frame)
        case (.pong, _): break
        case (.request, .starting), (.request, .ready), (.request, .stopping): ask(frame, in: link)
        case (.part, .ready), (.part, .stopping): pass(part: frame, in: link)
        default: link.process?.kill(fault: "sent a frame out of order")
        }
    }

    private func greeted(_ frame: Frame, _ link: PluginLink) {
        guard frame.status == Frame.version,
            let extent = SandboxStatus.Extent(rawValue: frame.method)
        else {
            return refuse(link, "maitred-plugin-host is not of this version of the server")
        }
        let text = String(decoding: frame.payload.prefix(1000), as: UTF8.self)
        let reasons = text.split(separator: "\n").map(String.init)
        link.sandbox = SandboxStatus(extent: extent, reasons: reasons)
        if extent != .full {
            let metadata: Logger.Metadata = [
                "sandbox": "\(extent.rawValue)", "reason": "\(reasons.joined(separator: "; "))",
            ]
            logger.warning("plugin runs without the whole sandbox", metadata: metadata)
        }
    }

    private func loaded(_ frame: Frame, _ link: PluginLink) {
        guard link.sandbox != nil else {
            link.process?.kill(fault: "sent a frame out of order")
            return
        }
        let said = try? JSON(parsing: frame.payload, depth: 16)
        guard said == bundle.manifest.source else {
            let keys = Self.differences(said ?? .null, bundle.manifest.source)
            return refuse(link, "plugin.json and the library's manifest differ in: \(keys)")
        }
        let id = nextCall()
        link.startCall = id
        link.phase = .starting
        let config = JSON.object(resolved.config).bytes()
        link.process?.send(Frame(kind: .start, call: id, payload: config))
    }

    private static func differences(_ one: JSON, _ other: JSON) -> String {
        guard let one = one.objectValue, let other = other.objectValue else { return "everything" }
        let keys = other.keys + one.keys.filter { other[$0] == nil }
        return keys.filter { one[$0] != other[$0] }.prefix(10).joined(separator: ", ")
    }

    /// The plugin has answered its start: it is ready, or says why it cannot be.
    private func started(_ frame: Frame, _ link: PluginLink) {
        link.startCall = nil
        guard link.phase == .starting else { return }
        guard frame.status == 0 else {
            link.process?.kill(fault: "did not start: \(Self.message(frame))")
            return
        }
        link.phase = .ready
        let previous = current
        current = link
        status = .running
        journal.append("info", "running version \(bundle.manifest.version)")
        logger.notice(
            "plugin is running",
            metadata: ["sandbox": "\(link.sandbox?.extent.rawValue ?? "off")"]
        )
        if let previous { retire(previous) }
    }

    private func mirror(_ frame: Frame) {
        let text = frame.method.isEmpty ? "plugin says" : frame.method
        let fields = String(decoding: frame.payload.prefix(4096), as: UTF8.self)
        let levels: [Logger.Level] = [.debug, .info, .warning, .error]
        if frame.status == 4 {
            misbehaved(text)
            log(.warning, "plugin misbehaved", ["rule": "\(text)"])
        } else {
            let level = levels[Int(min(max(frame.status, 0), 3))]
            log(level, "plugin says", ["message": "\(text)", "fields": "\(fields)"])
        }
    }

    private func log(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ metadata: Logger.Metadata
    ) {
        guard lines.take(at: timekeeper.now()) else { return }
        let facts = metadata.sorted { $0.key < $1.key }.map { "\($0.value)" }
        journal.append(level.rawValue, ([message.description] + facts).joined(separator: ": "))
        logger.log(level: level, message, metadata: metadata)
    }

    // MARK: - Ends

    /// The library cannot be used, and trying again would not help.
    private func refuse(_ link: PluginLink, _ reason: String) {
        refuse(reason)
        link.phase = .stopping
        link.process?.kill(fault: nil)
    }

    private func refuse(_ reason: String) {
        lastError = reason
        journal.append("error", reason)
        if current == nil { status = .refused(reason) }
        logger.error("plugin refused", metadata: ["reason": "\(reason)"])
    }

    private func ended(_ link: PluginLink, _ exit: ExitStatus, fault: String?) {
        let wasAsked = link.phase == .stopping
        link.failCalls(.lost)
        forget(link)
        if wasAsked { return }
        let words = link.lastWords.isEmpty ? "" : ": " + link.lastWords.joined(separator: " / ")
        failed(link, (fault ?? exit.description) + words)
    }

    /// Decides what follows an end that nobody asked for.
    private func failed(_ link: PluginLink, _ reason: String) {
        lastError = reason
        journal.append("error", reason)
        // A new process that did not come up changes nothing for the one that works.
        guard current == nil, restart == nil else { return }
        switch supervision.ended(at: timekeeper.now(), jitter: Double.random(in: 0...1)) {
        case .disable:
            status = .disabled(reason)
            logger.error("plugin disabled", metadata: ["reason": "\(reason)"])
        case .restart(let delay):
            status = .restarting(after: delay)
            logger.warning(
                "plugin ended and will be started again",
                metadata: ["reason": "\(reason)", "after": "\(delay)"]
            )
            restart = Task { [timekeeper] in
                do { try await timekeeper.sleep(delay) } catch { return }
                let reason = await whyNotToRun()
                if Task.isCancelled { return }
                restart = nil
                if let reason { return refuse(reason) }
                status = .starting
                launch()
            }
        }
    }

    /// Why the library is not to be loaded again: what lies on the disk may have changed.
    ///
    /// Looked at away from the plugins' thread.
    private nonisolated func whyNotToRun() async -> String? { options.mayNotRun(bundle) }

    // MARK: - Watching

    /// Looks after every process: once per heartbeat.
    func beat() async {
        for link in links.values {
            if let reason = link.beat(options) {
                link.process?.kill(fault: reason)
            } else {
                link.process?.send(Frame(kind: .ping))
            }
        }
        await replaceIfFilesChanged()
    }

    /// Starts a process for files that have taken the place of those the running one may read.
    ///
    /// Looks at a handful of files of the operator's; they are expected on a local disk.
    private func replaceIfFilesChanged() async {
        guard current != nil, !resolved.files.isEmpty else { return }
        let now = resolved.files.map(FileIdentity.init(path:))
        guard files != now else { return }
        files = now
        let reason = await whyNotToRun()
        if Task.isCancelled { return }
        if let reason { return refuse(reason) }
        logger.info("plugin starts anew because a file of its configuration was replaced")
        launch()
    }
}
