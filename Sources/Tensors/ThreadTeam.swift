// SPDX-License-Identifier: MIT
internal import Glibc
internal import Synchronization

/// A few threads that work through one job at a time together with their caller.
///
/// A forward pass is about a hundred jobs of 0.05 to 5 milliseconds. A member that finds no job spins for some tens
/// of microseconds, which bridges the gap between two jobs, and then sleeps, so that an idle team costs nothing.
///
/// BLAS runs single-threaded underneath: the team splits the columns of a product, which packs each weight once
/// instead of once per thread.
package final class ThreadTeam: Sendable {
    /// Threads that take part in a job, the caller included; at least 1.
    package let memberCount: Int

    private let state: TeamState
    private let threads: [pthread_t]

    /// Starts `memberCount` − 1 threads.
    ///
    /// A thread that the system refuses is done without: the team is then smaller than asked for.
    package init(memberCount: Int) {
        let state = TeamState(memberLimit: max(1, memberCount))
        var threads: [pthread_t] = []
        for index in 1..<max(1, memberCount) {
            let seat = unsafe Unmanaged.passRetained(TeamSeat(state: state, index: index))
            var thread = pthread_t()
            let code = unsafe pthread_create(&thread, nil, teamMemberMain, seat.toOpaque())
            guard code == 0 else {
                unsafe seat.release()
                break
            }
            threads.append(thread)
        }
        self.state = state
        self.threads = threads
        self.memberCount = threads.count + 1
        state.setMemberCount(threads.count + 1)
    }

    deinit {
        state.stop()
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Runs `job` on all members and returns when all of them are done.
    ///
    /// - Important: One caller at a time; a team belongs to the worker that made it.
    /// - Complexity: A microsecond or two above the job itself. Allocates nothing.
    func perform<Job: TeamJob>(_ job: Job) {
        guard memberCount > 1 else {
            state.beginAlone()
            job.run(as: state.member(0))
            state.collectProductClocks()
            return
        }
        // Safe: `publish` and `waitForMembers` bracket every use of the address inside the value's lifetime.
        unsafe withUnsafePointer(to: job) { address in
            unsafe state.publish(Job.self, UnsafeRawPointer(address))
            job.run(as: state.member(0))
            state.waitForMembers()
        }
        state.collectProductClocks()
    }

    /// Starts measuring the time inside `cblas_sgemm`; zero again with every call.
    package func startProductClocks() { state.startProductClocks() }

    /// Seconds inside `cblas_sgemm` since `startProductClocks`; then stops measuring.
    ///
    /// Each job counts with its slowest member: nobody gets further before that one is done.
    package func stopProductClocks() -> Double { state.stopProductClocks() }
}

/// What a starting thread needs to find its team; released by the thread itself.
private final class TeamSeat: Sendable {
    let state: TeamState
    let index: Int

    init(state: TeamState, index: Int) {
        self.state = state
        self.index = index
    }
}

private func teamMemberMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    // Safe: ThreadTeam.init passed a retained TeamSeat and hands its ownership over to this thread.
    let seat = unsafe Unmanaged<TeamSeat>.fromOpaque(context).takeRetainedValue()
    seat.state.serve(as: seat.index)
    return nil
}
