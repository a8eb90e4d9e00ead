import Foundation

/// How automation and precision develop in a simulation, as a picture.
public struct LearningCurve: Sendable {
    private let simulation: Simulation
    private let target: Double
    private let interval: Int

    private static let width = 720.0
    private static let height = 320.0
    private static let margin = 44.0

    /// Draws a simulation; `interval`: messages in one of its spans.
    public init(_ simulation: Simulation, target: Double, interval: Int) {
        self.simulation = simulation
        self.target = target
        self.interval = interval
    }

    /// The picture as SVG, readable in light and dark surroundings.
    public var svg: String {
        let curve = simulation.curve
        let automation = points(curve.map(\.automation))
        let precision = points(curve.map { $0.answered == 0 ? 1 : $0.precision })
        let grid = stride(from: 0.0, through: 1.0, by: 0.25).map { share in
            let y = Self.y(share)
            return """
                <line x1="\(Self.margin)" x2="\(Self.width - 12)" y1="\(y)" y2="\(y)" \
                stroke="#8884"/>\
                <text x="8" y="\(y + 4)">\(Int(share * 100)) %</text>
                """
        }
        let goal = Self.y(target)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \
            \(Int(Self.height))" font-family="system-ui, sans-serif" font-size="12" fill="#777">
            <title>What a core that learns answers, and how often it is right</title>
            \(grid.joined(separator: "\n"))
            <line x1="\(Self.margin)" x2="\(Self.width - 12)" y1="\(goal)" y2="\(goal)" \
            stroke="#c60" stroke-dasharray="4 4"/>
            <polyline points="\(precision)" fill="none" stroke="#c60" stroke-width="2"/>
            <polyline points="\(automation)" fill="none" stroke="#27a" stroke-width="2.5"/>
            <text x="\(Self.margin)" y="\(Self.height - 8)">\
            messages, \(interval) a point, \(simulation.whole.messages) in all</text>
            <text x="\(Self.width - 250)" y="\(Self.height - 8)" fill="#27a">answered</text>
            <text x="\(Self.width - 180)" y="\(Self.height - 8)" fill="#c60">\
            right of the answered, target</text>
            </svg>

            """
    }

    private func points(_ shares: [Double]) -> String {
        shares.enumerated().map { index, share in
            let place = Double(index) / Double(max(1, shares.count - 1))
            let x = Self.margin + place * (Self.width - 12 - Self.margin)
            return String(format: "%.1f,%.1f", x, Self.y(share))
        }.joined(separator: " ")
    }

    private static func y(_ share: Double) -> Double { 12 + (1 - share) * (height - margin - 12) }
}
