// SPDX-License-Identifier: MIT
import Foundation
import Imaging
import SampleScenes
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    /// The experiment of docs/decisions/0009: AFTERIMAGE_TEST_LONG tries more diaries, which need not all succeed.
    @Suite(
        "A car that comes home",
        .enabled(if: EventServerSuite.hasFullSizeWeights, "set AFTERIMAGE_TEST_WEIGHTS_DIR to run the diary"))
    struct DiaryTests {
        /// Pairs of events that are in one entity, against pairs that show one subject.
        struct Pairs {
            var together = 0
            var same = 0
            var both = 0

            var precision: Double { together == 0 ? 1 : Double(both) / Double(together) }
            var recall: Double { same == 0 ? 1 : Double(both) / Double(same) }

            mutating func count(isTogether: Bool, isSame: Bool) {
                together += isTogether ? 1 : 0
                same += isSame ? 1 : 0
                both += isTogether && isSame ? 1 : 0
            }

            var text: String { String(format: "%.3f / %.3f", precision, recall) }
        }

        @Test(
            "on 20 days among 200 other events ends in one entity",
            arguments: (EventServerSuite.isLong ? [1, 2, 3] : [1, 2]) as [UInt64])
        func resident(seed: UInt64) async throws {
            let (car, all) = try await judge(seed: seed, profile: "plain")
            print("diary \(seed): precision / recall of the car \(car.text), of everybody \(all.text)")
            #expect(car.precision >= 0.95)
            #expect(car.recall >= 0.95)
        }

        @Test(
            "in other diaries and with other weights", .enabled(if: EventServerSuite.isLong),
            arguments: ["plain", "trained-like"], 1...6)
        func others(profile: String, seed: Int) async throws {
            let (car, all) = try await judge(seed: UInt64(seed), profile: profile)
            print("diary \(seed), \(profile): precision / recall: car \(car.text), everybody \(all.text)")
            #expect(car.precision >= 0.5)
        }

        private func judge(seed: UInt64, profile: String) async throws -> (car: Pairs, all: Pairs) {
            let weights = try TestWeights.path(profile).required().string
            let server = try await LiveServer.start(.file(weights))
            let diary = SceneDiary(seed: seed)
            var events: [(subject: String?, id: String)] = []
            for entry in diary.entries {
                events.append((entry.subject, try await post(entry, server.client)))
            }
            _ = try await server.client.idle()
            var entities: [String?] = []
            for event in events {
                let answer = try await server.client.get("/events/\(event.id)")
                entities.append(answer.json["matched_entity"]["id"].text)
            }
            var (car, all) = (Pairs(), Pairs())
            for second in events.indices {
                for first in 0..<second {
                    let isTogether = entities[first] != nil && entities[first] == entities[second]
                    let isSame =
                        events[first].subject != nil && events[first].subject == events[second].subject
                    all.count(isTogether: isTogether, isSame: isSame)
                    let subjects = [events[first].subject, events[second].subject]
                    if subjects.contains(SceneDiary.residentCar) {
                        car.count(isTogether: isTogether, isSame: isSame)
                    }
                }
            }
            try await server.stop()
            return (car, all)
        }

        private func post(_ entry: SceneDiary.Entry, _ client: HTTPClient) async throws -> String {
            let picture = try JPEGEncoder(quality: 90).encode(entry.scene.rendered())
            let body = EventBody(
                camera: entry.cameraID, at: entry.timestamp, objects: [.string(entry.object)]
            ).with(thumbnail: picture)
            let answer = try await client.post("/events", body.json, headers: [("Prefer", "wait=30")])
            try #require(answer.status == 201, "\(answer.text)")
            return try answer.json["id"].text.required()
        }
    }
}
