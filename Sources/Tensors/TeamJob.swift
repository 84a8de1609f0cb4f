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
    /// Items of the job that somebody took, shared by all members; nil for a member without a team.
    private unowned(unsafe) let state: TeamState?
    /// Where this member adds up its time inside `cblas_sgemm`; nil when nobody measures.
    let productClock: UnsafeMutablePointer<UInt64>?

    package init(index: Int, count: Int) {
        unsafe self.init(index: index, count: count, productClock: nil, state: nil)
    }

    init(index: Int, count: Int, productClock: UnsafeMutablePointer<UInt64>?, state: TeamState?) {
        self.index = index
        self.count = count
        // Safe: a member exists during a job only, and the caller of the job keeps the team.
        unsafe self.state = state
        unsafe self.productClock = unsafe productClock
    }

    /// The next of `total` items that nobody has taken in this job, in ascending order; nil when all are taken.
    ///
    /// Members that are held up take fewer. For items that cost much more than the 50 ns of a contended counter.
    func claim(of total: Int) -> Int? {
        guard let state = unsafe state else { return nil }
        let item = state.claim()
        return item < total ? item : nil
    }

    /// This member's share of `total` items in multiples of `grain`, contiguous; empty when there are too few.
    package func share(of total: Int, grain: Int = 1) -> Range<Int> {
        let grains = (total + grain - 1) / grain
        let start = grains * index / count * grain
        let end = grains * (index + 1) / count * grain
        return min(start, total)..<min(end, total)
    }
}
