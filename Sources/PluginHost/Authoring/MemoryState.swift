import Desk
import JSONCoding
import Model
import Synchronization

/// What plugins have the server remember, kept for as long as this lives: for the bench.
package final class MemoryState: IntegrationState {
    private struct Value {
        var text: String
        var end: Timestamp?
    }

    private struct State {
        var records: [String: PluginRecord] = [:]
        var values: [String: [String: Value]] = [:]
        var reminders: [PluginReminder] = []
        var runs: [ActionRun] = []
        var places: [String: Int64] = [:]
        var happenings: [HappeningPage.Item] = []
        var looks = 0
    }

    private let state = Mutex(State())

    package init() {}

    // MARK: - Shelf

    package func pluginRecords() -> [PluginRecord] {
        state.withLock { $0.records.values.sorted { $0.id < $1.id } }
    }

    package func keep(_ record: PluginRecord) { state.withLock { $0.records[record.id] = record } }

    package func value(of key: String, in plugin: String, at time: Timestamp) -> String? {
        state.withLock {
            $0.values[plugin]?[key].flatMap { Self.isThere($0, time) ? $0.text : nil }
        }
    }

    package func set(
        _ key: String,
        to value: String?,
        in plugin: String,
        until end: Timestamp?,
        isNew: Bool,
        limit: Int,
        at time: Timestamp
    ) -> ShelfWrite {
        state.withLock { state in
            var own = (state.values[plugin] ?? [:]).filter { Self.isThere($0.value, time) }
            defer { state.values[plugin] = own }
            if isNew, own[key] != nil { return .taken }
            let before = own
            own[key] = value.map { Value(text: $0, end: end) }
            let size = own.reduce(0) { $0 + $1.key.utf8.count + $1.value.text.utf8.count }
            if value != nil, size > limit {
                own = before
                return .full
            }
            return .done
        }
    }

    package func keys(
        of plugin: String,
        prefix: String,
        limit: Int,
        at time: Timestamp
    ) -> [String] {
        state.withLock { state in
            (state.values[plugin] ?? [:])
                .filter { $0.key.hasPrefix(prefix) && Self.isThere($0.value, time) }
                .keys.sorted().prefix(limit).map { $0 }
        }
    }

    private static func isThere(_ value: Value, _ time: Timestamp) -> Bool {
        value.end.map { $0 > time } ?? true
    }

    // MARK: - Reminders

    package func keep(_ reminder: PluginReminder, limit: Int) -> Bool {
        state.withLock { state in
            state.reminders.removeAll {
                ($0.plugin, $0.name, $0.key) == (reminder.plugin, reminder.name, reminder.key)
            }
            guard state.reminders.count < limit else { return false }
            state.reminders.append(reminder)
            return true
        }
    }

    package func removeReminder(_ name: String, key: String, of plugin: String) {
        state.withLock { state in
            state.reminders.removeAll { ($0.plugin, $0.name, $0.key) == (plugin, name, key) }
        }
    }

    package func reminders(dueAt time: Timestamp, limit: Int) -> [PluginReminder] {
        state.withLock { state in
            Array(
                state.reminders.filter { $0.due <= time }.sorted { $0.due < $1.due }.prefix(limit)
            )
        }
    }

    package func nextReminder() -> Timestamp? { state.withLock { $0.reminders.map(\.due).min() } }

    // MARK: - Actions

    package func begin(_ run: ActionRun) -> ActionRun {
        state.withLock { state in
            if let known = state.runs.first(where: { $0.request == run.request }) { return known }
            state.runs.append(run)
            return run
        }
    }

    package func settle(_ run: ActionRun) {
        state.withLock { state in
            guard let index = state.runs.firstIndex(where: { $0.id == run.id }) else { return }
            state.runs[index] = run
        }
    }

    package func openRuns() -> [ActionRun] {
        state.withLock { $0.runs.filter { $0.state == .running } }
    }

    package func run(_ id: String) -> ActionRun? {
        state.withLock { $0.runs.first { $0.id == id } }
    }

    package func run(ofRequest request: String) -> ActionRun? {
        state.withLock { $0.runs.first { $0.request == request } }
    }

    package func countRuns(of action: String, since time: Timestamp) -> Int {
        state.withLock { state in
            state.runs.count { $0.action == action && $0.began >= time && $0.state != .failed }
        }
    }

    // MARK: - Log

    /// Lets something happen, as if a conversation had committed it.
    package func append(_ event: Event, to conversation: ConversationID) {
        state.withLock { state in
            state.happenings.append(
                HappeningPage.Item(
                    position: Int64(state.happenings.count) + 1,
                    conversation: conversation,
                    sequence: state.happenings.count { $0.conversation == conversation } + 1,
                    event: event
                )
            )
        }
    }

    /// How often anybody has looked for happenings.
    package var looks: Int { state.withLock(\.looks) }

    package func happenings(after position: Int64, limit: Int) -> HappeningPage {
        let items = state.withLock { state in
            state.looks += 1
            return Array(state.happenings.drop { $0.position <= position }.prefix(limit))
        }
        return HappeningPage(items: items, upTo: items.last?.position ?? position)
    }

    package func place(of reader: String) -> Int64? { state.withLock { $0.places[reader] } }

    package func setPlace(of reader: String, to position: Int64) {
        state.withLock { $0.places[reader] = position }
    }

    package func position() -> Int64 { state.withLock { $0.happenings.last?.position ?? 0 } }

    // MARK: - Contacts

    package func site(_ id: SiteID?) -> SiteID? { id }

    package func save(_ contact: Contact) {}

    package func contacts(email: String?, externalID: String?, limit: Int) -> [Contact] { [] }
}
