import Foundation
import JSONCoding

/// The outcome of a measurement: figures, most of them ratios of ours to a reference, and what they
/// rest on.
struct Report {
    struct Figure {
        var name: String
        var meaning: String
        var ours: Double
        /// Nil for what is asked of the server whatever others do.
        var reference: Double?
        var unit: String

        var ratio: Double? { reference.map { $0 > 0 ? ours / $0 : 0 } }
        var target: Target? { Targets.target(of: name) }
        var standing: Target.Standing { target?.standing(of: self) ?? .noTarget }
    }

    struct Row {
        var name: String
        var values: [(name: String, value: Double)]
    }

    private var figures: [Figure] = []
    private var rows: [Row] = []
    private var notes: [String] = []
    /// Rows in which the load client hardly waited.
    private var busy: [String] = []
    private let turns: Int

    init(turns: Int) { self.turns = turns }

    mutating func add(
        _ name: String,
        _ meaning: String,
        ours: Double,
        reference: Double? = nil,
        unit: String
    ) {
        figures.append(
            Figure(name: name, meaning: meaning, ours: ours, reference: reference, unit: unit)
        )
    }

    mutating func add(_ row: String, _ values: [(name: String, value: Double)]) {
        rows.append(Row(name: row, values: values))
    }

    /// Of its core, in hundredths: beyond it the load client may be what was measured.
    private static let busyClient = 90.0

    mutating func add(_ row: String, _ load: LoadSamples) {
        guard !load.rate.isEmpty else { return }
        if load.clientShare.median > Self.busyClient {
            busy.append("\(row) (\(Self.short(load.clientShare.median)) %)")
        }
        add(
            row,
            [
                ("msg/s", load.rate.median), ("least", load.rate.least),
                ("most", load.rate.most), ("p50 us", load.p50.median),
                ("p99 us", load.p99.median), ("CPU us/msg", load.cpu.median),
                ("client CPU %", load.clientShare.median),
            ]
        )
    }

    /// Adds a sentence on what the report lacks.
    mutating func note(_ sentence: String) { notes.append(sentence) }

    /// Takes in what another measurement gave.
    mutating func merge(_ other: Report) {
        figures += other.figures
        figures.sort { Targets.place(of: $0.name) < Targets.place(of: $1.name) }
        rows += other.rows
        notes += other.notes
        busy += other.busy
    }

    /// The notes, and whose rate may be the client's own.
    private var remarks: [String] {
        if busy.isEmpty { return notes }
        return notes + [
            "the load client used more than \(Self.short(Self.busyClient)) % of its core, so that "
                + "the server may do more than this: " + busy.joined(separator: ", ")
        ]
    }

    func print(asJSON: Bool) {
        Swift.print(asJSON ? json.text : table)
    }
}

extension Report {
    private static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// The commit that is checked out where the bench runs; nil outside a repository.
    private static func commit() -> String? {
        guard let folder = try? TemporaryFolder(),
            let printed = try? ChildProcess.run(
                ["/usr/bin/git", "rev-parse", "--short=12", "HEAD"],
                errorPath: folder.file("errors")
            )
        else { return nil }
        return printed.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private var json: JSON {
        var named = JSON.Object()
        for figure in figures {
            named[figure.name] = [
                "ratio": Self.optional(figure.ratio), "ours": .double(figure.ours),
                "reference": Self.optional(figure.reference), "unit": .string(figure.unit),
                "floor": Self.optional(figure.target?.floor),
                "goal": Self.optional(figure.target?.goal),
                "standing": .string(figure.standing.rawValue),
            ]
        }
        var details = JSON.Object()
        for row in rows {
            details[row.name] = .object(.init(row.values.map { ($0.name, .double($0.value)) }))
        }
        return [
            "figures": .object(named), "details": .object(details),
            "notes": .array(remarks.map { .string($0) }),
            "commit": Self.commit().map { .string($0) } ?? .null,
            "cores": .int(Int64(Self.cores)), "runs": .int(Int64(turns)),
        ]
    }

    private var table: String {
        var lines: [String] = []
        for row in rows {
            let values = row.values.map { "\($0.name) \(Self.short($0.value))" }
            lines.append("\(Self.padded(row.name, 34)) \(values.joined(separator: "  "))")
        }
        if !figures.isEmpty { lines += ["", Self.heading] }
        lines += figures.map(Self.line)
        lines.append("")
        lines += remarks
        lines.append(
            "medians of \(turns), \(Self.cores) cores, commit \(Self.commit() ?? "unknown")"
        )
        return lines.joined(separator: "\n")
    }

    private static let widths = (name: 14, ratio: 9, sides: 30, bound: 8, standing: 9)

    private static var heading: String {
        let names = [
            padded("figure", widths.name), padded("ratio", widths.ratio),
            padded("ours / reference", widths.sides), padded("floor", widths.bound),
            padded("goal", widths.bound), padded("standing", widths.standing),
        ]
        return names.joined()
    }

    private static func line(_ figure: Figure) -> String {
        let reference = figure.reference.map { " / \(short($0))" } ?? ""
        let fields = [
            padded(figure.name, widths.name),
            padded(figure.ratio.map { "\(short($0))x" } ?? "-", widths.ratio),
            padded("\(short(figure.ours))\(reference) \(figure.unit)", widths.sides),
            padded(figure.target?.floor.map(short) ?? "-", widths.bound),
            padded(figure.target?.goal.map(short) ?? "-", widths.bound),
            padded(figure.standing.rawValue, widths.standing),
        ]
        return fields.joined() + figure.meaning
    }

    private static func optional(_ value: Double?) -> JSON {
        value.map { .double($0) } ?? .null
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text.count < width ? text + String(repeating: " ", count: width - text.count) : text
    }

    private static func short(_ value: Double) -> String {
        switch value.magnitude {
        case 100...: String(format: "%.0f", value)
        case 10..<100: String(format: "%.1f", value)
        default: String(format: "%.2f", value)
        }
    }
}
