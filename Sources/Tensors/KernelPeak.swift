// SPDX-License-Identifier: MIT
internal import CGEMMKernels

/// What a kernel's multiplications reach when nothing is read from memory: the limit of the processor, now.
package struct KernelPeak {
    private let team: ThreadTeam

    package init(_ team: ThreadTeam) {
        self.team = team
    }

    /// Operations a second of all members together (a product and a sum are two), from about `milliseconds` of work; nil
    /// for a kernel in plain C.
    package func operationsPerSecond(_ kernel: ProductKernel, milliseconds: Int = 5) -> Double? {
        let clock = ContinuousClock()
        // 24 multiplications take 12 cycles, 4 ns; measured, since a slower processor takes longer.
        var rounds = 1000
        var rate = 0.0
        for _ in 0..<2 {
            let start = clock.now
            team.perform(PeakJob(kernel: kernel, rounds: rounds))
            let (seconds, attoseconds) = (clock.now - start).components
            let duration = Double(seconds) + Double(attoseconds) / 1e18
            // Every member does the same; no round returns the operations of none.
            let total = gemm_peak(kernel.index, 1) * Double(rounds * team.memberCount)
            guard total > 0, duration > 0 else { return nil }
            rate = total / duration
            rounds = max(1, Int(Double(rounds) * Double(milliseconds) / 1e3 / duration))
        }
        return rate
    }
}

private struct PeakJob: TeamJob {
    let kernel: ProductKernel
    let rounds: Int

    func run(as member: TeamMember) { _ = gemm_peak(kernel.index, rounds) }
}
