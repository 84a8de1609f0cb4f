// SPDX-License-Identifier: MIT
import EmbeddingService
import Embeddings
import SystemPackage
import TestSupport

/// A folder with tiny weights in it, and embedders over them.
struct EmbedderFixture {
    let folder: TemporaryDirectory

    init(_ weights: TinyWeights? = TinyWeights()) throws {
        folder = try TemporaryDirectory()
        try weights?.write(to: folder.file("weights.safetensors"))
    }

    var weightsPath: String { folder.file("weights.safetensors").string }

    func embedder(
        threads: Int = 2, batch: Int = 8, queue: Int = 256
    ) -> ImageEmbedder {
        ImageEmbedder(
            weights: weightsPath,
            options: .init(threadCount: threads, batchCapacity: batch, queueCapacity: queue))
    }

    /// An embedder whose worker is kept busy by the picture of `busyWork`, begun already.
    func busyEmbedder(queue: Int = 256) async throws -> (ImageEmbedder, Task<Embedding, any Error>) {
        let embedder = embedder(threads: 1, batch: 1, queue: queue)
        try await embedder.load()
        let work = try Self.busyWork()
        let task = Task { try await embedder.embed(work) }
        // The request waits until the worker takes it.
        while embedder.statistics.batches == 0, embedder.statistics.waiting == 0 { await Task.yield() }
        while embedder.statistics.waiting > 0 { await Task.yield() }
        return (embedder, task)
    }

    /// A picture large enough to take a good part of a second.
    static func busyWork() throws -> [UInt8] { try busyPicture.get() }

    private static let busyPicture = Result { try TestPictures.jpeg(1, width: 2400, height: 1800) }
}
