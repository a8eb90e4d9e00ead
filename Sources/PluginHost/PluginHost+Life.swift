import JSONCoding
import Logging

/// What the operator does to plugins.
extension PluginHost {
    /// Why a change was not made, in words for the operator; nothing has changed then.
    package struct Refusal: Error, Sendable, CustomStringConvertible {
        package enum Kind: Sendable {
            case unknown
            case invalid
            /// Somebody must say yes to more permissions first.
            case needsConsent
        }

        package var kind: Kind
        /// One line each.
        package var reasons: [String]
        package init(kind: Kind, reasons: [String]) {
            self.kind = kind
            self.reasons = reasons
        }

        package var description: String { reasons.joined(separator: "; ") }
    }

    /// Switches a plugin on, with a yes to what its manifest asks.
    ///
    /// - Parameters:
    ///   - id: The plugin.
    ///   - agreed: Whether somebody has seen the permissions and agrees.
    /// - Throws: ``Refusal`` when it is unknown, its settings are not right or nobody agreed.
    package func enable(_ id: String, agreed: Bool) async throws(Refusal) {
        try await change(id) { settings, bundle in
            settings.isEnabled = true
            // One that is installed later waits until it is chosen.
            if entries[id]?.versions.isEmpty == false {
                settings.version = bundle.manifest.version
            }
            if agreed { settings.granted = bundle.manifest.source["permissions"] ?? [:] }
        }
    }

    /// Switches a plugin off; what it has begun it may finish.
    package func disable(_ id: String) async throws(Refusal) {
        guard entries[id]?.settings != nil || entries[id]?.bundle != nil else {
            throw Self.unknown(id)
        }
        await exclusively(id) {
            var settings = entries[id]?.settings ?? PluginSettings()
            settings.isEnabled = false
            entries[id]?.settings = settings
            let old = entries[id]?.instance
            entries[id]?.instance = nil
            entries[id]?.idle = .off
            await keep(id)
            await old?.stop()
        }
    }

    /// Gives a plugin another configuration: a new process is started with it and takes over when it
    /// is ready; when the configuration is refused the old process and configuration stay.
    ///
    /// - Parameters:
    ///   - id: The plugin.
    ///   - config: The whole configuration; secrets that are left out stay as they are.
    ///   - allowsPrivateNetwork: The operator's yes to private addresses; nil leaves it.
    /// - Throws: ``Refusal`` with every fault.
    package func configure(
        _ id: String,
        _ config: JSON.Object,
        allowsPrivateNetwork: Bool? = nil
    ) async throws(Refusal) {
        try await change(id, validating: true) { settings, bundle in
            let old = settings.config
            settings.config = config
            for path in bundle.manifest.config.secretPaths {
                let given = config.value(at: path[...])?.stringValue
                if given == nil { settings.config.set(old.value(at: path[...]), at: path[...]) }
                if given?.isEmpty == true { settings.config.set(nil, at: path[...]) }
            }
            if let allowsPrivateNetwork { settings.allowsPrivateNetwork = allowsPrivateNetwork }
        }
    }

    /// Has another installed version run; a new process takes over when it is ready.
    package func switchVersion(
        _ id: String,
        to version: String,
        agreed: Bool
    ) async throws(Refusal) {
        guard let bundle = entries[id]?.versions.first(where: { $0.manifest.version == version })
        else { throw Refusal(kind: .unknown, reasons: ["version \(version) is not installed"]) }
        let before = entries[id]?.bundle
        entries[id]?.bundle = bundle
        do throws(Refusal) {
            try await change(id) { settings, bundle in
                // Chosen once more, it is still the one before it that a roll-back is about.
                if before?.manifest.version != version {
                    settings.previousVersion = before?.manifest.version
                }
                settings.version = version
                if agreed || settings.granted == nil {
                    settings.granted = bundle.manifest.source["permissions"] ?? [:]
                }
            }
        } catch {
            entries[id]?.bundle = before
            throw error
        }
    }

    /// Goes back to the version that ran before.
    package func rollBack(_ id: String) async throws(Refusal) {
        guard let previous = entries[id]?.settings?.previousVersion else {
            throw Refusal(kind: .unknown, reasons: ["there is no version to go back to"])
        }
        try await switchVersion(id, to: previous, agreed: false)
    }

    /// Starts a plugin that was switched off for crashing, or any other, anew.
    package func restart(_ id: String) async throws(Refusal) {
        try await change(id) { settings, _ in settings.isEnabled = true }
    }

    // MARK: - Changing

    /// Changes settings, and the process that has them, or nothing.
    private func change(
        _ id: String,
        validating: Bool = false,
        _ body: (inout PluginSettings, PluginBundle) -> Void
    ) async throws(Refusal) {
        guard let bundle = entries[id]?.bundle else { throw Self.unknown(id) }
        let result: Result<Void, Refusal> = await exclusively(id) {
            let before = entries[id]
            var settings = before?.settings ?? PluginSettings()
            body(&settings, bundle)
            entries[id]?.settings = settings
            do throws(Refusal) {
                if validating { try validate(settings, bundle) }
                try await replace(id)
                await keep(id)
                return .success(())
            } catch {
                entries[id]?.settings = before?.settings
                return .failure(error)
            }
        }
        try result.get()
    }

    /// A plugin that is off is checked as well: whoever fills the form in reads the faults there.
    private func validate(
        _ settings: PluginSettings,
        _ bundle: PluginBundle
    ) throws(Refusal) {
        do throws(PluginManifest.Faults) {
            _ = try bundle.manifest.config.resolve(settings.config, in: options.baseFolder)
        } catch {
            throw Refusal(kind: .invalid, reasons: error.list)
        }
    }

    /// Puts a new process with the present settings in the old one's place, once it is ready.
    private func replace(_ id: String) async throws(Refusal) {
        guard entries[id]?.settings?.isEnabled == true else { return }
        let old = entries[id]?.instance
        let new: PluginInstance?
        do throws(PluginManifest.Faults) {
            new = try prepare(id)
        } catch {
            throw Refusal(kind: .invalid, reasons: error.list)
        }
        guard let new else {
            switch entries[id]?.idle {
            case .needsConsent(let wider): throw Refusal(kind: .needsConsent, reasons: wider)
            case .refused(let why): throw Refusal(kind: .invalid, reasons: [why])
            default: return
            }
        }
        await new.start()
        await new.settled()
        guard await new.isReady else {
            let why = await new.state().lastError ?? "it did not start"
            await new.stop()
            throw Refusal(kind: .invalid, reasons: [why])
        }
        entries[id]?.instance = new
        await enterSchedules()
        log.notice("plugin changed", metadata: ["plugin.id": "\(id)"])
        // Whoever asks from here on asks the new one; the old one answers what it was asked.
        await old?.stop()
    }

    static func unknown(_ id: String) -> Refusal {
        Refusal(kind: .unknown, reasons: ["there is no plugin \(id)"])
    }
}
