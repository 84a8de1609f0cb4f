// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import TestSupport
import Testing

@testable import TemporalContext

@Suite("Matching of events to entities")
struct RecurrenceMatcherTests {
    private func matcher(
        _ camera: inout SyntheticCamera, pictures: Int = 60, options: RecurrenceOptions = RecurrenceOptions()
    ) -> RecurrenceMatcher {
        var matcher = RecurrenceMatcher(modelVersion: .standIn, options: options)
        let sample = (0..<pictures).map { index in
            RecurrenceMatcher.Picture(
                eventID: "background \(index)", type: .vehicle,
                values: camera.picture(of: index % 2 == 0 ? nil : 1000 + index, light: index % 3))
        }
        matcher.load(cameraID: "c", pictures: sample, exemplars: [])
        return matcher
    }

    @Test("recognises in another light what raw pictures do not show", arguments: [1, 2, 3] as [UInt64])
    func acrossLights(seed: UInt64) throws {
        var camera = SyntheticCamera(seed: seed)
        var matcher = matcher(&camera)
        let (morning, evening) = (camera.picture(of: 1, light: 0), camera.picture(of: 1, light: 1))
        let stranger = camera.picture(of: 2, light: 0)
        // The stranger in the same light is nearer than the same car in another one.
        let raw = { (a: [Float], b: [Float]) in
            Embedding(a, modelVersion: .standIn).cosineSimilarity(to: Embedding(b, modelVersion: .standIn))
                ?? 0
        }
        #expect(raw(morning, stranger) > raw(morning, evening))
        matcher.add(morning, eventID: "e", cameraID: "c", type: .vehicle, to: "car")
        guard
            case .known("car", let score) = matcher.decide(
                evening, cameraID: "c", type: .vehicle, except: [])
        else {
            Issue.record("not recognised")
            return
        }
        #expect(score > 0.5 && score <= 1)
        #expect(matcher.decide(stranger, cameraID: "c", type: .vehicle, except: []) == .new)
    }

    @Test("offers the entity in another light first as the same, and says which are loose")
    func resemblances() throws {
        var camera = SyntheticCamera(seed: 12)
        var matcher = matcher(&camera)
        for (entity, light) in [("morning", 0), ("evening", 1)] {
            for place in 0..<3 {
                matcher.add(
                    camera.picture(of: 1, light: light), eventID: "\(entity) \(place)", cameraID: "c",
                    type: .vehicle, to: entity)
            }
        }
        for other in 2..<12 {
            matcher.add(
                camera.picture(of: other, light: other % 3), eventID: "e\(other)", cameraID: "c",
                type: .vehicle, to: "other \(other)")
        }
        matcher.add(
            camera.picture(of: 1, light: 0), eventID: "p", cameraID: "c", type: .person, to: "person")
        let found = matcher.resemblances(of: "morning", count: 4)
        #expect(found.count == 4)
        #expect(found.first?.entityID == "evening")
        #expect(try #require(found.first).margin > 0)
        #expect(try #require(found.last).margin < 0)
        #expect(found.map(\.margin) == found.map(\.margin).sorted(by: >))
        #expect(!found.contains { $0.entityID == "person" || $0.entityID == "morning" })
        #expect(matcher.resemblances(of: "nobody", count: 4).isEmpty)
        #expect(!matcher.isLoose("morning"))
        matcher.add(
            camera.picture(of: 77, light: 0), eventID: "stray", cameraID: "c", type: .vehicle, to: "morning")
        #expect(matcher.isLoose("morning"))
    }

