/// A place where the widget is embedded.
package struct Site: Hashable, Sendable {
    package var id: SiteID
    package var name: String
    /// Origins whose pages may embed the widget, such as `https://app.example.com`.
    package var origins: [String]
    package var greeting: String
    package var language: String
    /// The brand colour in `#rrggbb`.
    package var colour: String
    /// Anonymous visitors are refused.
    package var requiresIdentity: Bool
    /// A silent conversation of the bot ends after this.
    package var idleAfter: Duration
    /// How the assistant signs its messages.
    package var botName: String
    /// Intents offered before the customer has typed anything.
    package var suggestions: [String] = []
    /// When people are there; nil says nothing about it.
    package var hours: OpeningHours?
    /// What a customer is asked while they wait for a person, unless it is known.
    package var asks: [Question] = []

    /// Something about a customer that a person would ask first.
    package enum Question: String, Sendable, CaseIterable {
        case name, email
    }

    package init(
        id: SiteID,
        name: String,
        origins: [String],
        greeting: String = "Hi! How can we help?",
        language: String = "en",
        colour: String = "#2f6f5e",
        requiresIdentity: Bool = false,
        idleAfter: Duration = .seconds(24 * 3600),
        botName: String = "Assistant"
    ) {
        self.id = id
        self.name = name
        self.origins = origins
        self.greeting = greeting
        self.language = language
        self.colour = colour
        self.requiresIdentity = requiresIdentity
        self.idleAfter = idleAfter
        self.botName = botName
    }
}
