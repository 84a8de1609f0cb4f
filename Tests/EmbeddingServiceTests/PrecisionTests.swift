// SPDX-License-Identifier: MIT
import EmbeddingService
import Embeddings
import Imaging
import SampleScenes
import SystemPackage
import Tensors
import TestSupport
import Testing

@Suite("Precisions of the embedder")
struct PrecisionTests {
    @Test("Embeddings in 8 bits have a model version of their own, before and after loading")
    func versions() async throws {
        let fixture = try EmbedderFixture()
        let picture = try TestPictures.jpeg(0)
        var found: [Precision: Embedding] = [:]
        for precision in Precision.allCases {
            var options = ImageEmbedder.Options(threadCount: 2)
            options.precision = precision
            let embedder = ImageEmbedder(weights: fixture.weightsPath, options: options)
            let before = embedder.modelVersion
            let embedding = try await embedder.embed(picture)
            #expect(embedding.modelVersion == before && embedder.modelVersion == before)
            #expect(embedding.modelVersion.name.hasSuffix("+int8") == (precision == .int8))
            #expect(embedder.arithmetic?.hasPrefix(precision.rawValue) == true && embedder.notices.isEmpty)
            found[precision] = embedding
        }
        let (single, eight) = (try #require(found[.fp32]), try #require(found[.int8]))
        #expect(single.cosineSimilarity(to: eight) == nil, "different spaces are never compared")
        #expect(try #require(found[.bf16]).cosineSimilarity(to: single) ?? 0 > 0.999)
    }

    @Test("A request that contradicts itself is an error with a next step, not another precision")
    func contradiction() async throws {
        var options = ImageEmbedder.Options(threadCount: 1)
        options.precision = .int8
        options.backend = .cblas
        let fixture = try EmbedderFixture()
        let embedder = ImageEmbedder(weights: fixture.weightsPath, options: options)
        let error = await #expect(throws: EmbeddingError.self) { try await embedder.load() }
        #expect(
            error?.code == "unsupported_arithmetic" && error?.description.contains("--backend auto") == true)
    }

    @Test(
        "The ten nearest of 500 pictures are the same in 8 bits, at least 95 % of them",
        .enabled(if: TestWeights.folder != nil, "tools/test makes the weights and names their folder"),
        .enabled(if: TestSwitches.long, "takes a minute or two; tools/test --long runs it"),
        arguments: ["plain", "trained-like"])
    func neighboursOverlap(set: String) async throws {
        // 17 scenes, each with 30 other noises and shifts: many near neighbours, which is what a fixed camera sees.
        let scenes = (1...30).flatMap { SceneCatalogue.scenes(seed: $0) }.prefix(500)
        let pictures = try scenes.map {
            try JPEGEncoder(quality: 88).encode($0.rendered(width: 320, height: 180))
        }
        #expect(pictures.count == 500)
        let path = try #require(TestWeights.path(set)).string
        let single = try await embeddings(pictures, path, .fp32)
        let eight = try await embeddings(pictures, path, .int8)
        var shared = 0
        for index in pictures.indices {
            shared += nearest(to: index, single).intersection(nearest(to: index, eight)).count
        }
        let overlap = Double(shared) / Double(10 * pictures.count)
        print("\(set): the ten nearest of \(pictures.count) overlap by \(overlap)")
        #expect(overlap >= 0.95)
    }

    private func embeddings(_ pictures: [[UInt8]], _ weights: String, _ precision: Precision) async throws
        -> [Embedding]
    {
        var options = ImageEmbedder.Options(threadCount: 2, queueCapacity: 500)
        options.precision = precision
        let embedder = ImageEmbedder(weights: weights, options: options)
        return try await embedder.embed(batch: pictures).map { try $0.get().normalized }
    }

    private func nearest(to index: Int, _ embeddings: [Embedding]) -> Set<Int> {
        let others = embeddings.indices.filter { $0 != index }.map { other in
            (other, embeddings[index].cosineSimilarity(to: embeddings[other]) ?? -1)
        }
        return Set(others.sorted { $0.1 > $1.1 }.prefix(10).map(\.0))
    }
}
