import Model

/// Why the desk did not do what was asked.
package enum DeskFailure: Error, Sendable {
    /// There is no such conversation, or it is somebody else's: the asker cannot tell which.
    case notFound
    case refused(Refusal)
    case log(LogFailure)
    /// The transfer's target is not there, or unknown.
    case noSuchAgent
}
