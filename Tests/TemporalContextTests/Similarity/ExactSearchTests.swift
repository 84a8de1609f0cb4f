// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import TemporalContext
import TestSupport
import Testing

/// The index against a comparison with every event in double precision, over random histories.
@Suite struct ExactSearchTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func findsWhatAComparisonWithEveryEventFinds(seed: UInt64) async throws {
        var history = RandomHistory(seed: seed)
        let fixture = try IndexFixture()
        for round in 0..<6 {
            try await history.change(fixture, insertions: round == 0 ? 500 : 60)
            for _ in 0..<25 {
                let question = history.question()
                let found = try await fixture.index.search(
                    question.values, version: question.version, filter: question.filter,
                    limit: question.limit,
                    minimum: question.minimum)
                let expected = history.answer(question)
                let comment = "seed \(seed), round \(round), \(question)" as Comment
                #expect(try await fixture.ids(found) == expected.ids, comment)
                for (neighbor, cosine) in zip(found.neighbors, expected.cosines) {
                    #expect(abs(neighbor.cosine - cosine) < 1e-12, comment)
                }
                #expect(found.comparedCount == expected.comparedCount, comment)
            }
        }
    }
}

/// Events that come, go and change, and questions about them.
struct RandomHistory {
    struct Question {
        var values: [Float]
        var version: String
        var filter: SimilarityFilter
        var limit: Int
        var minimum: Double
    }

    private var generator: SeededGenerator
    private(set) var events: [SearchEvent] = []
    private let centres: [[Float]]
    private let dimension = 70
    private let zones = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        var centres: [[Float]] = []
        for _ in 0..<4 { centres.append(generator.floats(70)) }
        self.centres = centres
    }

    /// Adds events, deletes some, embeds some again, and moves some to another camera or time.
    mutating func change(_ fixture: IndexFixture, insertions: Int) async throws {
        for _ in 0..<insertions {
            let event = newEvent()
            events.append(event)
            try await fixture.insert(event)
        }
        for _ in 0..<insertions / 8 {
            let place = Int.random(in: events.indices, using: &generator)
            #expect(try await fixture.store.delete(eventID: events[place].id))
            events.remove(at: place)
        }
        for _ in 0..<insertions / 8 {
            let place = Int.random(in: events.indices, using: &generator)
            events[place].values = vector()
            events[place].version = version()
            _ = try await fixture.store.storeEmbedding(
                Embedding(events[place].values, modelVersion: ModelVersion(events[place].version)),
                eventID: events[place].id, at: .now())
        }
    }

    mutating func question() -> Question {
        var filter = SimilarityFilter()
        let pick = Int.random(in: 0..<8, using: &generator)
        if pick & 1 != 0 { filter.cameraID = camera() }
        if pick & 2 != 0 {
            filter.objectTypes = [ObjectType.allCases.randomElement(using: &generator) ?? .person]
        }
        if pick & 4 != 0 {
            filter.hours = HourBand(
                ["22-05", "7-19", "06:30-08:15", "0-24"].randomElement(using: &generator) ?? "")
            filter.timeZone =
                TimeZone(identifier: zones.randomElement(using: &generator) ?? "UTC") ?? .current
        }
        if Bool.random(using: &generator) { filter.earliest = time() }
        if Int.random(in: 0..<4, using: &generator) == 0 { filter.latest = time() }
        if Int.random(in: 0..<4, using: &generator) == 0 {
            let start = time()
            filter.excludedTimes = start...start.adding(seconds: 86_400 * 20)
        }
        let known = events.randomElement(using: &generator)
        return Question(
            values: Bool.random(using: &generator) ? known?.values ?? vector() : vector(), version: version(),
            filter: filter, limit: Int.random(in: 1...30, using: &generator),
            minimum: [-1, 0, 0.5, 0.9].randomElement(using: &generator) ?? -1)
    }

    /// The answer by comparing with every event.
    func answer(_ question: Question) -> (ids: [String], cosines: [Double], comparedCount: Int) {
        let passed = events.enumerated().filter { passes($1, question) }
        let scored = passed.map { (order: $0, event: $1, cosine: $1.cosine(question.values)) }
            .filter { $0.cosine >= question.minimum - 1e-13 }
            .sorted { a, b in
                if abs(a.cosine - b.cosine) > 1e-13 { return a.cosine > b.cosine }
                if a.event.timestamp != b.event.timestamp { return a.event.timestamp > b.event.timestamp }
                return a.order > b.order
            }
            .prefix(question.limit)
        return (scored.map(\.event.id), scored.map(\.cosine), passed.count)
    }

    private func passes(_ event: SearchEvent, _ question: Question) -> Bool {
        let filter = question.filter
        guard event.version == question.version else { return false }
        if let camera = filter.cameraID, event.camera != camera { return false }
        if !filter.objectTypes.isEmpty, Set(filter.objectTypes).isDisjoint(with: event.objects) {
            return false
        }
        if let earliest = filter.earliest, event.timestamp < earliest { return false }
        if let latest = filter.latest, event.timestamp > latest { return false }
        if let times = filter.excludedTimes, times.contains(event.timestamp) { return false }
        guard let hours = filter.hours else { return true }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = filter.timeZone
        let date = Date(timeIntervalSince1970: Double(event.timestamp.microseconds) / 1e6)
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        return hours.contains(minute: 60 * (parts.hour ?? 0) + (parts.minute ?? 0))
    }

    private mutating func newEvent() -> SearchEvent {
        SearchEvent(
            id: UUID().uuidString.lowercased(), camera: camera(), timestamp: time(),
            objects: [.person, .vehicle, .animal].filter { _ in Bool.random(using: &generator) } + [.unknown],
            version: version(), values: vector())
    }

    private mutating func camera() -> String {
        ["front-door", "garage", "garden"].randomElement(using: &generator) ?? "garden"
    }

    private mutating func version() -> String { Int.random(in: 0..<10, using: &generator) == 0 ? "v2" : "v1" }

    /// A moment in two years, now and then exactly that of another.
    private mutating func time() -> Timestamp {
        if Int.random(in: 0..<5, using: &generator) == 0, let known = events.randomElement(using: &generator)
        {
            return known.timestamp
        }
        return Timestamp(microseconds: 1_700_000_000_000_000).adding(
            seconds: Int.random(in: 0..<63_072_000, using: &generator))
    }

    /// A vector near one of a few, a copy of a known one, or a multiple of one.
    private mutating func vector() -> [Float] {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: return events.randomElement(using: &generator)?.values ?? centres[0]
        case 1: return (events.randomElement(using: &generator)?.values ?? centres[1]).map { 2 * $0 }
        case 2: return generator.floats(dimension)
        default:
            let centre = centres.randomElement(using: &generator) ?? centres[0]
            return zip(centre, generator.floats(dimension, 0.1)).map { $0 + $1 }
        }
    }
}
