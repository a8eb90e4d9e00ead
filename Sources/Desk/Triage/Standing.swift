import Knowledge

/// What outcomes have shown of an intent, where it changes what the assistant may do about it.
package enum Standing: String, Hashable, Sendable {
    /// Its answers have been wrong too often lately: held back until they would be right again.
    case held
    /// What it answered, or would have, has been right often enough.
    case proven

    /// What may be done about an intent of this standing.
    package func mode(of intent: IntentDefinition) -> IntentDefinition.Mode {
        switch (self, intent.mode) {
        case (.held, .act): .suggest
        case (.proven, .suggest), (.proven, .shadow): intent.ramps ? .act : intent.mode
        default: intent.mode
        }
    }
}
