import JSONCoding
import Model

/// What the server remembers for integrations: the port that a store implements.
///
/// Each call is one transaction; what it has returned from is on disk.
package protocol IntegrationState: PluginShelf, ReminderBook, ActionBook, HappeningFeed,
    ContactFinder
{}

/// Plugins' settings and their own small stores.
package protocol PluginShelf: Sendable {
    /// What the operator has set for each plugin; secrets are sealed.
    func pluginRecords() async throws(LogFailure) -> [PluginRecord]
    func keep(_ record: PluginRecord) async throws(LogFailure)

    /// A value of a plugin's store, unless it has run out.
    func value(
        of key: String,
        in plugin: String,
        at time: Timestamp
    ) async throws(LogFailure) -> String?

    /// Sets a value, or with nil removes it; see ``ShelfWrite`` for what came of it.
    func set(
        _ key: String,
        to value: String?,
        in plugin: String,
        until end: Timestamp?,
        isNew: Bool,
        limit: Int,
        at time: Timestamp
    ) async throws(LogFailure) -> ShelfWrite

    /// Keys that begin with a prefix, in order.
    func keys(
        of plugin: String,
        prefix: String,
        limit: Int,
        at time: Timestamp
    ) async throws(LogFailure) -> [String]
}

/// What came of setting a value.
package enum ShelfWrite: String, Sendable {
    case done
    /// Only a new key was wanted, and there is one.
    case taken
    /// Keys and values together would be larger than allowed.
    case full
}

/// What the operator has set for a plugin.
package struct PluginRecord: Hashable, Sendable {
    package var id: String
    package var isEnabled: Bool
    /// Without secrets.
    package var config: JSON.Object
    /// The secrets, sealed; nil when there are none.
    package var secrets: String?
    /// Everything else, as its owner writes it: granted permissions, versions.
    package var document: JSON.Object

    package init(
        id: String,
        isEnabled: Bool,
        config: JSON.Object,
        secrets: String?,
        document: JSON.Object
    ) {
        self.id = id
        self.isEnabled = isEnabled
        self.config = config
        self.secrets = secrets
        self.document = document
    }
}

/// What plugins want to be reminded of.
package protocol ReminderBook: Sendable {
    /// Sets a reminder; replaces one of the same plugin, name and key. False when there are too many.
    func keep(_ reminder: PluginReminder, limit: Int) async throws(LogFailure) -> Bool
    func removeReminder(_ name: String, key: String, of plugin: String) async throws(LogFailure)
    /// Reminders due at a time, oldest first.
    func reminders(dueAt time: Timestamp, limit: Int) async throws(LogFailure) -> [PluginReminder]
    /// When the next one is due.
    func nextReminder() async throws(LogFailure) -> Timestamp?
}

/// A time at which a plugin is to be called.
package struct PluginReminder: Hashable, Sendable {
    package var plugin: String
    package var name: String
    package var key: String
    package var payload: JSON
    package var due: Timestamp
    /// Set again after each time.
    package var period: Duration?

    package init(
        plugin: String,
        name: String,
        key: String,
        payload: JSON,
        due: Timestamp,
        period: Duration?
    ) {
        self.plugin = plugin
        self.name = name
        self.key = key
        self.payload = payload
        self.due = due
        self.period = period
    }
}

/// Actions that were asked for, and what came of them.
package protocol ActionBook: Sendable {
    /// Keeps a run before it begins; returns the one that is there when its request was made before.
    func begin(_ run: ActionRun) async throws(LogFailure) -> ActionRun
    /// Keeps what came of it.
    func settle(_ run: ActionRun) async throws(LogFailure)
    /// Runs that began and have no end yet, oldest first.
    func openRuns() async throws(LogFailure) -> [ActionRun]
    func run(_ id: String) async throws(LogFailure) -> ActionRun?
    /// The run that a request led to, if it was made before.
    func run(ofRequest request: String) async throws(LogFailure) -> ActionRun?
    /// How many runs of an action have begun since a time, refused ones aside.
    func countRuns(of action: String, since time: Timestamp) async throws(LogFailure) -> Int
}

/// One carrying out of an action, however often it is tried.
package struct ActionRun: Hashable, Sendable {
    package enum State: String, Sendable {
        /// Begun; a crash leaves it so, and it is tried again with the same key.
        case running
        case done
        /// The plugin refused or failed, and nothing is to be tried again.
        case failed
    }

    /// The idempotency key that the provider is given.
    package var id: String
    /// Who asked and what they called it: the same asked again is the same run.
    package var request: String
    package var plugin: String
    package var action: String
    package var conversation: ConversationID?
    package var input: JSON
    /// As shown: `{kind, id, name}`.
    package var by: JSON
    package var state: State
    /// The plugin's answer, or `{code, message}`.
    package var result: JSON
    package var began: Timestamp
    package var ended: Timestamp?

    package init(
        id: String,
        request: String,
        plugin: String,
        action: String,
        conversation: ConversationID?,
        input: JSON,
        by: JSON,
        state: State = .running,
        result: JSON = .null,
        began: Timestamp,
        ended: Timestamp? = nil
    ) {
        self.id = id
        self.request = request
        self.plugin = plugin
        self.action = action
        self.conversation = conversation
        self.input = input
        self.by = by
        self.state = state
        self.result = result
        self.began = began
        self.ended = ended
    }
}

/// The log as its readers see it: everything, in the order of commits, from where each stands.
package protocol HappeningFeed: Sendable {
    /// Events after a position, oldest first, and how far the log was read for them.
    func happenings(after position: Int64, limit: Int) async throws(LogFailure) -> HappeningPage
    /// Where a reader stands; nil for one that has not begun.
    func place(of reader: String) async throws(LogFailure) -> Int64?
    func setPlace(of reader: String, to position: Int64) async throws(LogFailure)
    /// The position of the last event committed.
    func position() async throws(LogFailure) -> Int64
}

extension HappeningFeed {
    /// Where a reader stands; one that is new here hears of what happens from now on.
    package func begin(_ reader: String) async throws(LogFailure) -> Int64 {
        if let known = try await place(of: reader) { return known }
        let end = try await position()
        try await setPlace(of: reader, to: end)
        return end
    }
}

/// Customers by what other programs know of them.
package protocol ContactFinder: Sendable {
    /// Contacts of all sites with an address or the site's own id, newest first.
    func contacts(
        email: String?,
        externalID: String?,
        limit: Int
    ) async throws(LogFailure) -> [Contact]
    /// The site of an id, or the first one for nil.
    func site(_ id: SiteID?) async throws(LogFailure) -> SiteID?
    func save(_ contact: Contact) async throws(LogFailure)
}

/// A stretch of the log.
package struct HappeningPage: Sendable {
    package struct Item: Sendable {
        package var position: Int64
        package var conversation: ConversationID
        package var sequence: Int
        package var event: Event

        package init(
            position: Int64,
            conversation: ConversationID,
            sequence: Int,
            event: Event
        ) {
            self.position = position
            self.conversation = conversation
            self.sequence = sequence
            self.event = event
        }
    }

    package var items: [Item]
    package var upTo: Int64

    package init(items: [Item], upTo: Int64) {
        self.items = items
        self.upTo = upTo
    }
}
