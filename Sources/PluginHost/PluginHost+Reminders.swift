import Desk
import JSONCoding
import Logging
import Model

/// Times that plugins asked for, or their manifests name.
extension PluginHost {
    private static let batch = 1000
    private static let deadline: Duration = .seconds(30)
    /// How long a reminder that failed waits for its next try.
    private static let pause: Duration = .seconds(60)

    /// Enters what the manifests name, unless it is there.
    func enterSchedules() async {
        let now = services.clock.now
        let far = now + .seconds(10 * 365 * 86_400)
        let known = (try? await services.state.reminders(dueAt: far, limit: .max)) ?? []
        for instance in running {
            let manifest = instance.bundle.manifest
            for schedule in manifest.schedules where manifest.permissions.schedule {
                let isKnown = known.contains {
                    $0.plugin == manifest.id && $0.name == schedule.name
                        && $0.period == schedule.period
                }
                if isKnown { continue }
                let reminder = PluginReminder(
                    plugin: manifest.id,
                    name: schedule.name,
                    key: "",
                    payload: .null,
                    due: now + schedule.period,
                    period: schedule.period
                )
                _ = try? await services.state.keep(reminder, limit: .max)
            }
        }
    }

    /// Calls every plugin whose time has come, each plugin's reminders one after another; one that is
    /// being called already has its turn later.
    ///
    /// A reminder is forgotten, or set for its next time, once the plugin has answered.
    package func remindAll(at now: Timestamp) async {
        guard let due = try? await services.state.reminders(dueAt: now, limit: Self.batch) else {
            return
        }
        await withTaskGroup { group in
            for (plugin, reminders) in Dictionary(grouping: due, by: \.plugin)
            where reminding.insert(plugin).inserted {
                group.addTask { await self.remind(plugin, reminders, at: now) }
            }
        }
    }

    private func remind(_ plugin: String, _ reminders: [PluginReminder], at now: Timestamp) async {
        defer { reminding.remove(plugin) }
        for reminder in reminders {
            var next: Timestamp? = reminder.period.map { now + $0 }
            do throws(PluginError) {
                _ = try await call(
                    plugin,
                    "schedule/\(reminder.name)",
                    [
                        "name": .string(reminder.name), "key": .string(reminder.key),
                        "payload": reminder.payload,
                    ],
                    deadline: Self.deadline
                )
            } catch {
                // What the plugin refuses for good is not worth another try.
                if case .failed(let status, _) = error, status == 2 || status == 3 {
                    log.warning("a reminder was refused", metadata: ["plugin.id": "\(plugin)"])
                } else {
                    next = min(next ?? now + Self.pause, now + Self.pause)
                }
            }
            await settle(reminder, next)
        }
    }

    private func settle(_ reminder: PluginReminder, _ next: Timestamp?) async {
        let state = services.state
        // Set again by the plugin meanwhile: that one counts.
        let stillThere = try? await state.reminders(dueAt: reminder.due, limit: .max)
            .contains(reminder)
        guard stillThere == true else { return }
        if let next {
            var again = reminder
            again.due = next
            _ = try? await state.keep(again, limit: .max)
        } else {
            try? await state.removeReminder(reminder.name, key: reminder.key, of: reminder.plugin)
        }
    }
}
