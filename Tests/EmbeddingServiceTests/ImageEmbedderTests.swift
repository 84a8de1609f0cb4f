// SPDX-License-Identifier: MIT
import EmbeddingService
import Embeddings
import Imaging
import SystemPackage
import TestSupport
import Testing

@Suite("Image embedder")
struct ImageEmbedderTests {
    @Test("gives fifty tasks at once the numbers it gives one by one")
    func manyTasks() async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.embedder()
        let pictures = try (0..<50).map { try TestPictures.jpeg($0) }
        var expected: [Embedding] = []
        for picture in pictures { expected.append(try await embedder.embed(picture)) }

        let found = try await withThrowingTaskGroup(of: (Int, Embedding).self) { group in
            for (index, picture) in pictures.enumerated() {
                group.addTask { (index, try await embedder.embed(picture)) }
            }
            return try await group.reduce(into: [Int: Embedding]()) { $0[$1.0] = $1.1 }
        }
        for (index, embedding) in expected.enumerated() {
            // The batch an image falls into may change the order of summation, hence its last bits.
            let deviation = Deviation(found[index]?.values ?? [], from: embedding.values)
            #expect(deviation.relativeToNorm < 1e-5, "picture \(index): \(deviation)")
        }
        #expect(
            Set(expected.map(\.values)).count == 50, "pictures that all look the same would prove nothing")
        #expect(embedder.statistics.embedded == 100)
    }

    @Test("keeps the order of a batch and fails a broken picture alone", arguments: [1, 3, 8])
    func batchOrder(batch: Int) async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.embedder(batch: batch)
        var pictures = try (0..<11).map { try TestPictures.jpeg($0) }
        pictures[4] = try TestPictures.truncatedJPEG()
        pictures[7] = []
        let outcomes = await embedder.embed(batch: pictures)
        #expect(outcomes.count == 11)
        for (index, outcome) in outcomes.enumerated() where index != 4 && index != 7 {
            let alone = try await embedder.embed(pictures[index])
            let deviation = Deviation(try outcome.get().values, from: alone.values)
            #expect(deviation.relativeToNorm < 1e-5, "picture \(index): \(deviation)")
        }
        #expect(throws: EmbeddingError.image(.truncated(format: "JPEG"))) { try outcomes[4].get() }
        #expect(throws: EmbeddingError.image(.empty)) { try outcomes[7].get() }
        #expect(embedder.statistics.failed == 2)
    }

    @Test("computes a batch handed over at once as one batch")
    func oneBatch() async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.embedder(batch: 8)
        try await embedder.load()
        _ = await embedder.embed(batch: try (0..<8).map { try TestPictures.jpeg($0) })
        #expect(embedder.statistics.batches == 1)
    }

    @Test("hands a batch over in parts that its own queue can take")
    func batchBeyondQueue() async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.embedder(batch: 8, queue: 2)
        let outcomes = await embedder.embed(batch: try (0..<9).map { try TestPictures.jpeg($0) })
        for outcome in outcomes { #expect(throws: Never.self) { try outcome.get() } }
    }

    @Test("answers an empty batch with nothing")
    func emptyBatch() async throws {
        let fixture = try EmbedderFixture(nil)
        #expect(await fixture.embedder().embed(batch: []).isEmpty)
    }

    @Test("finds weights that arrive after a first failure")
    func lazyLoading() async throws {
        let fixture = try EmbedderFixture(nil)
        let embedder = fixture.embedder()
        let picture = try TestPictures.jpeg(1)
        await #expect(throws: EmbeddingError.weightsMissing(path: fixture.weightsPath)) {
            try await embedder.embed(picture)
        }
        try TinyWeights().write(to: fixture.folder.file("weights.safetensors"))
        let embedding = try await embedder.embed(picture)
        #expect(embedding.dimension == 16)
        #expect(embedding.modelVersion == ModelVersion("tiny-v1"))
    }

    @Test("says at once that preloaded weights are missing")
    func preloaded() async throws {
        let fixture = try EmbedderFixture(nil)
        let path = fixture.weightsPath
        await #expect(throws: EmbeddingError.weightsMissing(path: path)) {
            try await ImageEmbedder.preloaded(weights: path)
        }
    }

    @Test(
        "refuses a file that is no weights file",
        arguments: ["", "text, not weights", "\u{8}\0\0\0\0\0\0\0{}"])
    func notWeights(contents: String) async throws {
        let fixture = try EmbedderFixture(nil)
        try fixture.folder.write(Array(contents.utf8), to: "weights.safetensors")
        let error = await #expect(throws: EmbeddingError.self) {
            try await ImageEmbedder.preloaded(weights: fixture.weightsPath)
        }
        #expect(error?.code == "invalid_weights", "\(String(describing: error))")
    }

    @Test("reports weights that give no finite numbers")
    func notFinite() async throws {
        let fixture = try EmbedderFixture(TinyWeights(damage: .notANumberInTheProjection))
        let picture = try TestPictures.jpeg(1)
        await #expect(throws: EmbeddingError.notFinite) { try await fixture.embedder().embed(picture) }
    }
}
