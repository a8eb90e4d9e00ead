/// A text with the intent it stands for: what the core learns from.
public struct Example: Sendable, Hashable {
    /// What a customer wrote.
    public var text: String
    /// The intent's identifier; nil when it is none of the workspace's intents.
    public var intent: String?
    /// Facts around the turn that are evidence too, such as `page=billing.invoice` or `plan=pro`.
    public var context: [String]

    /// Creates an example; an intent that is empty or `oos` means "none of these".
    public init(text: String, intent: String?, context: [String] = []) {
        self.text = text
        self.intent = intent == "oos" || intent == "" ? nil : intent
        self.context = context
    }
}
