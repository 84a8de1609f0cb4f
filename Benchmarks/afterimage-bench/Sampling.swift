// SPDX-License-Identifier: MIT

/// Times of one piece of work, repeated.
struct Samples {
    /// Seconds, in the order they were taken.
    let seconds: [Double]
    private let sorted: [Double]

    init(seconds: [Double]) {
        self.seconds = seconds
        sorted = seconds.sorted()
    }

    /// Runs `work` until `budget` is spent, at least `minimum` times after two warm-ups.
    ///
    /// `around` runs before each counted time, and what it returns runs after it; neither is timed.
    init(
        minimum: Int = 12, budget: Duration = .seconds(2), around: () -> (() -> Void) = { {} },
        _ work: () throws -> Void
    ) rethrows {
        try work()
        try work()
        let clock = ContinuousClock()
        let deadline = clock.now + budget
        var seconds: [Double] = []
        while seconds.count < minimum || (clock.now < deadline && seconds.count < 500) {
            let after = around()
            let start = clock.now
            try work()
            let (whole, atto) = (clock.now - start).components
            seconds.append(Double(whole) + Double(atto) / 1e18)
            after()
        }
        self.init(seconds: seconds)
    }

    var median: Double { quantile(0.5) }
    var minimum: Double { quantile(0) }

    /// The smallest time that at least `share` of all runs did not exceed.
    func quantile(_ share: Double) -> Double {
        guard let last = sorted.indices.last else { return .nan }
        return sorted[min(last, Int((Double(sorted.count) * share).rounded(.up)) - (share > 0 ? 1 : 0))]
    }

    /// Each time over the one of the same place in `others`.
    func ratios(to others: [Double]) -> Samples {
        Samples(seconds: zip(seconds, others).map { $0 / $1 })
    }
}
