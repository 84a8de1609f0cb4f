// SPDX-License-Identifier: MIT
import EmbeddingService
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

    /// An embedder that serves nothing before it is resumed.
    func pausedEmbedder(queue: Int = 256) -> ImageEmbedder {
        ImageEmbedder(
            pausedWith: weightsPath, options: .init(threadCount: 1, batchCapacity: 8, queueCapacity: queue))
    }
}

extension ImageEmbedder {
    /// Returns when `count` requests wait.
    func untilWaiting(_ count: Int) async {
        while statistics.waiting < count { await Task.yield() }
    }
}
