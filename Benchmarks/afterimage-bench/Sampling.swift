// SPDX-License-Identifier: MIT

/// Times of one piece of work, repeated.
struct Samples {
    /// Seconds, ascending.
    let seconds: [Double]

    /// Runs `work` until `budget` is spent, at least `minimum` times after two warm-ups.
    init(minimum: Int = 12, budget: Duration = .seconds(2), _ work: () throws -> Void) rethrows {
        try work()
        try work()
        let clock = ContinuousClock()
        let deadline = clock.now + budget
        var seconds: [Double] = []
        while seconds.count < minimum || (clock.now < deadline && seconds.count < 500) {
            let start = clock.now
            try work()
            let (whole, atto) = (clock.now - start).components
            seconds.append(Double(whole) + Double(atto) / 1e18)
        }
        self.seconds = seconds.sorted()
    }

    var median: Double { quantile(0.5) }
    var minimum: Double { quantile(0) }

    /// The smallest time that at least `share` of all runs did not exceed.
    func quantile(_ share: Double) -> Double {
        guard let last = seconds.indices.last else { return .nan }
        return seconds[min(last, Int((Double(seconds.count) * share).rounded(.up)) - (share > 0 ? 1 : 0))]
    }
}
