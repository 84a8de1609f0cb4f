// SPDX-License-Identifier: MIT
import Foundation
import TestSupport

/// Posts, batches and deletes from several tasks until the server is gone.
struct MixedLoad: Sendable {
    let client: HTTPClient
    let journal: LoadJournal
    let seed: UInt64

    /// Runs until a task has lost its connection, or until it is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for poster in 0..<4 {
                group.addTask { await post(SeededGenerator(seed: seed &+ UInt64(poster))) }
            }
            group.addTask { await batches(SeededGenerator(seed: seed &+ 10)) }
            group.addTask { await delete(SeededGenerator(seed: seed &+ 11)) }
            // Whoever is first to find nobody there tells the others.
            await group.next()
            group.cancelAll()
        }
    }

    private func post(_ generator: SeededGenerator) async {
        var random = generator
        while !Task.isCancelled {
            let event = LoadEvent(&random)
            await journal.sent(event)
            guard let answer = try? await send(event, &random) else { return }
            await journal.answered(event, answer)
            try? await Task.sleep(for: .milliseconds(Int.random(in: 0...12, using: &random)))
        }
    }

    private func send(_ event: LoadEvent, _ random: inout SeededGenerator) async throws -> HTTPAnswer {
        guard let thumbnail = event.thumbnail, Bool.random(using: &random) else {
            return try await client.post("/events", event.body.json)
        }
        let form = try MultipartBody(event: event.bodyWithoutThumbnail.json, thumbnail: thumbnail)
        return try await client.send("POST", "/api/v1/events", headers: [form.header], body: form.bytes)
    }

    private func batches(_ generator: SeededGenerator) async {
        var random = generator
        while !Task.isCancelled {
            let body: JSON = [
                "limit": .integer(Int.random(in: 1...100, using: &random)),
                "retry_failed": .bool(Int.random(in: 0..<10, using: &random) == 0),
            ]
            guard let answer = try? await client.post("/context/embeddings/batch", body) else { return }
            if answer.status != 200 { await journal.complain("batch: \(answer.status) \(answer.text)") }
            try? await Task.sleep(for: .milliseconds(Int.random(in: 0...40, using: &random)))
        }
    }

    private func delete(_ generator: SeededGenerator) async {
        var random = generator
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(Int.random(in: 1...25, using: &random)))
            guard let id = await journal.pickForDeletion(&random) else { continue }
            guard let answer = try? await client.delete("/events/\(id)") else { return }
            if answer.status == 204 {
                await journal.deleted(id)
            } else {
                await journal.complain("DELETE \(id): \(answer.status) \(answer.text)")
            }
        }
    }
}
