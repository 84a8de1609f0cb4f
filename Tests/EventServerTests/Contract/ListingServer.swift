// SPDX-License-Identifier: MIT
import Foundation

/// A server with events of which everything is known, for tests that only read.
struct ListingServer: Sendable {
    /// What a listing can be filtered by.
    struct Entry: Sendable {
        let id: String
        let camera: String
        /// Hours since the beginning of 2026-05-01.
        let hour: Int
        let confidence: Int
        let objects: [String]
        let smartType: String?
        let words: [String]
        let state: String

        /// The hour as ISO 8601.
        var time: String { ListingServer.time(hour: hour, minute: 0) }
    }

    let server: LiveServer
    /// In the order of time.
    let entries: [Entry]

    /// A moment in May 2026.
    static func time(hour: Int, minute: Int) -> String {
        String(format: "2026-05-%02d" + "T%02d:%02d:00Z", 1 + hour / 24, hour % 24, minute)
    }

    private static let started = Task { try await start() }

    /// The server, started when first asked for.
    static var shared: ListingServer {
        get async throws { try await started.value }
    }

    private static func start() async throws -> ListingServer {
        let server = try await LiveServer.start()
        var entries: [Entry] = []
        // Three events share each third hour, so that pages end in the middle of a moment.
        for index in 0..<40 {
            let hour = index - index % 3
            let smart = ["person", "vehicle", nil, "ring"][index % 4]
            let words = [
                ["red", "car"], ["blue", "car", "parks"], ["person", "rings"], ["Päckchen", "liegt"],
            ][index % 4]
            let objects = [
                ["vehicle"], ["person", "vehicle"], ["animal"], ["person"], ["unknown", "package"],
            ][index % 5]
            let picture: [UInt8]? =
                index % 6 == 0 ? SamplePictures.jpeg(index) : index % 6 == 1 ? SamplePictures.text : nil
            var body = EventBody(
                camera: ["front", "back", "drive"][index % 3], at: time(hour: hour, minute: 0),
                (words + ["number\(index)"]).joined(separator: " ") + ".", confidence: index * 100 / 39,
                objects: objects.map { .string($0) })
            if let smart { body = body.with("smart_detection_type", .string(smart)) }
            if let picture { body = body.with(thumbnail: picture) }
            entries.append(
                Entry(
                    id: try await server.client.createID(body),
                    camera: ["front", "back", "drive"][index % 3],
                    hour: hour, confidence: index * 100 / 39, objects: objects, smartType: smart,
                    words: words + ["number\(index)"],
                    state: ["ready", "failed"].indices.contains(index % 6)
                        ? ["ready", "failed"][index % 6] : "no_thumbnail"))
        }
        try await server.client.idle()
        return ListingServer(server: server, entries: entries)
    }
}
