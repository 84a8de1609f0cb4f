// SPDX-License-Identifier: MIT
internal import CVectorKernels
internal import Glibc
internal import Synchronization

/// The meeting point of a ``ThreadTeam``: one published job, a generation counter, and a count of members at work.
///
/// Protocol: the caller writes the job, sets `working`, then raises `generation` (releasing). A member that sees a
/// new generation (acquiring) runs the job and lowers `working` (releasing). The caller leaves when `working` is
/// zero (acquiring). The job fields are therefore written only while no member reads them. No generation is raised while a
/// member works, so its number names the job.
@safe final class TeamState {
    private let memberLimit: Int
    private let generation = Atomic<Int>(0)
    private let working = Atomic<Int>(0)
    private let sleeping = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private let memberCount = Atomic<Int>(1)

    private var job: (any TeamJob.Type)?
    private var address: UnsafeRawPointer?
    private var isMeasuring = false
    /// Nanoseconds that the slowest member of each job spent inside `cblas_sgemm`, added up.
    private var productNanoseconds: UInt64 = 0

    // Two cache lines from one member's clock to the next one's, and so of the counters: members do not disturb each other.
    static let lineStride = 16
    private let clocks: UnsafeMutablePointer<UInt64>
    /// How many items of each member's share were taken in which job; see ``ShareCounter``.
    private let counters: UnsafeMutablePointer<ShareCounter>
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let wakeUp: UnsafeMutablePointer<pthread_cond_t>

    /// Polls of the generation before a member sleeps: about 50 µs, at some 40 ns a pause.
    private static let pollLimit = 1200
    /// Polls before the caller lets other threads of the machine run.
    private static let yieldLimit = 600

    init(memberLimit: Int) {
        self.memberLimit = memberLimit
        unsafe clocks = .allocate(capacity: memberLimit * Self.lineStride)
        unsafe clocks.initialize(repeating: 0, count: memberLimit * Self.lineStride)
        unsafe counters = .allocate(capacity: memberLimit * Self.lineStride)
        for index in 0..<memberLimit * Self.lineStride {
            unsafe (counters + index).initialize(to: ShareCounter())
        }
        unsafe mutex = .allocate(capacity: 1)
        unsafe wakeUp = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe wakeUp.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(wakeUp, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(wakeUp)
        unsafe pthread_mutex_destroy(mutex)
        unsafe wakeUp.deallocate()
        unsafe mutex.deallocate()
        unsafe clocks.deallocate()
        unsafe counters.deinitialize(count: memberLimit * Self.lineStride)
        unsafe counters.deallocate()
    }

    func setMemberCount(_ count: Int) { memberCount.store(count, ordering: .releasing) }

    /// Member `index` in the running job.
    func member(_ index: Int) -> TeamMember {
        let clock = unsafe isMeasuring ? clocks + index * Self.lineStride : nil
        return unsafe TeamMember(
            index: index, count: memberCount.load(ordering: .acquiring), productClock: clock,
            counters: counters, job: generation.load(ordering: .relaxed))
    }

    // MARK: - Caller

    /// Before a job that the caller runs alone.
    func beginAlone() { generation.add(1, ordering: .relaxed) }

    func publish(_ job: any TeamJob.Type, _ address: UnsafeRawPointer) {
        self.job = job
        unsafe self.address = unsafe address
        working.store(memberCount.load(ordering: .relaxed) - 1, ordering: .relaxed)
        // Sequentially consistent together with `sleep`: either the member sees the new generation before it
        // sleeps, or this thread sees that it sleeps and wakes it.
        generation.add(1, ordering: .sequentiallyConsistent)
        if sleeping.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
    }

    func waitForMembers() {
        var polls = 0
        while working.load(ordering: .acquiring) > 0 {
            polls += 1
            vector_pause()
            if polls > Self.yieldLimit { sched_yield() }
        }
    }

    func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        wakeAll()
    }

    private func wakeAll() {
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_cond_broadcast(wakeUp)
        unsafe pthread_mutex_unlock(mutex)
    }

    // MARK: - Members

    /// Runs jobs until the team stops.
    func serve(as index: Int) {
        var seen = 0
        while waitForGeneration(after: seen) {
            seen += 1
            if let job, let address = unsafe address {
                unsafe job.run(at: address, as: member(index))
            }
            working.subtract(1, ordering: .releasing)
        }
    }

    /// False when the team stops.
    private func waitForGeneration(after seen: Int) -> Bool {
        for _ in 0..<Self.pollLimit {
            if generation.load(ordering: .acquiring) != seen { return true }
            if stopping.load(ordering: .relaxed) { return false }
            vector_pause()
        }
        return sleep(after: seen)
    }

    private func sleep(after seen: Int) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        sleeping.add(1, ordering: .sequentiallyConsistent)
        while generation.load(ordering: .sequentiallyConsistent) == seen,
            !stopping.load(ordering: .sequentiallyConsistent)
        {
            unsafe pthread_cond_wait(wakeUp, mutex)
        }
        sleeping.subtract(1, ordering: .sequentiallyConsistent)
        unsafe pthread_mutex_unlock(mutex)
        return generation.load(ordering: .acquiring) != seen
    }

    // MARK: - Clocks

    func startProductClocks() {
        unsafe clocks.update(repeating: 0, count: memberLimit * Self.lineStride)
        productNanoseconds = 0
        isMeasuring = true
    }

    /// Called between jobs: the job took as long in products as its slowest member.
    func collectProductClocks() {
        guard isMeasuring else { return }
        var slowest: UInt64 = 0
        for index in 0..<memberLimit {
            unsafe slowest = max(slowest, clocks[index * Self.lineStride])
            unsafe clocks[index * Self.lineStride] = 0
        }
        productNanoseconds += slowest
    }

    func stopProductClocks() -> Double {
        isMeasuring = false
        return Double(productNanoseconds) / 1e9
    }
}

// Shared between the caller and the members. All stored properties but the clocks and the atomic ones are written by the
// caller only while `working` is zero, and read by members only after they acquired the generation that was released after
// the writing; each clock is written by its own member. Without that order members could run a job that is gone.
extension TeamState: @unchecked @unsafe Sendable {}
