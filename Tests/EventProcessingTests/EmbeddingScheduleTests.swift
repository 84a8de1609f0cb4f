// SPDX-License-Identifier: MIT
import Testing

@testable import EventProcessing

@Suite("The schedule of embeddings")
struct EmbeddingScheduleTests {
    private func claimed(_ next: EmbeddingSchedule.Next) -> String? {
        if case .embed(let id) = next { id } else { nil }
    }

    @Test("gives out the newest arrival first, and each once")
    func newestFirst() async {
        let schedule = EmbeddingSchedule(backlogRest: .seconds(60))
        for id in ["a", "b", "c", "b"] { await schedule.arrive(id) }
        var order: [String] = []
        while let id = claimed(await schedule.next()) { order.append(id) }
        #expect(order == ["b", "c", "a"])
    }

    @Test("lets the backlog wait behind arrivals, and rest at the start")
    func backlogAfterArrivals() async {
        let resting = EmbeddingSchedule(backlogRest: .seconds(60))
        if case .rest = await resting.next() {} else { Issue.record("the backlog did not rest") }

        let schedule = EmbeddingSchedule(backlogRest: .zero)
        if case .fetchBacklog = await schedule.next() {} else { Issue.record("no backlog was asked for") }
        await schedule.offer(backlog: ["new", "old"], mayHaveMore: false)
        await schedule.arrive("arrived")
        #expect(claimed(await schedule.next()) == "arrived")
        #expect(claimed(await schedule.next()) == "new")
        #expect(claimed(await schedule.next()) == "old")
        if case .rest = await schedule.next() {} else { Issue.record("the backlog is not empty") }
    }

    @Test("lets the backlog rest while a client's batch runs")
    func backlogRestsDuringBatches() async {
        let schedule = EmbeddingSchedule(backlogRest: .zero)
        await schedule.batchBegins()
        if case .rest = await schedule.next() {} else { Issue.record("the backlog did not rest") }
        await schedule.arrive("arrived")
        #expect(claimed(await schedule.next()) == "arrived")
        await schedule.batchEnds()
        if case .fetchBacklog = await schedule.next() {} else { Issue.record("the backlog was forgotten") }
    }

    @Test("never lets two workers have the same event")
    func claimsExclude() async {
        let schedule = EmbeddingSchedule(backlogRest: .zero)
        #expect(await schedule.claim(["a", "b"]) == ["a", "b"])
        #expect(await schedule.claim(["b", "c"]) == ["c"])
        await schedule.arrive("a")
        #expect(claimed(await schedule.next()) == nil)
        await schedule.release("a")
        #expect(await schedule.claim(["a"]) == ["a"])
    }

    @Test("forgets the oldest arrivals rather than growing, and finds them in the backlog")
    func boundedArrivals() async {
        let schedule = EmbeddingSchedule(arrivedCapacity: 100, backlogRest: .zero)
        if case .fetchBacklog = await schedule.next() {} else { Issue.record("no backlog was asked for") }
        for index in 0..<1000 { await schedule.arrive("\(index)") }
        var count = 0
        while claimed(await schedule.next()) != nil { count += 1 }
        #expect(count <= 100)
        // The loop ended with the request to fetch what was forgotten.
        await schedule.offer(backlog: ["0"], mayHaveMore: false)
        #expect(claimed(await schedule.next()) == "0")
    }

    @Test("wakes those who wait for an event when it is released, and when it closes")
    func waiting() async {
        let schedule = EmbeddingSchedule(backlogRest: .zero)
        let released = await schedule.releases(of: "a")
        await schedule.release("a")
        for await _ in released {}
        let closed = await schedule.releases(of: "b")
        await schedule.close()
        for await _ in closed {}
        for await _ in await schedule.releases(of: "c") {}
        #expect(claimed(await schedule.next()) == nil)
        #expect(await schedule.claim(["d"]) == [])
    }
}
