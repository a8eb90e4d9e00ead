/// How a plugin fares, for the operator.
package struct PluginState: Sendable, Hashable {
    package var id: String
    package var name: String
    package var version: String
    package var status: PluginStatus
    package var sandbox: SandboxStatus?
    /// The latest failure in words: a crash with the plugin's last words, a refused call.
    package var lastError: String?
    /// How often the process was started after the first time, whatever for.
    package var restarts: Int
    /// Calls made, whether answered or not, and those that brought no answer.
    package var calls: Int
    package var failures: Int
    /// Rules of the interface it broke: a call completed twice, for example.
    package var misbehaviours: Int
    package var latency: PluginLatency?
    /// Bytes of memory that its process has in use.
    package var memory: Int?
}

extension PluginState {
    /// A plugin that has no process.
    init(idle entry: PluginHost.Entry, id: String) {
        self.init(
            id: id,
            name: entry.bundle?.manifest.name ?? id,
            version: entry.bundle?.manifest.version ?? "",
            status: entry.idle,
            lastError: entry.idle.reason,
            restarts: 0,
            calls: 0,
            failures: 0,
            misbehaviours: 0
        )
    }
}

/// Where a plugin stands in its life.
package enum PluginStatus: Sendable, Hashable {
    /// Found, but not switched on in the configuration.
    case off
    /// Its manifest or configuration is wrong: every fault, and nothing was run.
    case invalid([String])
    case starting
    case running
    /// Waits this long before the next attempt.
    case restarting(after: Duration)
    /// Ended too often; says how the last time was. Stays until the server starts anew.
    case disabled(String)
    /// The library cannot be used; says why.
    case refused(String)
    /// It asks for more than was agreed to; one line each.
    case needsConsent([String])
    case stopped

    /// Why it does not run, when it should.
    package var reason: String? {
        switch self {
        case .invalid(let faults): faults.joined(separator: "; ")
        case .disabled(let reason), .refused(let reason): reason
        case .needsConsent(let wider): "asks for more: " + wider.joined(separator: ", ")
        default: nil
        }
    }

    /// One word, for logs, metrics and the plugins' page.
    package var name: String {
        switch self {
        case .off: "off"
        case .invalid: "invalid"
        case .starting: "starting"
        case .running: "running"
        case .restarting: "restarting"
        case .disabled: "disabled"
        case .refused: "refused"
        case .needsConsent: "needs_consent"
        case .stopped: "stopped"
        }
    }
}

/// How much of the sandbox the kernel granted.
package struct SandboxStatus: Sendable, Hashable {
    package enum Extent: String, Sendable {
        case full, partial, off
    }

    package var extent: Extent
    /// One per part that was refused.
    package var reasons: [String]
}

/// How long answered calls took, over the latest few hundred.
package struct PluginLatency: Sendable, Hashable {
    package var median: Duration
    package var p99: Duration
    package var longest: Duration
}
