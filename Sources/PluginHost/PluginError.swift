/// Why a call to a plugin brought no answer.
package enum PluginError: Error, Sendable, Hashable {
    /// The plugin's process is not running; it was not asked.
    case unavailable
    /// Its process ended before it answered: it may have done what it was asked, or not.
    case lost
    /// More calls wait than the plugin and its queue take.
    case busy
    /// The deadline passed; a late answer is dropped.
    case timedOut
    /// The plugin answered with a failure, in its own words (bounded).
    case failed(status: Int32, message: String)
    /// The plugin's answer is not what the method promises.
    case malformed(String)
}

extension PluginError: CustomStringConvertible {
    /// The stable name used on the wire and in metrics.
    package var code: String {
        switch self {
        case .unavailable, .lost: "plugin_unavailable"
        case .busy: "plugin_busy"
        case .timedOut: "plugin_timeout"
        case .failed: "plugin_failed"
        case .malformed: "plugin_malformed"
        }
    }

    package var description: String {
        switch self {
        case .unavailable: "the plugin's process is not running"
        case .lost: "the plugin's process ended before it answered"
        case .busy: "too many calls are waiting"
        case .timedOut: "no answer within the deadline"
        case .failed(let status, let message):
            message.isEmpty ? "failed with status \(status)" : message
        case .malformed(let reason): "an answer that makes no sense: \(reason)"
        }
    }
}
