// SPDX-License-Identifier: MIT
import Foundation
import Synchronization
import Testing

@testable import Tensors

@Suite("Thread team")
struct ThreadTeamTests {
    @Test("Every index is worked on exactly once", arguments: [1, 2, 5], [0, 1, 3, 1000])
    func everyIndexOnce(members: Int, count: Int) {
        let team = ThreadTeam(memberCount: members)
        #expect(team.map(count) { $0 * $0 } == (0..<count).map { $0 * $0 })
    }

    @Test("Ten thousand small jobs in a row all finish, sleeping members included")
    func manySmallJobs() {
        let team = ThreadTeam(memberCount: 3)
        let total = Mutex(0)
        for round in 0..<10_000 {
            team.forEach(3) { _ in total.withLock { $0 += 1 } }
            // Long enough for the members to fall asleep now and then.
            if round % 2500 == 0 { Thread.sleep(forTimeInterval: 0.01) }
        }
        #expect(total.withLock { $0 } == 30_000)
    }

    @Test(
        "A share covers everything once, in multiples of the grain", arguments: [1, 2, 3, 7],
        [0, 1, 31, 32, 33, 768])
    func sharesPartition(members: Int, total: Int) {
        for grain in [1, 8, 32] {
            var covered: [Int] = []
            for index in 0..<members {
                let share = TeamMember(index: index, count: members).share(of: total, grain: grain)
                #expect(share.isEmpty || share.lowerBound % grain == 0)
                covered += share
            }
            #expect(covered == Array(0..<total))
        }
    }

    @Test(
        "Claims hand out every item once, to each member its own share first, in ascending order",
        arguments: [1, 2, 8], [0, 1, 5, 400])
    func claimsPartition(members: Int, items: Int) {
        let team = ThreadTeam(memberCount: members)
        let taken = Mutex<[Int: [Int]]>([:])
        for _ in 0..<50 {
            taken.withLock { $0 = [:] }
            team.perform(
                ClaimingJob(items: items) { member, item in
                    taken.withLock { $0[member, default: []].append(item) }
                })
            let lists = taken.withLock { $0 }
            #expect(lists.values.flatMap(\.self).sorted() == Array(0..<items))
            for (member, list) in lists {
                let share = TeamMember(index: member, count: members).share(of: items)
                let own = list.prefix { share.contains($0) }
                #expect(
                    own.elementsEqual(own.sorted())
                        && !list.dropFirst(own.count).contains { share.contains($0) })
            }
        }
    }

    @Test("Jobs of different sizes follow each other on one team", arguments: [1, 2, 3, 8])
    func sizesChange(members: Int) {
        let team = ThreadTeam(memberCount: members)
        for round in 0..<2000 {
            let items = [0, 60, 1, 5][round % 4]
            #expect(team.map(items) { $0 } == Array(0..<items))
        }
    }

    @Test("A counter counts each job anew, whatever was taken in the one before")
    func countersKnowTheirJob() {
        let counter = ShareCounter()
        #expect([0, 1, 2].allSatisfy { counter.take(of: 3, in: 1) == $0 })
        #expect(counter.take(of: 3, in: 1) == nil)
        #expect(counter.take(of: 0, in: 2) == nil)
        #expect(counter.take(of: 5, in: 3) == 0)
        #expect(counter.take(of: 5, in: Int(UInt32.max)) == 0)
        #expect(counter.take(of: 5, in: Int(UInt32.max) + 1) == 0)
        #expect(counter.take(of: 5, in: Int(UInt32.max) + 1) == 1)
    }

    @Test("What a member that is held up does not get to is done by the others", arguments: [2, 3, 8])
    func heldUpMembersAreHelped(members: Int) throws {
        let team = ThreadTeam(memberCount: members)
        let items = 60
        for heldUp in 0..<members {
            let first = TeamMember(index: heldUp, count: members).share(of: items).lowerBound
            let done = Mutex(0)
            let others = Mutex(0)
            let deadline = ContinuousClock.now + .seconds(10)
            team.perform(
                ClaimingJob(items: items) { _, item in
                    // Goes on when others have done everything else, the rest of its share included.
                    while item == first && done.withLock({ $0 }) < items - 1 && .now < deadline {
                        Thread.sleep(forTimeInterval: 1e-4)
                    }
                    if item == first { others.withLock { $0 = done.withLock { $0 } } }
                    done.withLock { $0 += 1 }
                })
            try #require(others.withLock { $0 } == items - 1)
        }
    }

    @Test("A team that nobody uses any more ends its threads")
    func teamsEnd() {
        for _ in 0..<200 { _ = ThreadTeam(memberCount: 3) }
    }
}

private struct ClaimingJob: TeamJob {
    let items: Int
    let note: @Sendable (Int, Int) -> Void

    func run(as member: TeamMember) {
        while let item = member.claim(of: items) { note(member.index, item) }
    }
}
