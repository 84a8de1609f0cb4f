// SPDX-License-Identifier: MIT
import Glibc

/// What a forward pass does to a thread team, for the thread sanitizer: many short jobs that read what the job before
/// wrote, on teams that sleep in between, several teams at once, made and ended again and again.
@main
enum ThreadTeamRaces {
    static func main() {
        for members in [1, 2, 3, 5] { rounds(ThreadTeam(memberCount: members), count: 3000) }
        var threads: [pthread_t] = []
        for _ in 0..<3 {
            var thread = pthread_t()
            pthread_create(&thread, nil, severalTeams, nil)
            threads.append(thread)
        }
        for thread in threads { pthread_join(thread, nil) }
        print("no wrong sum")
    }

    /// Each job adds to the numbers that the one before left, written by whichever member claimed them.
    nonisolated static func rounds(_ team: ThreadTeam, count: Int) {
        let length = 64
        let numbers = UnsafeMutablePointer<Int>.allocate(capacity: length)
        numbers.initialize(repeating: 0, count: length)
        defer { numbers.deallocate() }
        for round in 0..<count {
            if round % 2 == 0 {
                team.perform(ClaimedJob(numbers: numbers, length: length))
            } else {
                team.perform(SharedJob(numbers: numbers, length: length))
            }
            if round % 500 == 0 { usleep(300) }
        }
        guard (0..<length).allSatisfy({ numbers[$0] == count }) else {
            print("FAILED: a job was lost or done twice")
            exit(1)
        }
    }
}

/// What one of several threads does that have teams of their own.
private func severalTeams(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    for _ in 0..<20 { ThreadTeamRaces.rounds(ThreadTeam(memberCount: 3), count: 40) }
    return nil
}

private struct ClaimedJob: TeamJob {
    let numbers: UnsafeMutablePointer<Int>
    let length: Int

    func run(as member: TeamMember) {
        while let item = member.claim(of: length / 4) {
            for index in item * 4..<item * 4 + 4 { numbers[index] += 1 }
        }
    }
}

private struct SharedJob: TeamJob {
    let numbers: UnsafeMutablePointer<Int>
    let length: Int

    func run(as member: TeamMember) {
        for index in member.share(of: length) { numbers[index] += 1 }
    }
}
