// SPDX-License-Identifier: MIT

/// A piece of work that the members of a ``ThreadTeam`` share.
///
/// Every member calls `run` once with its own index; together they must do all of the work and no two of them may
/// write the same element. A job is a plain value of pointers and sizes, so that handing it to the team allocates
/// nothing.
protocol TeamJob {
    func run(as member: TeamMember)
}

extension TeamJob {
    /// Entry for a member that knows the job only by its type and address.
    static func run(at address: UnsafeRawPointer, as member: TeamMember) {
        // Safe: ThreadTeam.perform publishes the address of a live value of exactly this type.
        unsafe address.assumingMemoryBound(to: Self.self).pointee.run(as: member)
    }
}

/// One member's place in its team.
@safe package struct TeamMember {
    /// 0…`count` − 1; 0 is the thread that called `perform`.
    package let index: Int
    /// Number of members.
    package let count: Int
    /// What was taken of each member's share, ``TeamState/lineStride`` apart; nil for a member without a team.
    ///
    /// An address and not the team, whose count of references would go from core to core with every item.
    private let counters: UnsafeMutablePointer<ShareCounter>?
    /// Number of the job.
    private let job: Int
    /// Where this member adds up its time inside `cblas_sgemm`; nil when nobody measures.
    let productClock: UnsafeMutablePointer<UInt64>?

    package init(index: Int, count: Int) {
        unsafe self.init(index: index, count: count, productClock: nil, counters: nil, job: 0)
    }

    init(
        index: Int, count: Int, productClock: UnsafeMutablePointer<UInt64>?,
        counters: UnsafeMutablePointer<ShareCounter>?, job: Int
    ) {
        self.index = index
        self.job = job
        self.count = count
        // Safe: a member exists during a job only, and the caller of the job keeps the team.
        unsafe self.counters = unsafe counters
        unsafe self.productClock = unsafe productClock
    }

    /// The next of `total` items that nobody has taken in this job: of this member's own share, in ascending order, then of
    /// the others'; nil when all are taken.
    ///
    /// `total` must be the same in every call of a job. Members that are held up do less. Until one is done, no line goes
    /// from core to core for an item.
    func claim(of total: Int) -> Int? {
        guard let counters = unsafe counters else { return nil }
        for step in 0..<count {
            let owner = index + step < count ? index + step : index + step - count
            let share = share(of: total, of: owner)
            // Safe: there is a counter for each member.
            let item = unsafe counters[owner * TeamState.lineStride].take(of: share.count, in: job)
            if let item { return share.lowerBound + item }
        }
        return nil
    }

    /// This member's share of `total` items in multiples of `grain`, contiguous; empty when there are too few.
    package func share(of total: Int, grain: Int = 1) -> Range<Int> {
        share(of: total, grain: grain, of: index)
    }

    private func share(of total: Int, grain: Int = 1, of member: Int) -> Range<Int> {
        let grains = (total + grain - 1) / grain
        let start = grains * member / count * grain
        let end = grains * (member + 1) / count * grain
        return min(start, total)..<min(end, total)
    }
}
