/// How a core is trained; the defaults are the measured ones.
public struct TrainingOptions: Sendable, Hashable {
    /// Runs through the examples; nil for 15 under 3,000 examples and 10 from there on.
    public var epochs: Int?
    /// AdaGrad's learning rate at the first step.
    public var firstRate: Float
    /// Its learning rate at the last step; in between it falls in a straight line.
    public var lastRate: Float
    /// Whether independent fits run on all cores at once; the result is the same.
    public var runsInParallel: Bool

    /// Creates options.
    ///
    /// - Parameters:
    ///   - epochs: Runs through the examples; nil chooses by their number.
    ///   - firstRate: The learning rate at the start.
    ///   - lastRate: The learning rate at the end.
    ///   - runsInParallel: Whether to use all cores; a server that is talking to customers says
    ///     false.
    public init(
        epochs: Int? = nil,
        firstRate: Float = 0.1,
        lastRate: Float = 0.005,
        runsInParallel: Bool = true
    ) {
        self.epochs = epochs
        self.firstRate = firstRate
        self.lastRate = lastRate
        self.runsInParallel = runsInParallel
    }
}