    @Test("leaves vectors of another length out, wherever they stand")
    func otherDimension() {
        var camera = SyntheticCamera(seed: 9)
        let options = RecurrenceOptions()
        var matcher = RecurrenceMatcher(modelVersion: .standIn, options: options)
        let short: [Float] = [1, 2, 3]
        let strange = RecurrenceMatcher.Picture(eventID: "short", type: .vehicle, values: short)
        let sample = (0..<60).map { index in
            RecurrenceMatcher.Picture(
                eventID: "background \(index)", type: .vehicle,
                values: camera.picture(of: index % 2 == 0 ? nil : 1000 + index, light: index % 3))
        }
        let picture = camera.picture(of: 1, light: 0)
        let exemplars = [("short", short), ("car", picture)].map { name, values in
            EntityExemplar(
                entityID: name, entityType: .vehicle, eventID: "e \(name)", cameraID: "c", values: values)
        }
        matcher.load(cameraID: "c", pictures: [strange] + sample, exemplars: exemplars)
        #expect(
            matcher.decide(picture, cameraID: "c", type: .vehicle, except: [])
                == .known(entityID: "car", score: 1))
        #expect(matcher.decide(short, cameraID: "c", type: .vehicle, except: []) == nil)
        let isSeen = matcher.see(strange, cameraID: "c")
        #expect(!isSeen)
    }

    @Test("groups anew with every sixteenth more pictures, and where nothing is known of the last time")
    func regroupingDue() {
        var camera = SyntheticCamera(seed: 10)
        let matcher = matcher(&camera, pictures: 160)
        #expect(matcher.isRegroupingDue(cameraID: "c", freshCount: nil))
        #expect(!matcher.isRegroupingDue(cameraID: "c", freshCount: 8))
        #expect(matcher.isRegroupingDue(cameraID: "c", freshCount: 10))
        #expect(!matcher.isRegroupingDue(cameraID: "unknown", freshCount: nil))
    }

    @Test("keeps to the type, the camera, and what the owner has excluded")
    func separation() {
        var camera = SyntheticCamera(seed: 4)
        var matcher = matcher(&camera)
        let picture = camera.picture(of: 1, light: 0)
        matcher.add(picture, eventID: "e", cameraID: "c", type: .vehicle, to: "car")
        #expect(
            matcher.decide(picture, cameraID: "c", type: .vehicle, except: [])
                == .known(entityID: "car", score: 1))
        #expect(matcher.decide(picture, cameraID: "c", type: .person, except: []) == .new)
        #expect(matcher.decide(picture, cameraID: "d", type: .vehicle, except: []) == .new)
        #expect(matcher.decide(picture, cameraID: "c", type: .vehicle, except: ["car"]) == .new)
        matcher.remove(entityID: "car")
        #expect(matcher.decide(picture, cameraID: "c", type: .vehicle, except: []) == .new)
        #expect(
            matcher.decide([Float](repeating: 0, count: 512), cameraID: "c", type: .vehicle, except: [])
                == nil
        )
    }

    @Test("compares whole pictures while it knows too little of a camera")
    func cold() {
        var camera = SyntheticCamera(seed: 5)
        var matcher = RecurrenceMatcher(modelVersion: .standIn, options: RecurrenceOptions())
        let picture = camera.picture(of: 1, light: 0)
        matcher.add(picture, eventID: "e", cameraID: "c", type: .person, to: "one")
        #expect(matcher.threshold(cameraID: "c", type: .person) == RecurrenceOptions().coldThreshold)
        #expect(
            matcher.decide(picture, cameraID: "c", type: .person, except: [])
                == .known(entityID: "one", score: 1))
        let other = camera.picture(of: 1, light: 1)
        #expect(matcher.decide(other, cameraID: "c", type: .person, except: []) == .new)
    }

    @Test("decides the same for the same pictures in the same order")
    func deterministic() {
        var decisions: [[RecurrenceMatcher.Decision?]] = []
        for _ in 0..<2 {
            var camera = SyntheticCamera(seed: 6)
            var matcher = matcher(&camera)
            var its: [RecurrenceMatcher.Decision?] = []
            for index in 0..<30 {
                let picture = camera.picture(of: index % 7, light: index % 3)
                let decision = matcher.decide(picture, cameraID: "c", type: .vehicle, except: [])
                its.append(decision)
                var entity = "entity \(index)"
                if case .known(let id, _) = decision { entity = id }
                matcher.add(picture, eventID: "e\(index)", cameraID: "c", type: .vehicle, to: entity)
            }
            decisions.append(its)
        }
        #expect(decisions[0] == decisions[1])
        #expect(decisions[0].count { $0 == .new } == 7)
    }

    @Test("finds the same entity as a search through everything", arguments: [1, 2, 3] as [UInt64])
    func naiveTwin(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var gallery = EntityGallery(limit: 100)
        var kept: [String: [[Float]]] = [:]
        for index in 0..<200 {
            let entity = "e\(Int.random(in: 0..<60, using: &random))"
            let values = random.floats(40)
            gallery.add(try #require(UnitVector(values)), of: "\(index)", to: entity)
            kept[entity, default: []].append(Self.unit(values))
        }
        for _ in 0..<50 {
            let query = random.floats(40)
            let vector = try #require(UnitVector(query))
            let match = try #require(gallery.best(for: vector))
            let scores = kept.mapValues { Self.naiveScore(Self.unit(query), $0) }
            let best = try #require(scores.values.max())
            #expect(abs(Double(match.score) - best) < 1e-5)
            #expect(abs((scores[match.entityID] ?? -1) - best) < 1e-5)
        }
    }

    private static func unit(_ values: [Float]) -> [Float] {
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / norm }
    }

    private static func naiveScore(_ query: [Float], _ vectors: [[Float]]) -> Double {
        let dot = { (a: [Float], b: [Float]) in zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
        let mean = unit(vectors[0].indices.map { index in vectors.reduce(0) { $0 + $1[index] } })
        return (dot(query, mean) + (vectors.map { dot(query, $0) }.max() ?? -1)) / 2
    }

    @Test(
        "takes at most 10 ms against 10,000 entities",
        .enabled(if: TestSwitches.long, "times mean nothing beside other tests; tools/test --long runs it"))
    func speed() throws {
        var random = SeededGenerator(seed: 7)
        var gallery = EntityGallery(limit: 16)
        for index in 0..<20_000 {
            gallery.add(
                try #require(UnitVector(random.floats(512))), of: "\(index)", to: "e\(index % 10_000)")
        }
        #expect(gallery.count == 10_000)
        let clock = ContinuousClock()
        var times: [Duration] = []
        for _ in 0..<15 {
            let query = try #require(UnitVector(random.floats(512)))
            let start = clock.now
            #expect(gallery.best(for: query) != nil)
            times.append(start.duration(to: clock.now))
        }
        let median = times.sorted()[7]
        print("match against 10,000 entities of 2 vectors each: median \(median)")
        #expect(median <= .milliseconds(10))
    }
}
