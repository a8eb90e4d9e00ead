/// A figure that the project set itself: what must be reached, and what is wanted.
struct Target {
    enum Subject {
        /// Ours divided by the reference's.
        case ratio
        /// Ours, as it is.
        case ours
    }

    enum Direction { case atLeast, atMost }

    enum Standing: String {
        /// Measured, and the goal is reached.
        case goal = "reached"
        /// The floor is reached, the goal is not.
        case floor
        case short
        case noTarget = "-"
    }

    var subject: Subject
    var direction: Direction
    /// Nil where there is only a goal.
    var floor: Double?
    /// Nil where the floor is all that is asked.
    var goal: Double?

    func standing(of figure: Report.Figure) -> Standing {
        let value = subject == .ratio ? figure.ratio ?? .nan : figure.ours
        if let goal, reaches(goal, value) { return .goal }
        if let floor, reaches(floor, value) { return goal == nil ? .goal : .floor }
        return .short
    }

    private func reaches(_ bound: Double, _ value: Double) -> Bool {
        direction == .atLeast ? value >= bound : value <= bound
    }
}

/// Every figure's floor and goal, in the order in which they are printed.
enum Targets {
    static let all: [(name: String, target: Target)] = [
        ("P1", atLeast(floor: 0.5, goal: 0.8)),
        ("P2", atLeast(floor: 3, goal: 6)),
        ("P3", atLeast(floor: 20, goal: 50)),
        ("P4", atMost(floor: 2, goal: 1.3)),
        ("P4-p99", atMost(floor: 3, goal: 2)),
        ("P5", atMost(floor: 3, goal: 1.7)),
        ("P6", atLeast(floor: 0.6, goal: 0.85)),
        ("P6-ping", atLeast(floor: 0.6, goal: 0.85)),
        ("P7", atMost(floor: 3, goal: 1.8)),
        ("P7-buffer", atMost(floor: 3, goal: 1.8)),
        ("P7-tls", atMost(floor: 1.6, goal: 1.25)),
        ("P7-tls-buffer", atMost(floor: 1.6, goal: 1.25)),
        ("P8", atMost(floor: 1.3, goal: 1.1)),
        ("P9", atLeast(floor: 0.5, goal: 0.85)),
        ("P9-tls", atLeast(floor: 0.5, goal: 0.85)),
        ("P10", atLeast(floor: 0.85, goal: 0.95)),
        ("P11-hang", atMost(floor: 1.2, goal: 1.05)),
        ("P11-crash", atMost(floor: 1.2, goal: 1.05)),
        ("P12", atMost(floor: 2000, goal: 300, .ours)),
        ("P13", atMost(floor: 5, goal: 3)),
        ("P13-window", atMost(floor: 5, goal: 3)),
        ("P14", atLeast(floor: 100, goal: 100, .ours)),
        ("P14-lost", atMost(floor: 0, goal: 0, .ours)),
        ("P14-recovery", atMost(floor: nil, goal: 2, .ours)),
        ("P15", atMost(floor: 30, goal: nil, .ours)),
        ("P15-missing", atMost(floor: 0, goal: 0, .ours)),
        ("P15-rate", atLeast(floor: nil, goal: 1)),
    ]

    static func target(of name: String) -> Target? {
        all.first { $0.name == name }?.target
    }

    /// Where a figure stands in a table; the last place for one that has no target.
    static func place(of name: String) -> Int {
        all.firstIndex { $0.name == name } ?? all.count
    }

    private static func atLeast(
        floor: Double?,
        goal: Double?,
        _ subject: Target.Subject = .ratio
    ) -> Target {
        Target(subject: subject, direction: .atLeast, floor: floor, goal: goal)
    }

    private static func atMost(
        floor: Double?,
        goal: Double?,
        _ subject: Target.Subject = .ratio
    ) -> Target {
        Target(subject: subject, direction: .atMost, floor: floor, goal: goal)
    }
}
