import Foundation

/// The exact confidence bound of a proportion (Clopper and Pearson 1934).
enum ClopperPearson {
    /// The lower bound of the rate behind `successes` of `trials`: with probability 1 − `delta` the
    /// true rate is at least this.
    static func lowerBound(successes: Int, trials: Int, delta: Double) -> Double {
        guard successes > 0, trials > 0 else { return 0 }
        // The δ quantile of Beta(k, n − k + 1), by bisection: 50 halvings are beyond a double's
        // need here.
        var low = 0.0
        var high = Double(successes) / Double(trials)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            let tail = incompleteBeta(middle, Double(successes), Double(trials - successes + 1))
            if tail < delta { low = middle } else { high = middle }
        }
        return low
    }

    /// I_x(a, b), the regularised incomplete beta function, by Lentz's continued fraction
    /// (Press et al., Numerical Recipes, 6.4).
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let logBeta: Double = lgamma(a) + lgamma(b) - lgamma(a + b)
        let factor = exp(a * log(x) + b * log(1 - x) - logBeta)
        return x < (a + 1) / (a + b + 2)
            ? factor * fraction(x, a, b) / a
            : 1 - factor * fraction(1 - x, b, a) / b
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func bounded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / bounded(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...500 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / bounded(1 + even * d)
            c = bounded(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / bounded(1 + odd * d)
            c = bounded(1 + odd / c)
            let change = d * c
            result *= change
            if abs(change - 1) < 1e-12 { break }
        }
        return result
    }
}
