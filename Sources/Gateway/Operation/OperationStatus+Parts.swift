import Desk
import JSONCoding
import Model
import Store
import Transport

// What `/readyz?verbose` says besides ready or not.
extension OperationStatus {
    /// Whoever waits longer for a person has likely been forgotten.
    private static let longWait = 600

    /// How each part is.
    func parts(_ sources: Sources) async -> JSON.Object {
        var parts: JSON.Object = [:]
        if let gateway = sources.gateway {
            parts["store"] = store(gateway.store)
            parts["queue"] = await queue(gateway.desk)
            parts["work"] = [
                "takes_ms": .int(gateway.admission.workTakes.milliseconds),
                "overloaded": .bool(gateway.admission.wait != nil),
            ]
        }
        if let counters = sources.counters?() {
            parts["connections"] = [
                "websockets": .int(Int64(counters.webSockets)),
                "heartbeats_lost": .int(Int64(counters.heartbeatsLost)),
                "heartbeats_lost_lately": .int(Int64(sources.heartbeats.lost)),
                "resumes": .int(Int64(sources.gateway?.returns.resumes ?? 0)),
                "resyncs": .int(Int64(sources.gateway?.returns.resyncs ?? 0)),
            ]
        }
        let plugins = await sources.plugins?() ?? []
        parts["plugins"] = .array(
            plugins.map { ["id": .string($0.id), "status": .string($0.status)] }
        )
        return parts
    }

    private func store(_ store: Store) -> JSON {
        let figures = store.figures
        return [
            "database_bytes": .int(Int64(figures.database)),
            "wal_bytes": .int(Int64(figures.writeAheadLog)),
            "disk_free_bytes": figures.diskFree.map { .int(Int64($0)) } ?? .null,
            "epoch": .string(store.epoch),
        ]
    }

    private func queue(_ desk: Desk) async -> JSON {
        let floor = await desk.floor.snapshot()
        return [
            "waiting": .int(Int64(floor.waiting)),
            "oldest_s": .int(Int64(Self.age(of: floor, desk))),
            "agents_online": .int(Int64(floor.seats.count { $0.presence == .online })),
        ]
    }

    /// What an operator should look at before it hurts.
    func warnings(_ sources: Sources) async -> [String] {
        var warnings: [String] = []
        if let gateway = sources.gateway {
            warnings += room(gateway.store.figures)
            warnings += await waiting(gateway.desk)
            if gateway.admission.wait != nil {
                let takes = gateway.admission.workTakes.milliseconds
                warnings.append("work takes \(takes) ms: newcomers are told to come again")
            }
        }
        if sources.heartbeats.areMany {
            let minutes = HeartbeatWatch.period.components.seconds / 60
            warnings.append(
                "\(sources.heartbeats.lost) clients stopped answering in the last \(minutes) minutes"
            )
        }
        for plugin in await sources.plugins?() ?? [] where plugin.isDown {
            warnings.append("the plugin \(plugin.id) is \(plugin.status)")
        }
        return warnings
    }

    private func room(_ figures: StoreFigures) -> [String] {
        var warnings: [String] = []
        if let free = figures.diskFree, free < StoreFigures.littleDisk {
            warnings.append("\(free >> 20) MiB are free on the disk")
        }
        if figures.writeAheadLog > StoreFigures.largeLog {
            warnings.append("the write-ahead log has \(figures.writeAheadLog >> 20) MiB")
        }
        return warnings
    }

    private func waiting(_ desk: Desk) async -> [String] {
        let floor = await desk.floor.snapshot()
        guard floor.waiting > 0 else { return [] }
        var warnings: [String] = []
        if !desk.floor.isAnybodyOnline {
            warnings.append("\(floor.waiting) wait for a person, and nobody is on duty")
        }
        let age = Self.age(of: floor, desk)
        if age > Self.longWait {
            warnings.append("the first in the queue has waited for \(age / 60) minutes")
        }
        return warnings
    }

    /// Seconds that the first in the queue has waited.
    static func age(of floor: Floor.Snapshot, _ desk: Desk) -> Int {
        guard let since = floor.waitingSince else { return 0 }
        return max(0, Int((desk.clock.now - since).components.seconds))
    }
}
